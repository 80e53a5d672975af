import { describe } from 'vitest';
import { eventStoreContract } from '../testing/event-store-contract.ts';
import {
  onRealServer,
  onServerOfTests,
  realServerSkipped,
} from '../testing/eventstoredb-under-test.ts';

eventStoreContract('The EventStoreDB event store, on the server of the tests,', onServerOfTests);

if (onRealServer !== null)
  eventStoreContract('The EventStoreDB event store, on a real server,', onRealServer);
else describe.todo(`The EventStoreDB event store ${realServerSkipped}`);
