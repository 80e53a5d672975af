import { test, vi } from 'vitest';
import { eventStoreContract } from '../testing/event-store-contract.ts';
import {
  onRealServer,
  onServerOfTests,
  realServerSkipped,
} from '../testing/eventstoredb-under-test.ts';

// Client and server share this process's core.
vi.setConfig({ testTimeout: 30_000 });

eventStoreContract('The EventStoreDB event store, on the server of the tests,', onServerOfTests);

if (onRealServer !== null)
  eventStoreContract('The EventStoreDB event store, on a real server,', onRealServer);
else test.skip(`The EventStoreDB event store ${realServerSkipped}`, () => {});
