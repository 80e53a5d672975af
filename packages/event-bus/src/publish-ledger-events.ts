import type { Checkpoint, Recorded } from '@counterfoil/domain';
import { backoffMs, chanceOf, type Clock, type Logger, silentLogger } from '@counterfoil/runtime';
import type { EventBus } from './event-bus.ts';
import { ledgerTopic } from './topics.ts';

/** What is read of the log; every event store offers it. */
export type RecordedEventSource = Readonly<{
  /** Events after a position, in one order that never gains an earlier one later. */
  readAll: (
    range: Readonly<{ after: Checkpoint | 'start'; limit: number }>,
  ) => Promise<Readonly<{ events: readonly Recorded[]; next: Checkpoint | 'start' }>>;
  /** Resolves when there may be more, or after `timeoutMs`. */
  waitForAppend: (timeoutMs: number, signal: AbortSignal) => Promise<void>;
}>;

/** How far the log is published. */
export type PublishedPosition = Readonly<{
  load: () => Promise<Checkpoint | 'start'>;
  save: (position: Checkpoint) => Promise<void>;
}>;

export type PublishLedgerEventsOptions = Readonly<{
  source: RecordedEventSource;
  position: PublishedPosition;
  bus: Pick<EventBus, 'publish'>;
  clock: Clock;
  signal: AbortSignal;
  logger?: Logger;
  batchSizeMax?: number;
  /** After each batch: how many events, and up to which position. */
  onPublished?: (count: number, position: Checkpoint) => void;
}>;

/** What a crash between publishing and remembering it repeats, at most. */
const batchSizeMaxDefault = 500;
/** The store wakes us; this is only how long a lost wake-up can hold up the log. */
const waitMsMax = 1_000;
const faultBackoff = { delayMsFirst: 100, delayMsMax: 5_000 };
/** An outage is told once, and now and then while it lasts. */
const reportEvery = 20;

/**
 * Publishes every recorded event to `counterfoil.ledger.v1`, for whoever wants to know, from where it
 * came to last time. Resolves when `signal` aborts, after the batch in hand; never rejects: a fault of
 * the log, the bus or the position is waited out.
 *
 * In order per stream, none skipped, at least once: after a crash the last batch comes again. A
 * consumer drops repeats by the CloudEvent's `id`, which is the event's own and never another's; or,
 * since a stream's events come in order, by remembering the last `streamversion` of each `subject`
 * and passing over what is not above it. Two publishers at once, while a lead changes hands, only
 * repeat more: first copies stay in order.
 */
export async function publishLedgerEvents(options: PublishLedgerEventsOptions): Promise<void> {
  const { source, bus, clock } = options;
  // A signal of its own is how a store tells this reader from others.
  const signal = AbortSignal.any([options.signal]);
  const logger = options.logger ?? silentLogger;
  const limit = options.batchSizeMax ?? batchSizeMaxDefault;
  let position: Checkpoint | 'start' | null = null;
  let failures = 0;
  while (!signal.aborted) {
    try {
      position ??= await options.position.load();
      position = await publishAfter(position);
      failures = 0;
    } catch (error) {
      if (failures++ % reportEvery === 0)
        logger.warn('ledger events cannot be published and wait', { position, failures, error });
      await clock.sleep(backoffMs(faultBackoff, failures, chanceOf(clock)), signal);
    }
  }

  /** One batch, or a wait when there is none; gives where to go on. */
  async function publishAfter(after: Checkpoint | 'start'): Promise<Checkpoint | 'start'> {
    const { events, next } = await source.readAll({ after, limit });
    const [first, ...rest] = events;
    if (first) await bus.publish(ledgerTopic, [first, ...rest]);
    // The next position may be further than the last event, where the log holds what is not ours.
    if (next !== 'start' && next !== after) await options.position.save(next);
    if (first && next !== 'start') options.onPublished?.(events.length, next);
    if (next === after) await source.waitForAppend(waitMsMax, signal);
    return next;
  }
}
