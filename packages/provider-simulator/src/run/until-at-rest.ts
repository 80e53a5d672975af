import type { ApiClient } from './api-client.ts';
import type { SimulationOptions } from './simulation-options.ts';

/** Nothing waits and nothing was recorded for so long: longer than an authorization is held back. */
const shortRestMs = 2_500;
/** A message that failed is tried again within it. */
export const longRestMs = 20_000;
const pollMs = 250;
/** Without any progress for so long, something has stopped. */
const stalledMs = 60_000;

/**
 * Waits until every delivery is translated and nothing was recorded for `restMs`. The API does not
 * say what is on its way between the two, so a caller that misses something waits longer.
 */
export async function untilAtRest(
  { clock, signal, onProgress }: SimulationOptions,
  api: ApiClient,
  restMs = shortRestMs,
): Promise<void> {
  let seen = '';
  let since = clock.monotonic();
  for (;;) {
    signal.throwIfAborted();
    const waiting = (
      (await api.accepted('GET', '/v1/inbound-webhooks?status=received&limit=500')) as Readonly<{
        data: readonly Readonly<{ id: string }>[];
      }>
    ).data;
    const { position } = await api.request('GET', '/v1/accounts?limit=1');
    const now = `${position} ${waiting[0]?.id ?? ''} ${waiting.length}`;
    if (now !== seen) since = clock.monotonic();
    seen = now;
    const restedMs = clock.monotonic() - since;
    if (waiting.length === 0 && restedMs >= restMs) return;
    if (restedMs >= stalledMs)
      throw new Error(`${waiting.length} deliveries wait, and nothing has happened for a minute.`);
    onProgress(`the books follow: ${waiting.length} deliveries wait, position ${position}`);
    await clock.sleep(pollMs, signal);
  }
}
