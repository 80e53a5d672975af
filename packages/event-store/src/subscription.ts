import type { Checkpoint, Recorded } from '@counterfoil/domain';
import type { Clock } from '@counterfoil/runtime';
import type { EventStore } from './event-store.ts';

export type SubscriptionBatch = Readonly<{
  /** In log order, at least one. */
  events: readonly Recorded[];
  /** To be stored with what the batch leads to, in the same database transaction. */
  next: Checkpoint;
}>;

export type SubscriptionOptions = Readonly<{
  store: Pick<EventStore, 'readAll' | 'waitForAppend'>;
  clock: Clock;
  from: Checkpoint | 'start';
  /** One batch at a time. A throw is a fault: the batch is read and given again, for ever. */
  handle: (batch: SubscriptionBatch) => Promise<void>;
  signal: AbortSignal;
  batchSizeMax?: number;
  /** Each fault of reading or handling, before the pause that follows it. */
  onFault?: (error: unknown, attempt: number) => void;
}>;

const batchSizeMaxDefault = 1_000;
// The store wakes us; this is only how long a lost wake-up can hold up the log.
const waitMsMax = 1_000;
const retryDelayMsMin = 50;
const retryDelayMsMax = 5_000;

/**
 * Gives every event of the log after `from` to `handle`, in order, skipping none, and goes on as the
 * log grows. At least once: the batch under way at a crash comes again. Resolves when `signal`
 * aborts, after the batch in hand; never rejects.
 */
export async function subscribeToAll(options: SubscriptionOptions): Promise<void> {
  const { store, clock, signal } = options;
  const limit = options.batchSizeMax ?? batchSizeMaxDefault;
  // A signal of its own is how the store tells this reader from others.
  const own = new AbortController();
  const stop = () => own.abort();
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  let position = options.from;
  let attempt = 0;
  while (!own.signal.aborted) {
    try {
      const { events, next } = await store.readAll({ after: position, limit });
      if (own.signal.aborted) break;
      if (events.length > 0 && next !== 'start') {
        await options.handle({ events, next });
        position = next;
      } else {
        await store.waitForAppend(waitMsMax, own.signal);
      }
      attempt = 0;
    } catch (error) {
      attempt += 1;
      options.onFault?.(error, attempt);
      const delayMs = Math.min(retryDelayMsMin * 2 ** Math.min(attempt - 1, 10), retryDelayMsMax);
      await clock.sleep(delayMs, own.signal);
    }
  }
  signal.removeEventListener('abort', stop);
}
