import { inMemorySnapshotStore } from './in-memory-snapshot-store.ts';
import { snapshotStoreContract } from './testing/snapshot-store-contract.ts';

snapshotStoreContract('The in-memory snapshot store', async () => ({
  snapshots: inMemorySnapshotStore(),
  stop: async () => {},
}));
