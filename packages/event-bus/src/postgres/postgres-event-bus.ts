import {
  type Clock,
  type Database,
  type Logger,
  type Metrics,
  silentLogger,
} from '@counterfoil/runtime';
import { busMetrics, watchLag } from '../bus-metrics.ts';
import { type Deliver, deliverTo } from '../deliver.ts';
import type { ConsumerGroup, EventBus, Topic } from '../event-bus.ts';
import { defaultRetryPolicy, type RetryPolicy, type Verdict } from '../retry-policy.ts';
import { postgresDeadLetters } from './postgres-dead-letters.ts';
import { publisher } from './publisher.ts';
import { slots } from '../slots.ts';
import { startSubscription, type Subscription } from './subscription.ts';
import { trimUnsubscribed } from './trimmer.ts';

export type PostgresEventBusOptions = Readonly<{
  /** With `eventBusMigrations` applied. */
  database: Database;
  clock: Clock;
  logger?: Logger;
  metrics?: Metrics;
  policy?: RetryPolicy;
  /** Whether a handler's throw says that a server is away: then no attempt is counted. */
  isUnavailable?: (error: unknown) => boolean;
  /** How long a process that died keeps its keys from the others. */
  leaseMs?: number;
  /** Handlers that one subscription runs at a time. */
  concurrencyMax?: number;
  /** Messages that one of the 16 partitions takes at a time. */
  batchSizeMax?: number;
  /** How long a message that another process published may wait to be seen. */
  pollMsMax?: number;
}>;

/** Three renewals fit, so a pause of five seconds or one lost answer does not cost the lease. */
const defaultLeaseMs = 15_000;
/** Handlers wait for the event store's group commit most of the time. */
const defaultConcurrencyMax = 64;
/** A turn ends with its slowest key: larger ones wait longer, smaller ones commit more often. */
const defaultBatchSizeMax = 100;
const defaultPollMsMax = 250;
const pollMsMin = 5;
/** Of a topic without any group. */
const retainedMax = 100_000;
const trimUnsubscribedEvery = 5_000;

/**
 * The bus on PostgreSQL: a log in partitions, and for each group a cursor and a lease a partition.
 * What it acknowledges is durable within a second or so; a server crash may repeat the last messages.
 */
export function postgresEventBus(options: PostgresEventBusOptions): EventBus {
  const { clock, database } = options;
  const logger = options.logger ?? silentLogger;
  const policy = options.policy ?? defaultRetryPolicy;
  const subscriptions = new Set<Listening>();
  const untrimmed = new Map<string, number>();
  const metrics = busMetrics(options.metrics);
  const lag = (topicName: string, group: ConsumerGroup) => lagOf(database, topicName, group);

  const onPublished = (topic: string, count: number): void => {
    metrics.published(topic, count);
    for (const listening of subscriptions)
      if (listening.topic === topic) listening.subscription.wake();
    trimNowAndThen(topic, count);
  };
  const outgoing = publisher(database, onPublished);

  return {
    publish: <Message>(topic: Topic<Message>, messages: readonly Message[]) =>
      outgoing.publish(
        topic.name,
        messages.map((message) => ({
          key: topic.keyOf(message),
          messageId: topic.idOf(message),
          payload: JSON.stringify(topic.encode(message)),
        })),
      ),
    subscribe: async (topic, { group, handle }) => {
      metrics.subscribed(topic.name, group);
      const deliver = counted(deliverTo(topic, handle, { ...options, policy }), (verdict) =>
        metrics.delivered(topic.name, group, verdict),
      );
      const subscription = await startSubscription({
        database,
        clock,
        logger,
        name: { topic: topic.name, group, member: clock.randomId() },
        deliver: bounded(deliver, options.concurrencyMax ?? defaultConcurrencyMax),
        leaseMs: options.leaseMs ?? defaultLeaseMs,
        pollMsMin,
        pollMsMax: options.pollMsMax ?? defaultPollMsMax,
        batchSizeMax: options.batchSizeMax ?? defaultBatchSizeMax,
      });
      const listening = { topic: topic.name, group, subscription };
      subscriptions.add(listening);
      const watching = watchLag(metrics, clock, { topic: topic.name, group, lag });
      return {
        [Symbol.asyncDispose]: async () => {
          watching.abort();
          await subscription.stop();
          subscriptions.delete(listening);
        },
      };
    },
    lag,
    deadLetters: postgresDeadLetters(database, (topic, group) => {
      for (const listening of subscriptions)
        if (listening.topic === topic && listening.group === group) listening.subscription.reload();
    }),
  };

  /** A topic that nobody reads would grow for ever; one that is read is trimmed by its readers. */
  function trimNowAndThen(topic: string, count: number): void {
    const published = (untrimmed.get(topic) ?? 0) + count;
    untrimmed.set(topic, published % trimUnsubscribedEvery);
    if (published < trimUnsubscribedEvery) return;
    trimUnsubscribed(database, topic, retainedMax).catch((error: unknown) => {
      logger.warn('a bus topic could not be trimmed', { topic, error });
    });
  }
}

type Listening = Readonly<{ topic: string; group: ConsumerGroup; subscription: Subscription }>;

const counted =
  (deliver: Deliver, onVerdict: (verdict: Verdict['kind']) => void): Deliver =>
  async (stored, signal) => {
    const verdict = await deliver(stored, signal);
    onVerdict(verdict.kind);
    return verdict;
  };

/** A delivery that gets its turn only after we were asked to finish is left for later. */
function bounded(deliver: Deliver, concurrencyMax: number): Deliver {
  const slot = slots(concurrencyMax);
  return (stored, signal) =>
    slot(async () =>
      signal.aborted
        ? { kind: 'retry', delayMs: 0, reason: 'stopping', attempts: stored.attempt - 1 }
        : deliver(stored, signal),
    );
}

async function lagOf(database: Database, topic: string, group: ConsumerGroup): Promise<number> {
  const { rows } = await database.query(
    `select (
       select count(*) from counterfoil_bus.messages m
       left join counterfoil_bus.subscriptions s
         on s.topic = m.topic and s.group_name = $2 and s.partition = m.partition
       where m.topic = $1 and m.position > coalesce(s.cursor, 0)
     ) + (
       select count(*) from counterfoil_bus.parked where topic = $1 and group_name = $2
     ) as lag`,
    [topic, group],
    { name: 'counterfoil-bus-lag' },
  );
  return Number.parseInt(String(rows[0]?.['lag'] ?? '0'), 10);
}
