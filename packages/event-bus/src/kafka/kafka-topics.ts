import { backoffMs, chanceOf, type Clock, type Logger, retry } from '@counterfoil/runtime';
import kafkajs, { type Admin } from 'kafkajs';
import type { AdminSession } from './admin-session.ts';
import { isRefusedByBroker, protocolTypeOf } from './refused-by-broker.ts';

// Node finds this one of its names only behind the default export.
const { ConfigResourceTypes } = kafkajs;

export type KafkaTopicSettings = Readonly<{
  /** How many processes can share one group's work; keys stay in order only while it stays. */
  partitions: number;
  replicationFactor: number;
  /** Messages that a group has not read by then are gone: longer than any outage. */
  retentionMs: number;
}>;

/** As Kafka writes it: nothing is ever dropped for its age. */
export const unlimitedRetentionMs = -1;

/** A topic that cannot be what we need. Asking again changes nothing: someone must change it. */
export class KafkaTopicUnfit extends Error {
  override readonly name = 'KafkaTopicUnfit';
}

export interface KafkaTopics {
  /** Creates the topic, or checks the one that is there; once. Throws `KafkaTopicUnfit`, or a fault. */
  readonly ensure: (topic: string, settings?: Partial<KafkaTopicSettings>) => Promise<void>;
  /** The same, waiting out what is only an outage. */
  readonly ensureWaiting: (topic: string, settings?: Partial<KafkaTopicSettings>) => Promise<void>;
}

const faultBackoff = { delayMsFirst: 200, delayMsMax: 5_000 };
const createTimeoutMs = 10_000;
/** A broker learns of a topic that was just made a moment after the one that made it; within two seconds. */
const untilKnown = { attemptsMax: 11, delayMsFirst: 200, delayMsMax: 200 };
/** With three copies one broker may be away, and a message is still on two. */
const copiesForSafety = 3;

export function kafkaTopics(
  options: Readonly<{
    admin: AdminSession;
    clock: Clock;
    logger: Logger;
    settings: KafkaTopicSettings;
    closing: AbortSignal;
  }>,
): KafkaTopics {
  const { admin, clock, logger, closing } = options;
  const known = new Map<string, Promise<void>>();

  const ensure: KafkaTopics['ensure'] = (topic, settings) => {
    const wanted = { ...options.settings, ...settings };
    const checked =
      known.get(topic) ??
      admin
        .use((client) =>
          retry(() => createOrCheck(client, topic, wanted, logger), {
            ...untilKnown,
            isRetriable: (error) => protocolTypeOf(error) === 'UNKNOWN_TOPIC_OR_PARTITION',
            clock,
            signal: closing,
          }),
        )
        .catch((error: unknown) => {
          known.delete(topic);
          throw error;
        });
    known.set(topic, checked);
    return checked;
  };

  return {
    ensure,
    ensureWaiting: async (topic, settings) => {
      for (let failures = 0; ; failures++) {
        try {
          return await ensure(topic, settings);
        } catch (error) {
          const isFinal = error instanceof KafkaTopicUnfit || isRefusedByBroker(error);
          if (isFinal || closing.aborted) throw error;
          if (failures === 0) logger.warn('Kafka cannot be reached for a topic', { topic, error });
          await clock.sleep(backoffMs(faultBackoff, failures + 1, chanceOf(clock)), closing);
        }
      }
    },
  };
}

async function createOrCheck(
  client: Admin,
  topic: string,
  wanted: KafkaTopicSettings,
  logger: Logger,
): Promise<void> {
  const refusal = await create(client, topic, wanted);
  if (refusal === 'created') {
    logger.info('a Kafka topic was created', { topic, ...wanted });
    return;
  }
  await checkCopies(client, topic, wanted, refusal);
  await checkConfiguration(client, topic, wanted, logger);
}

type Creation = 'created' | 'there' | 'not-allowed';

