import type { Clock, Metrics } from '@counterfoil/runtime';
import type { ConsumerGroup } from './event-bus.ts';
import type { Verdict } from './retry-policy.ts';

type Outcome = Verdict['kind'];

export interface BusMetrics {
  readonly published: (topic: string, count: number) => void;
  /** Called at a subscription's start: a counter that begins with its first dead letter would hide it. */
  readonly subscribed: (topic: string, group: string) => void;
  readonly delivered: (topic: string, group: string, outcome: Outcome) => void;
  readonly lag: ((topic: string, group: string, messages: number) => void) | null;
}

const outcomes: readonly Outcome[] = ['ack', 'retry', 'dead-letter'];
/** Asking costs the broker a request or two; a scrape comes every ten to sixty seconds. */
const lagEveryMs = 10_000;

/** Of the whole group, as each of its members sees it: take the maximum, not the sum. */
export function busMetrics(metrics: Metrics | undefined): BusMetrics {
  if (!metrics)
    return { published: () => {}, subscribed: () => {}, delivered: () => {}, lag: null };
  const published = metrics.counter({
    name: 'counterfoil_bus_published_total',
    help: 'Messages that the broker has taken',
    labels: ['topic'],
  });
  const delivered = metrics.counter({
    name: 'counterfoil_bus_delivered_total',
    help: 'Deliveries to handlers, by what became of them',
    labels: ['topic', 'group', 'outcome'],
  });
  const lag = metrics.gauge({
    name: 'counterfoil_bus_lag',
    help: 'Messages that a group has not acknowledged, as each of its members sees the whole group',
    labels: ['topic', 'group'],
  });
  return {
    published: (topic, count) => published.add(count, { topic }),
    subscribed: (topic, group) => {
      for (const outcome of outcomes) delivered.add(0, { topic, group, outcome });
    },
    delivered: (topic, group, outcome) => delivered.add(1, { topic, group, outcome }),
    lag: (topic, group, messages) => lag.set(messages, { topic, group }),
  };
}

/** Keeps the gauge up to date until the controller aborts. */
export function watchLag(
  metrics: BusMetrics,
  clock: Clock,
  watched: Readonly<{
    topic: string;
    group: ConsumerGroup;
    lag: (topic: string, group: ConsumerGroup) => Promise<number>;
  }>,
): AbortController {
  const stopping = new AbortController();
  const { topic, group, lag } = watched;
  const tell = metrics.lag;
  if (tell) void watch(tell);
  return stopping;

  async function watch(set: NonNullable<BusMetrics['lag']>): Promise<void> {
    while (!stopping.signal.aborted) {
      // An outage leaves the last value: the brokers cannot be asked.
      await lag(topic, group).then(
        (messages) => set(topic, group, messages),
        () => {},
      );
      await clock.sleep(lagEveryMs, stopping.signal);
    }
  }
}
