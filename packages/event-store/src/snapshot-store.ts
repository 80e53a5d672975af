import type { JsonObject, StreamVersion } from '@counterfoil/domain';

/** A folded state after the event of that version. `schemaVersion` is that of the state's shape. */
export type Snapshot = Readonly<{
  stream: string;
  version: StreamVersion;
  schemaVersion: number;
  state: JsonObject;
}>;

/**
 * The latest snapshot of each stream. Only ever a shortcut: every snapshot can be lost, and then
 * the stream is folded from its start.
 */
export interface SnapshotStore {
  /** Null when there is none of that schema version. Throws on a fault. */
  readonly load: (stream: string, schemaVersion: number) => Promise<Snapshot | null>;
  /**
   * Replaces an earlier snapshot and one of another schema version; an older one than is kept
   * changes nothing. Throws on a fault.
   */
  readonly save: (snapshot: Snapshot) => Promise<void>;
}
