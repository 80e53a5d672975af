import type { Clock } from '@counterfoil/runtime';

export type Timed<Value> = Readonly<{ inTime: true; value: Value }> | Readonly<{ inTime: false }>;

/** Waits for `work` until `deadlineAt` of the monotonic clock; rejects as `work` does before it. */
export async function untilDeadline<Value>(
  clock: Clock,
  deadlineAt: number,
  work: Promise<Value>,
): Promise<Timed<Value>> {
  const settled = new AbortController();
  const late = clock
    .sleep(Math.max(0, deadlineAt - clock.monotonic()), settled.signal)
    .then((): Timed<Value> => ({ inTime: false }));
  try {
    const first = await Promise.race([
      work.then((value): Timed<Value> => ({ inTime: true, value })),
      late,
    ]);
    // A busy process can run both callbacks after the deadline; the clock has the last word.
    return clock.monotonic() > deadlineAt ? { inTime: false } : first;
  } finally {
    settled.abort();
    // A late rejection has no one to hear it: it was answered without.
    work.catch(() => undefined);
  }
}
