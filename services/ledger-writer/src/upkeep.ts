import type { EventStore } from '@counterfoil/event-store';
import type { Ledger } from '@counterfoil/ledger';
import { type Clock, type Database, type Logger, whileLeading } from '@counterfoil/runtime';
import { postgresCheckpoints } from './checkpoints.ts';
import { type DueHolds, expireHolds } from './expire-holds.ts';
import { watchMoves } from './watch-moves.ts';

/**
 * What one ledger-writer of several does beside recording: finishes moves that a dead process left
 * half done, and releases holds whose time is over. Both may be done twice without harm. Resolves
 * when the signal aborts.
 */
export function upkeep(
  options: Readonly<{
    ledger: Ledger;
    store: EventStore;
    database: Database;
    dueHolds: DueHolds;
    clock: Clock;
    logger: Logger;
    signal: AbortSignal;
  }>,
): Promise<void> {
  const { store, database, clock, logger, signal } = options;
  const checkpoints = postgresCheckpoints({ database, reader: 'moves', store, logger });
  return whileLeading({
    database,
    work: 'moves and expiry',
    clock,
    logger,
    signal,
    lead: async (leading) => {
      const led = { ...options, signal: leading };
      await Promise.all([expireHolds(led), watchMoves({ ...led, checkpoints })]);
    },
  });
}
