import type { Snapshot, SnapshotStore } from './snapshot-store.ts';

export function inMemorySnapshotStore(): SnapshotStore {
  const snapshots = new Map<string, Snapshot>();
  return {
    load: async (stream, schemaVersion) => {
      const snapshot = snapshots.get(stream);
      return snapshot?.schemaVersion === schemaVersion ? snapshot : null;
    },
    save: async (snapshot) => {
      const kept = snapshots.get(snapshot.stream);
      const isOlder =
        kept?.schemaVersion === snapshot.schemaVersion && kept.version > snapshot.version;
      if (!isOlder) snapshots.set(snapshot.stream, structuredClone(snapshot));
    },
  };
}
