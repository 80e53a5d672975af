import type { Clock } from '@counterfoil/runtime';

/**
 * Resolves with what is waited for, and sends heartbeats meanwhile: a wait may be longer than a
 * session. Rejects when a heartbeat does, since its answer may say that the group forms anew.
 */
export async function whileBeating<Value>(
  waited: Promise<Value>,
  options: Readonly<{ clock: Clock; everyMs: number; beat: () => Promise<void> }>,
): Promise<Value> {
  const done = new AbortController();
  const beats = async (): Promise<never> => {
    for (;;) {
      await options.clock.sleep(options.everyMs, done.signal);
      if (done.signal.aborted) throw new Error('Nobody waits for this any more');
      await options.beat();
    }
  };
  try {
    return await Promise.race([waited, beats()]);
  } finally {
    done.abort();
  }
}
