import type { CommandEnvironment } from '../command-environment.ts';
import type { ApiClient } from './api-client.ts';

/** An authorization request is published after two deadlines, a second and a half; then the books follow. */
const giveUpAfterMs = 60_000;
const pollMs = 200;
/** The books are at rest when nothing was recorded for so long while nothing waits. */
const restMs = 1_200;

type EventPage = Readonly<{
  data: readonly Readonly<{ position: string }>[];
  nextCursor: string | null;
}>;

/**
 * Waits until every delivery is translated and the log has come to rest; resolves to the position
 * of its last event, for reading with `minPosition`.
 */
export async function untilCaughtUp(
  { clock, signal, output }: CommandEnvironment,
  api: ApiClient,
): Promise<string> {
  const giveUpAt = clock.monotonic() + giveUpAfterMs;
  let head = 'start';
  let restingSince = clock.monotonic();
  while (clock.monotonic() < giveUpAt) {
    signal.throwIfAborted();
    const waiting = await api.list('/v1/inbound-webhooks?status=received');
    const last = await lastPosition(api, head);
    if (last !== head || waiting.length > 0) restingSince = clock.monotonic();
    else if (clock.monotonic() - restingSince >= restMs) return head;
    head = last;
    output.progress(`the read models follow: ${waiting.length} deliveries wait, log at ${head}`);
    await clock.sleep(pollMs, signal);
  }
  throw new Error(`The books did not come to rest within ${giveUpAfterMs} ms`);
}

async function lastPosition(api: ApiClient, after: string): Promise<string> {
  const events = await api.list<EventPage['data'][number]>(`/v1/events?after=${after}`);
  return events.at(-1)?.position ?? after;
}
