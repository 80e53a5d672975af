import { test, vi } from 'vitest';
import { commandHandlerContract } from '../testing/command-handler-contract.ts';
import {
  onRealServer,
  onServerOfTests,
  realServerSkipped,
} from '../testing/eventstoredb-under-test.ts';

// Client and server share this process's core.
vi.setConfig({ testTimeout: 30_000 });

commandHandlerContract('EventStoreDB, on the server of the tests', onServerOfTests);

if (onRealServer !== null) commandHandlerContract('EventStoreDB, on a real server', onRealServer);
else test.skip(`The command handler over EventStoreDB ${realServerSkipped}`, () => {});
