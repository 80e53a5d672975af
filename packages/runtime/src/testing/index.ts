export { manualClock } from './manual-clock.ts';
export type { ManualClock } from './manual-clock.ts';
export { testDatabase } from './test-database.ts';
export type { TestDatabase } from './test-database.ts';
