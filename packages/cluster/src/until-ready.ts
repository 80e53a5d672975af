import type { Clock } from '@counterfoil/runtime';

const pollMs = 150;
const answerTimeoutMs = 2_000;

/** Resolves to true when every URL is ready, to false when the signal aborts or time is over. */
export async function untilReady(
  urls: readonly string[],
  options: Readonly<{ clock: Clock; signal: AbortSignal; timeoutMs: number }>,
): Promise<boolean> {
  const { clock, signal } = options;
  const giveUpAt = clock.monotonic() + options.timeoutMs;
  const missing = new Set(urls);
  while (missing.size > 0) {
    if (signal.aborted || clock.monotonic() > giveUpAt) return false;
    for (const url of missing) if (await isReady(url)) missing.delete(url);
    if (missing.size > 0) await clock.sleep(pollMs, signal);
  }
  return true;
}

async function isReady(url: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(answerTimeoutMs);
    const answer = await fetch(`${url}/health/ready`, { signal });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
