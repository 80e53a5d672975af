import type { CommandEnvironment } from '../command-environment.ts';
import type { ApiClient } from './api-client.ts';

/** `unrecorded` are deliveries that were understood and left nothing in the log: it must be empty. */
export type CaughtUp = Readonly<{ position: string; understood: number; unrecorded: number }>;

/** An authorization request is published after two deadlines, a second and a half; then the books follow. */
const giveUpAfterMs = 60_000;
const pollMs = 200;
/** The books are at rest when nothing was recorded for so long while nothing waits. */
const restMs = 1_000;

type Delivery = Readonly<{ id: string; status: string }>;
type DeliveryDetail = Readonly<{ recordedEvents: readonly unknown[] }>;

/**
 * Waits until every delivery is translated, each that was understood has left events, and the log
 * has come to rest; resolves to the position of its last event, for reading with `minPosition`.
 */
export async function untilCaughtUp(
  { clock, signal, output }: CommandEnvironment,
  api: ApiClient,
): Promise<CaughtUp> {
  const giveUpAt = clock.monotonic() + giveUpAfterMs;
  const recorded = new Set<string>();
  let position = 'start';
  let restingSince = clock.monotonic();
  for (;;) {
    signal.throwIfAborted();
    const deliveries = await api.list<Delivery>('/v1/inbound-webhooks');
    const waiting = deliveries.filter(({ status }) => status === 'received').length;
    const understood = deliveries.filter(({ status }) => isUnderstood(status));
    const last = await lastPosition(api, position);
    if (last !== position || waiting > 0) restingSince = clock.monotonic();
    position = last;
    output.progress(`the read models follow: ${waiting} deliveries wait, log at ${position}`);
    const isOver = clock.monotonic() >= giveUpAt;
    if (isOver || clock.monotonic() - restingSince >= restMs) {
      await noteRecorded(api, understood, recorded);
      const unrecorded = understood.filter(({ id }) => !recorded.has(id)).length;
      if (isOver || unrecorded === 0)
        return { position, understood: understood.length, unrecorded };
    }
    await clock.sleep(pollMs, signal);
  }
}

const isUnderstood = (status: string): boolean => status === 'processed' || status === 'variant';

async function noteRecorded(
  api: ApiClient,
  understood: readonly Delivery[],
  recorded: Set<string>,
): Promise<void> {
  for (const { id } of understood) {
    if (recorded.has(id)) continue;
    const { recordedEvents } = await api.get<DeliveryDetail>(`/v1/inbound-webhooks/${id}`);
    if (recordedEvents.length > 0) recorded.add(id);
  }
}

async function lastPosition(api: ApiClient, after: string): Promise<string> {
  const events = await api.list<Readonly<{ position: string }>>(`/v1/events?after=${after}`);
  return events.at(-1)?.position ?? after;
}
