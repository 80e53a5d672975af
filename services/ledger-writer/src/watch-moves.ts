import { type EventStore, subscribeToAll } from '@counterfoil/event-store';
import type { Ledger } from '@counterfoil/ledger';
import { type Clock, type Logger, retry } from '@counterfoil/runtime';
import type { Checkpoints } from './checkpoints.ts';
import { finishMoves } from './finish-moves.ts';

/**
 * Follows the log from where it was left, so that a move that a dead process left half done is
 * finished after a restart. Steps that were done change nothing. Ends when the signal aborts.
 */
export async function watchMoves(
  options: Readonly<{
    ledger: Ledger;
    store: EventStore;
    checkpoints: Checkpoints;
    clock: Clock;
    logger: Logger;
    signal: AbortSignal;
  }>,
): Promise<void> {
  const { ledger, store, checkpoints, clock, logger, signal } = options;
  const onFault = (error: unknown) =>
    logger.warn('following the log failed and will be tried again', { error });
  const from = await retry(checkpoints.load, {
    clock,
    signal,
    attemptsMax: Number.POSITIVE_INFINITY,
    delayMsFirst: 100,
    delayMsMax: 5_000,
    onRetry: ({ error }) => onFault(error),
  });
  await subscribeToAll({
    store,
    clock,
    from,
    signal,
    onFault,
    handle: async ({ events, next }) => {
      await finishMoves(ledger, clock, events);
      await checkpoints.save(next);
    },
  });
}
