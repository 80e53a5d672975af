import type { Clock } from '@counterfoil/runtime';

// Appends of other processes are found by asking. Just after an append another is likely, and a
// reader should not add to its latency; an idle log costs four cheap questions a second.
const pollDelayMsMin = 5;
const pollDelayMsMax = 250;

/** Wakes readers of a log. Appends of this process call `raise`; those of others are polled for. */
export interface AppendSignal {
  readonly raise: () => void;
  readonly wait: (timeoutMs: number, signal: AbortSignal) => Promise<void>;
}

/**
 * `hasAdvanced` asks whether the log is longer than at the last question; all waiting readers share
 * one question. Without it only `raise` and the timeout wake.
 */
export function appendSignal(
  options: Readonly<{ clock: Clock; hasAdvanced?: () => Promise<boolean> }>,
): AppendSignal {
  const { clock, hasAdvanced } = options;
  const waiting = new Set<AbortController>();
  // How many raises a reader, known by its signal, has been told of: closes the gap between its
  // last reading and its waiting.
  const told = new WeakMap<AbortSignal, number>();
  let raised = 0;
  let pollDelayMs = pollDelayMsMin;
  let isPolling = false;

  const raise = () => {
    raised += 1;
    pollDelayMs = pollDelayMsMin;
    for (const sleeper of waiting) sleeper.abort();
  };

  const poll = async (question: () => Promise<boolean>) => {
    isPolling = true;
    while (waiting.size > 0) {
      await clock.sleep(pollDelayMs);
      // A fault only delays the hint: the reader meets it in its own reading.
      if (waiting.size > 0 && (await question().catch(() => false))) raise();
      else pollDelayMs = Math.min(pollDelayMs * 2, pollDelayMsMax);
    }
    isPolling = false;
  };

  const wait = async (timeoutMs: number, signal: AbortSignal) => {
    if (!signal.aborted && told.get(signal) === raised) {
      const sleeper = new AbortController();
      const stop = () => sleeper.abort();
      signal.addEventListener('abort', stop, { once: true });
      waiting.add(sleeper);
      if (hasAdvanced !== undefined && !isPolling) void poll(hasAdvanced);
      await clock.sleep(timeoutMs, sleeper.signal);
      waiting.delete(sleeper);
      signal.removeEventListener('abort', stop);
    }
    told.set(signal, raised);
  };
  return { raise, wait };
}
