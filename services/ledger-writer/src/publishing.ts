import { type EventBus, publishLedgerEvents } from '@counterfoil/event-bus';
import type { EventStore } from '@counterfoil/event-store';
import { type Clock, type Database, type Logger, whileLeading } from '@counterfoil/runtime';
import { postgresCheckpoints } from './checkpoints.ts';

/**
 * Publishes every recorded event to `counterfoil.ledger.v1`, by one ledger-writer of several: in
 * order per stream, none skipped, some again after a crash or a change of the lead. Resolves when
 * the signal aborts.
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
  const position = postgresCheckpoints(database, 'published ledger events');
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
