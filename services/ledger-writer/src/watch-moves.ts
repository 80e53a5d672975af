import type { Checkpoint, Recorded } from '@counterfoil/domain';
import { type EventStore, subscribeToAll } from '@counterfoil/event-store';
import type { Ledger } from '@counterfoil/ledger';
import { type Clock, type Logger, retry } from '@counterfoil/runtime';
import type { Checkpoints } from './checkpoints.ts';
import { finishMoves, isLinking } from './finish-moves.ts';

// Long enough that a move that always fails costs nothing, short enough that a fault soon passes.
const comeBackMs = 5_000;
// With more than this it is no single move that fails: the log waits, as it does for any fault.
const asideMax = 1_000;

/**
 * Follows the log from where it was left, so that a move that a dead process left half done is
 * finished after a restart. Steps that were done change nothing. A move that fails is set aside and
 * tried again and again, while the others go on; until it succeeds a restart begins before it. Ends
 * when the signal aborts.
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
  const aside = new Map<string, Recorded>();
  let reached: Checkpoint | null = null;

  const finish = async (recorded: Recorded) => {
    try {
      await finishMoves(ledger, clock, [recorded]);
      aside.delete(recorded.stream);
    } catch (error) {
      if (aside.size >= asideMax) throw error;
      aside.set(recorded.stream, recorded);
      logger.warn('a move failed and was set aside', { stream: recorded.stream, error });
    }
  };
  const saveReached = async () => {
    if (reached !== null && aside.size === 0) await checkpoints.save(reached);
  };
  const comeBack = async () => {
    while (!signal.aborted) {
      await clock.sleep(comeBackMs, signal);
      if (aside.size === 0 || signal.aborted) continue;
      try {
        for (const recorded of aside.values()) await finish(recorded);
        await saveReached();
      } catch (error) {
        onFault(error);
      }
    }
  };

  const from = await retry(checkpoints.load, {
    clock,
    signal,
    attemptsMax: Number.POSITIVE_INFINITY,
    delayMsFirst: 100,
    delayMsMax: 5_000,
    onRetry: ({ error }) => onFault(error),
  });
  const follow = subscribeToAll({
    store,
    clock,
    from,
    signal,
    onFault,
    handle: async ({ events, next }) => {
      for (const recorded of events.filter(isLinking)) await finish(recorded);
      reached = next;
      await saveReached();
    },
  });
  await Promise.all([follow, comeBack()]);
}
