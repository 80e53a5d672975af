import type { CanonicalEvent } from '@counterfoil/domain';
import { canonicalTopic, type EventBus } from '@counterfoil/event-bus';
import { instant } from '@counterfoil/domain';
import type { Clock, Logger } from '@counterfoil/runtime';
import type { GatewayMetrics } from '../gateway-metrics.ts';
import type { ArchivedDelivery, Inbox, RelayOutcome } from '../inbox/inbox.ts';
import { type Adapters, translateDelivery } from './translation.ts';

/** Shares one round trip to the bus and one flush of the disk. */
const batchSize = 100;
/** Some milliseconds of translation, after which others get the processor: authorizations wait. */
const translatedAtOnceMax = 25;
/** Finds what other gateways stored and what has become available; our own stores wake the relay. */
const pollMs = 250;
const retryDelayMs = 100;
/** A bus that is away for long is asked every few seconds, and found soon after it is back. */
const retryDelayMsMax = 5_000;
/** Longer than a healthy bus ever takes. The batch is given up and comes again with the same ids. */
const publishTimeoutMs = 20_000;

export type RelayPorts = Readonly<{
  inbox: Inbox;
  bus: EventBus;
  adapters: Adapters;
  clock: Clock;
  logger: Logger;
  metrics: GatewayMetrics;
}>;

export interface Relay {
  readonly start: () => void;
  /** There is something new: do not wait for the next poll. */
  readonly wake: () => void;
  /** Translates and publishes one batch. Rejects when the bus or the inbox is away. */
  readonly relayBatch: () => Promise<number | 'busy'>;
  /** Waits for the batch under way. */
  readonly stop: () => Promise<void>;
}

/**
 * Brings archived deliveries to the bus, oldest first. At least once: a batch is marked after the
 * bus has all its events, so one that is interrupted in between comes again, with the same ids.
 */
export function relay(ports: RelayPorts): Relay {
  const { inbox, adapters, clock, logger } = ports;
  const providers = [...adapters.keys()];
  let stopping = false;
  let isWoken = false;
  let nap = new AbortController();
  let running: Promise<void> = Promise.resolve();

  const relayBatch = () =>
    inbox.relay({ providers, now: instant(clock.now()), limit: batchSize }, (deliveries) =>
      publishDeliveries(ports, deliveries),
    );

  const rest = async (ms: number): Promise<void> => {
    nap = new AbortController();
    if (!stopping) await clock.sleep(ms, nap.signal);
  };

  const run = async (): Promise<void> => {
    let faults = 0;
    while (!stopping) {
      isWoken = false;
      try {
        const handedOut = await relayBatch();
        faults = 0;
        if (handedOut !== batchSize && !isWoken) await rest(pollMs);
      } catch (fault) {
        logger.warn('the relay waits for the bus or the inbox', { error: fault, faults });
        const delayMs = Math.min(retryDelayMsMax, retryDelayMs * 2 ** Math.min(faults, 10));
        faults += 1;
        // Deaf to `wake` meanwhile: new webhooks do not bring a bus back.
        isWoken = true;
        await rest(delayMs);
      }
    }
  };

  return {
    relayBatch,
    start: () => {
      running = run();
    },
    wake: () => {
      if (isWoken) return;
      isWoken = true;
      nap.abort();
    },
    stop: async () => {
      stopping = true;
      nap.abort();
      await running;
    },
  };
}

async function publishDeliveries(
  ports: RelayPorts,
  deliveries: readonly ArchivedDelivery[],
): Promise<readonly RelayOutcome[]> {
  const outcomes: RelayOutcome[] = [];
  const events: CanonicalEvent[] = [];
  for (const [index, delivery] of deliveries.entries()) {
    if (index > 0 && index % translatedAtOnceMax === 0) await ports.clock.sleep(0);
    const { outcome, canonicalEvents } = await translateDelivery(ports, delivery);
    outcomes.push(outcome);
    events.push(...canonicalEvents);
  }
  await publishAll(ports, events);
  for (const outcome of outcomes) noteOutcome(ports, outcome, deliveries);
  return outcomes;
}

/** Resolves when the bus has them all, durably. */
export async function publishAll(
  { bus, clock }: Pick<RelayPorts, 'bus' | 'clock'>,
  events: readonly CanonicalEvent[],
): Promise<void> {
  const [first, ...others] = events;
  if (first === undefined) return;
  const settled = new AbortController();
  const timeout = clock.sleep(publishTimeoutMs, settled.signal).then(() => {
    if (!settled.signal.aborted) throw new Error(`No answer in ${publishTimeoutMs} ms.`);
  });
  try {
    await Promise.race([bus.publish(canonicalTopic, [first, ...others]), timeout]);
  } finally {
    settled.abort();
  }
}

function noteOutcome(
  { metrics, logger }: RelayPorts,
  outcome: RelayOutcome,
  deliveries: readonly ArchivedDelivery[],
): void {
  const delivery = deliveries.find(({ id }) => id === outcome.deliveryId);
  if (delivery === undefined) return;
  const { provider, id: deliveryId, dialect } = delivery;
  metrics.relayed(provider, outcome.kind);
  if (outcome.kind === 'quarantined') {
    const { code, path } = outcome.reason;
    logger.warn('a webhook went into quarantine', { deliveryId, provider, dialect, code, path });
  }
}
