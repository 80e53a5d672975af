import { handDown } from '../environment.ts';
import { testServer, testServerVariable } from './test-server.ts';

/** vitest's global set-up: one PostgreSQL for the whole run, whose workers inherit its address. */
export async function setup(): Promise<() => Promise<void>> {
  const server = await testServer();
  handDown(testServerVariable, server.url);
  return server.stop;
}
