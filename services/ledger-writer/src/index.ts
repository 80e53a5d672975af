export { forgetCheckpoints, ledgerWriterMigrations } from './checkpoints.ts';
export { ledgerWriterConfig } from './config.ts';
export { type DueHold, type DueHolds, expireRound } from './expire-holds.ts';
export { ledgerWriter } from './ledger-writer.ts';
export { gaugeOverdue } from './overdue-gauges.ts';
export { publishing } from './publishing.ts';
export { recordCanonicalEvent } from './record-canonical-event.ts';
export { upkeep } from './upkeep.ts';
