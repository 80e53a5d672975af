import type { NonEmpty } from '@counterfoil/domain';
import { type Clock, type Logger, type Metrics, silentLogger } from '@counterfoil/runtime';
import type { ISocketFactory } from 'kafkajs';
import { busMetrics, watchLag } from '../bus-metrics.ts';
import { deliverTo } from '../deliver.ts';
import type { ConsumerGroup, EventBus, Topic } from '../event-bus.ts';
import { defaultRetryPolicy, type RetryPolicy } from '../retry-policy.ts';
import { deadLetterTopic } from '../topics.ts';
import { adminSession } from './admin-session.ts';
import type { KafkaSecurity } from './kafka-client.ts';
import { deadLetterTopicSettings, kafkaDeadLetters } from './kafka-dead-letters.ts';
import { groupLag, recallProgress } from './group-lag.ts';
import { outgoingRecord } from './kafka-record.ts';
import { type KafkaSubscription, startKafkaSubscription } from './kafka-subscription.ts';
import { type KafkaTopicSettings, kafkaTopics } from './kafka-topics.ts';
import { recordDelivery } from './record-delivery.ts';
import { recordSender } from './record-sender.ts';
import { within } from './within.ts';

export type KafkaEventBusOptions = Readonly<{
  brokers: readonly string[];
  clientId: string;
  clock: Clock;
  logger?: Logger;
  metrics?: Metrics;
  security?: KafkaSecurity;
  topics?: Partial<KafkaTopicSettings>;
  /** Put before the names of topics and groups: for several systems on one cluster. */
  namePrefix?: string;
  policy?: RetryPolicy;
  /** Whether a handler's throw says that a server is away: then no attempt is counted. */
  isUnavailable?: (error: unknown) => boolean;
  /** How long a process that died, or stood still, keeps its keys from the others. */
  sessionTimeoutMs?: number;
  /** Handlers that one subscription runs at a time. */
  concurrencyMax?: number;
  /** Messages of one partition in memory; above it the partition waits, with all its keys. */
  waitingMax?: number;
  /** How long `disconnect` waits for handlers and for messages on their way. */
  stopTimeoutMs?: number;
  socketFactory?: ISocketFactory;
}>;

export interface KafkaEventBus extends EventBus {
  /**
   * Reaches the brokers, creates the topics that are missing and checks those that are there. Throws
   * `KafkaTopicUnfit` with what to change, or the fault after some tries. A topic that is not named
   * here is created or checked when it is first used.
   */
  readonly connect: (topics?: readonly string[]) => Promise<void>;
  /** Rejects, with the fault, while messages cannot be sent or a subscription gets none. */
  readonly health: () => Promise<void>;
  /** Ends the subscriptions, sends what waits, and lets go of the brokers; bounded. */
  readonly disconnect: () => Promise<void>;
}

const day = 24 * 60 * 60 * 1000;
const defaultTopicSettings: KafkaTopicSettings = {
  // Twelve share evenly among 1, 2, 3, 4, 6 and 12 processes.
  partitions: 12,
  replicationFactor: 3,
  retentionMs: 30 * day,
};
/** Three heartbeats may be lost, and a pause of some seconds costs no rebalance. */
const defaultSessionTimeoutMs = 15_000;
/** Handlers wait for the event store's group commit most of the time. */
const defaultConcurrencyMax = 64;
const defaultWaitingMax = 1_000;
const defaultStopTimeoutMs = 10_000;

/**
 * The bus on Kafka. A topic's messages lie in partitions by key; the group of a subscription is
 * `<group>.<topic>` at the broker. What is done is committed every 100 ms, also past a message that
 * is set aside; attempts are counted in memory, anew after a crash or a rebalance.
 */
