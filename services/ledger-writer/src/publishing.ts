import { type EventBus, publishLedgerEvents } from '@counterfoil/event-bus';
import type { EventStore } from '@counterfoil/event-store';
import { type Clock, type Database, type Logger, whileLeading } from '@counterfoil/runtime';
import { postgresCheckpoints } from './checkpoints.ts';

/**
 * Publishes every recorded event to `counterfoil.ledger.v1`, by one ledger-writer of several: in
 * order per stream, none skipped, some again after a crash or a change of the lead, and all of a
 * log that was restored to an earlier point. Resolves when the signal aborts.
 */
export function publishing(
  options: Readonly<{
    store: EventStore;
    bus: EventBus;
    database: Database;
    clock: Clock;
    logger: Logger;
    signal: AbortSignal;
  }>,
): Promise<void> {
  const { store: source, bus, database, clock, logger, signal } = options;
  const reader = 'published ledger events';
  const position = postgresCheckpoints({ database, reader, store: source, logger });
  return whileLeading({
    database,
    work: 'publishing ledger events',
    clock,
    logger,
    signal,
    lead: (leading) =>
      publishLedgerEvents({ source, position, bus, clock, logger, signal: leading }),
  });
}
