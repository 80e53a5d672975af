import { migrate, systemClock } from '@counterfoil/runtime';
import { testDatabase } from '@counterfoil/runtime/testing';
import { commandHandlerContract } from '../testing/command-handler-contract.ts';
import { eventLogMigrations } from './migrations.ts';
import { postgresEventStore } from './postgres-event-store.ts';

commandHandlerContract('PostgreSQL', async () => {
  const { database, drop } = await testDatabase();
  await migrate(database, eventLogMigrations());
  const options = { database, clock: systemClock() };
  return { store: postgresEventStore(options), second: postgresEventStore(options), stop: drop };
});