export function kafkaEventBus(options: KafkaEventBusOptions): KafkaEventBus {
  const { clock } = options;
  const logger = options.logger ?? silentLogger;
  const policy = options.policy ?? defaultRetryPolicy;
  const prefix = options.namePrefix ?? '';
  const physicalName = (topic: string): string => `${prefix}${topic}`;
  const groupIdOf = (topic: string, group: ConsumerGroup) => `${prefix}${group}.${topic}`;
  const closing = new AbortController();
  const connection = options;
  const metrics = busMetrics(options.metrics);
  const admin = adminSession({ connection, clock, logger });
  const settings = { ...defaultTopicSettings, ...options.topics };
  const topics = kafkaTopics({ admin, clock, logger, settings, closing: closing.signal });
  const onSent = (topic: string, count: number) =>
    metrics.published(topic.slice(prefix.length), count);
  const sender = recordSender({ connection, clock, logger, onSent });
  const deadLetters = kafkaDeadLetters({
    connection,
    admin,
    clock,
    logger,
    topics,
    sender,
    physicalName,
  });
  const subscriptions = new Set<KafkaSubscription>();

  const lag = async (topicName: string, group: ConsumerGroup): Promise<number> => {
    const topic = physicalName(topicName);
    await topics.ensure(topic);
    return admin.use((client) => groupLag(client, topic, groupIdOf(topicName, group)));
  };

  const reachBrokers = async (): Promise<void> => {
    try {
      await admin.use((client) => client.describeCluster());
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const which = options.brokers.join(', ');
      throw new Error(`The Kafka brokers ${which} cannot be reached: ${why}`, { cause: error });
    }
  };

  return {
    lag,
    deadLetters: { list: deadLetters.list, retry: deadLetters.retry },
    publish: async <Message>(topic: Topic<Message>, messages: NonEmpty<Message>) => {
      const name = physicalName(topic.name);
      await topics.ensureWaiting(name, settingsOf(topic.name));
      await sender.send(
        messages.map((message) =>
          outgoingRecord(name, {
            key: topic.keyOf(message),
            messageId: topic.idOf(message),
            payload: topic.encode(message),
          }),
        ),
      );
    },
    subscribe: async (topic, { group, handle }) => {
      const name = physicalName(topic.name);
      const groupId = groupIdOf(topic.name, group);
      metrics.subscribed(topic.name, group);
      await topics.ensureWaiting(name, settingsOf(topic.name));
      const subscription = await startKafkaSubscription({
        connection,
        clock,
        logger,
        groupId,
        topic: name,
        sessionTimeoutMs: options.sessionTimeoutMs ?? defaultSessionTimeoutMs,
        waitingMax: options.waitingMax ?? defaultWaitingMax,
        recall: () => admin.use((client) => recallProgress(client, name, groupId)),
        ...recordDelivery({
          topic: topic.name,
          group,
          deliver: deliverTo(topic, handle, { ...options, policy }),
          concurrencyMax: options.concurrencyMax ?? defaultConcurrencyMax,
          bury: deadLetters.bury,
          clock,
          logger,
          onVerdict: (verdict) => metrics.delivered(topic.name, group, verdict),
        }),
      });
      subscriptions.add(subscription);
      const watching = watchLag(metrics, clock, { topic: topic.name, group, lag });
      return {
        [Symbol.asyncDispose]: async () => {
          watching.abort();
          await subscription.stop();
          subscriptions.delete(subscription);
        },
      };
    },
    connect: async (names = []) => {
      await reachBrokers();
      for (const name of names) await topics.ensure(physicalName(name), settingsOf(name));
    },
    health: async () => {
      const faults = [sender.fault(), ...[...subscriptions].map((each) => each.fault())];
      const fault = faults.find((each) => each !== null);
      if (fault !== undefined) throw new Error('The bus does not work', { cause: fault });
    },
    disconnect: async () => {
      const timeoutMs = options.stopTimeoutMs ?? defaultStopTimeoutMs;
      const stopped = Promise.all([...subscriptions].map((each) => each.stop()));
      await within(timeoutMs, stopped, clock);
      await sender.close(timeoutMs);
      closing.abort();
      await admin.close();
    },
  };
}

const settingsOf = (topic: string): Partial<KafkaTopicSettings> =>
  topic === deadLetterTopic.name ? deadLetterTopicSettings : {};
