import type { Clock, Logger } from '@counterfoil/runtime';
import type { AdminSession } from './admin-session.ts';
import { kafkaClient, type KafkaConnection, kafkaRetry } from './kafka-client.ts';
import { type StoredRecord, storedRecord } from './kafka-record.ts';
import { within } from './within.ts';

export type TopicReaderOptions = Readonly<{
  connection: KafkaConnection;
  admin: AdminSession;
  clock: Clock;
  logger: Logger;
}>;

const readTimeoutMs = 60_000;
const fetchWaitMsMax = 100;

/**
 * Gives every record that a topic holds now to `onRecord`, in order per partition, until it answers
 * false. kafkajs reads only as a group: it is one of its own, which commits nothing and is deleted
 * again.
 */
export async function readTopic(
  options: TopicReaderOptions,
  topic: string,
  onRecord: (record: StoredRecord) => boolean,
): Promise<void> {
  const { admin, clock } = options;
  const heads = await admin.use((client) => client.fetchTopicOffsets(topic));
  const open = new Map(
    heads
      .filter(({ low, high }) => BigInt(low) < BigInt(high))
      .map(({ partition, high }) => [partition, BigInt(high)]),
  );
  if (open.size === 0) return;
  const groupId = `counterfoil.reader.${clock.randomId()}`;
  const consumer = kafkaClient(options.connection, options.logger).consumer({
    groupId,
    maxWaitTimeInMs: fetchWaitMsMax,
    allowAutoTopicCreation: false,
    retry: kafkaRetry,
  });
  let failure: unknown = null;
  try {
    const read = new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      const run = async () => {
        await consumer.connect();
        await consumer.subscribe({ topics: [topic], fromBeginning: true });
        await consumer.run({
          autoCommit: false,
          eachBatch: async ({ batch }) => {
            const { partition } = batch;
            for (const message of batch.messages)
              if (open.has(partition) && !onRecord(storedRecord(topic, partition, message)))
                open.clear();
            if (BigInt(batch.lastOffset()) + 1n >= (open.get(partition) ?? 0n))
              open.delete(partition);
            if (open.size === 0) resolve();
          },
        });
      };
      run().catch(reject);
    });
    await within(readTimeoutMs, read, clock);
    if (open.size > 0) failure = new Error(`The topic ${topic} could not be read in time`);
  } finally {
    await consumer.disconnect().catch(() => {});
    // It would go by itself, later: nothing depends on it.
    await admin.use((client) => client.deleteGroups([groupId])).catch(() => {});
  }
  if (failure !== null) throw failure;
}
