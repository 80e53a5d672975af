import { describe } from 'vitest';
import { commandHandlerContract } from '../testing/command-handler-contract.ts';
import {
  onRealServer,
  onServerOfTests,
  realServerSkipped,
} from '../testing/eventstoredb-under-test.ts';

commandHandlerContract('EventStoreDB, on the server of the tests', onServerOfTests);

if (onRealServer !== null) commandHandlerContract('EventStoreDB, on a real server', onRealServer);
else describe.todo(`The command handler over EventStoreDB ${realServerSkipped}`);
