import type { Clock } from '@counterfoil/runtime';

/** A fault: no answer came in time. What was asked for may have happened all the same. */
export class DeadlineMissed extends Error {
  constructor(what: string, deadlineMs: number) {
    super(`${what} had no answer within ${deadlineMs} ms`);
    this.name = 'DeadlineMissed';
  }
}

// An abort without a reason makes an exception with a stack, for every call.
const done = 'the call is done';

/**
 * The client library has no time limit on reads, and none while it looks for a server. `abandon` is
 * called when the time is up; what `work` comes to after that is nobody's concern.
 */
export function withinDeadline<Value>(
  options: Readonly<{ clock: Clock; deadlineMs: number; what: string; abandon?: () => void }>,
  work: Promise<Value>,
): Promise<Value> {
  const { clock, deadlineMs, what, abandon } = options;
  return new Promise((resolve, reject) => {
    const settled = new AbortController();
    void clock.sleep(deadlineMs, settled.signal).then(() => {
      if (settled.signal.aborted) return;
      abandon?.();
      reject(new DeadlineMissed(what, deadlineMs));
    });
    work.then(
      (value) => {
        settled.abort(done);
        resolve(value);
      },
      (error: unknown) => {
        settled.abort(done);
        reject(error);
      },
    );
  });
}