async function create(client: Admin, topic: string, wanted: KafkaTopicSettings): Promise<Creation> {
  const { partitions, replicationFactor, retentionMs } = wanted;
  const minCopies = replicationFactor >= copiesForSafety ? replicationFactor - 1 : 1;
  try {
    const isCreated = await client.createTopics({
      timeout: createTimeoutMs,
      waitForLeaders: true,
      topics: [
        {
          topic,
          numPartitions: partitions,
          replicationFactor,
          configEntries: [
            { name: 'cleanup.policy', value: 'delete' },
            { name: 'retention.ms', value: String(retentionMs) },
            { name: 'min.insync.replicas', value: String(minCopies) },
          ],
        },
      ],
    });
    return isCreated ? 'created' : 'there';
  } catch (error) {
    const type = protocolTypeOf(error);
    if (type === 'TOPIC_AUTHORIZATION_FAILED' || type === 'CLUSTER_AUTHORIZATION_FAILED')
      return 'not-allowed';
    if (type === 'INVALID_REPLICATION_FACTOR')
      throw new KafkaTopicUnfit(
        `The topic ${topic} cannot have ${replicationFactor} copies: the cluster has fewer brokers. Set KAFKA_REPLICATION_FACTOR.`,
        { cause: error },
      );
    if (type === 'INVALID_TOPIC_EXCEPTION' || type === 'POLICY_VIOLATION')
      throw new KafkaTopicUnfit(`The topic ${topic} cannot be created: ${type}`, { cause: error });
    throw error;
  }
}

async function checkCopies(
  client: Admin,
  topic: string,
  wanted: KafkaTopicSettings,
  creation: Creation,
): Promise<void> {
  const partitions = await partitionsOf(client, topic, creation);
  if (partitions.length < wanted.partitions)
    throw new KafkaTopicUnfit(
      `The topic ${topic} has ${partitions.length} partitions, and ${wanted.partitions} are wanted. Set KAFKA_TOPIC_PARTITIONS, or add partitions while it is empty: keys change their partition.`,
    );
  const copies = Math.min(...partitions.map(({ replicas }) => replicas.length));
  if (copies < wanted.replicationFactor)
    throw new KafkaTopicUnfit(
      `The topic ${topic} has a partition with ${copies} copies, and ${wanted.replicationFactor} are wanted. Set KAFKA_REPLICATION_FACTOR, or reassign its partitions.`,
    );
}

async function partitionsOf(client: Admin, topic: string, creation: Creation) {
  try {
    const { topics } = await client.fetchTopicMetadata({ topics: [topic] });
    return topics[0]?.partitions ?? [];
  } catch (error) {
    if (creation !== 'not-allowed') throw error;
    throw new KafkaTopicUnfit(
      `The topic ${topic} may not be created with these credentials, and cannot be read: create it, or allow it.`,
      { cause: error },
    );
  }
}

async function checkConfiguration(
  client: Admin,
  topic: string,
  wanted: KafkaTopicSettings,
  logger: Logger,
): Promise<void> {
  const entries = await configurationOf(client, topic, logger);
  const policy = entries.get('cleanup.policy') ?? 'delete';
  if (policy !== 'delete')
    throw new KafkaTopicUnfit(
      `The topic ${topic} has cleanup.policy=${policy}: all but the last message of a key would be dropped. It must be delete.`,
    );
  const retention = BigInt(entries.get('retention.ms') ?? '-1');
  const isUnlimitedWanted = wanted.retentionMs === unlimitedRetentionMs;
  if (retention >= 0n && (isUnlimitedWanted || retention < BigInt(wanted.retentionMs)))
    logger.warn('a Kafka topic keeps its messages for less time than is wanted', {
      topic,
      retentionMs: retention,
      wantedMs: wanted.retentionMs,
    });
  if (wanted.replicationFactor >= copiesForSafety && entries.get('min.insync.replicas') === '1')
    logger.warn('a Kafka topic acknowledges messages that are on one broker only', { topic });
}

/** Empty where it may not be read: the copies were checked all the same. */
async function configurationOf(
  client: Admin,
  topic: string,
  logger: Logger,
): Promise<ReadonlyMap<string, string>> {
  try {
    const { resources } = await client.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }],
    });
    const entries = resources[0]?.configEntries ?? [];
    return new Map(entries.map(({ configName, configValue }) => [configName, configValue]));
  } catch (error) {
    if (!isRefusedByBroker(error)) throw error;
    logger.warn('the configuration of a Kafka topic may not be read', { topic });
    return new Map();
  }
}
