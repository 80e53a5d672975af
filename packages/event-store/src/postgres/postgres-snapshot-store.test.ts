import { migrate } from '@counterfoil/runtime';
import { testDatabase } from '@counterfoil/runtime/testing';
import { snapshotStoreContract } from '../testing/snapshot-store-contract.ts';
import { eventLogMigrations } from './migrations.ts';
import { postgresSnapshotStore } from './postgres-snapshot-store.ts';

snapshotStoreContract('The PostgreSQL snapshot store', async () => {
  const { database, drop } = await testDatabase();
  await migrate(database, eventLogMigrations());
  return { snapshots: postgresSnapshotStore({ database }), stop: drop };
});
