import type { Clock } from './clock.ts';

/** Delays double from the first to the largest. */
export type Backoff = Readonly<{ delayMsFirst: number; delayMsMax: number }>;

/** Doubling soon leaves any useful range, and 2 ** 1100 is not a number any more. */
const doublingsMax = 30;

/**
 * Before try `attempt + 1`, when try `attempt` (1 first) has failed: between half of the doubled
 * delay and all of it, so that many who fail together do not come back together. Pure: `chance` is
 * in [0, 1).
 */
export function backoffMs(backoff: Backoff, attempt: number, chance: number): number {
  const doublings = Math.min(Math.max(attempt - 1, 0), doublingsMax);
  const delayMs = Math.min(backoff.delayMsMax, backoff.delayMsFirst * 2 ** doublings);
  return Math.round(delayMs * (0.5 + chance / 2));
}

const wordRange = 2 ** 32;

/** A number in [0, 1) from the clock's randomness, so that a simulation draws the same again. */
export const chanceOf = (clock: Pick<Clock, 'randomId'>): number =>
  Number.parseInt(clock.randomId().slice(0, 8), 16) / wordRange;

export type RetryOptions = Backoff &
  Readonly<{
    clock: Clock;
    attemptsMax: number;
    /** False gives up at once; by default everything is worth another try. */
    isRetriable?: (error: unknown) => boolean;
    onRetry?: (failure: Readonly<{ error: unknown; attempt: number; delayMs: number }>) => void;
    /** Aborted: no further try, the last error is thrown. */
    signal?: AbortSignal;
  }>;

/** Tries `work` until it resolves, `attemptsMax` times at most; then throws its last error. */
export async function retry<Value>(
  work: (attempt: number) => Promise<Value>,
  options: RetryOptions,
): Promise<Value> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      const isLast = attempt >= options.attemptsMax || options.signal?.aborted === true;
      if (isLast || options.isRetriable?.(error) === false) throw error;
      const delayMs = backoffMs(options, attempt, chanceOf(options.clock));
      options.onRetry?.({ error, attempt, delayMs });
      await options.clock.sleep(delayMs, options.signal);
      if (options.signal?.aborted) throw error;
    }
  }
}
