import type { Clock } from '@counterfoil/runtime';

/** Resolves with the work, or after `timeoutMs` without it; rejects as the work does. */
export async function within(
  timeoutMs: number,
  work: Promise<unknown> | null,
  clock: Clock,
): Promise<void> {
  const done = new AbortController();
  try {
    await Promise.race([work, clock.sleep(timeoutMs, done.signal)]);
  } finally {
    done.abort();
  }
}
