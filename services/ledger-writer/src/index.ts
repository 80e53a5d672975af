export { type DueHold, type DueHolds, expireHolds, expireRound } from './expire-holds.ts';
export { finishMoves } from './finish-moves.ts';
export { type Checkpoints, ledgerWriterMigrations, postgresCheckpoints } from './checkpoints.ts';
export { watchMoves } from './watch-moves.ts';
export { ledgerWriter } from './ledger-writer.ts';
export { recordCanonicalEvent } from './record-canonical-event.ts';
