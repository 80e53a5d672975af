export { manualClock } from './manual-clock.ts';
export type { ManualClock } from './manual-clock.ts';
export { testDatabase } from './test-database.ts';
export type { TestDatabase } from './test-database.ts';
export { testServer } from './test-server.ts';
export type { TestServer } from './test-server.ts';
export { cuttableProxy } from './cuttable-proxy.ts';
export type { CuttableProxy } from './cuttable-proxy.ts';
