import { backoffMs, chanceOf, type Clock, type Logger } from '@counterfoil/runtime';
import { Partitioners, type Producer } from 'kafkajs';
import { kafkaClient, type KafkaConnection, kafkaRetry } from './kafka-client.ts';
import type { OutgoingRecord } from './kafka-record.ts';
import { isRefusedByBroker } from './refused-by-broker.ts';
import { within } from './within.ts';
import { type SendCall, sendQueue, type Waiting } from './send-queue.ts';

export interface RecordSender {
  /** Resolves when the brokers have all of them; in order with earlier calls. */
  readonly send: (records: readonly OutgoingRecord[]) => Promise<void>;
  /** What keeps the brokers from taking messages now; null when nothing does. */
  readonly fault: () => unknown;
  /** Sends what waits, `timeoutMs` long at most, and fails what is left. */
  readonly close: (timeoutMs: number) => Promise<void>;
}

export type RecordSenderOptions = Readonly<{
  connection: KafkaConnection;
  clock: Clock;
  logger: Logger;
  onSent: (topic: string, count: number) => void;
}>;

/** How long the first message waits for company: less than the request itself takes. */
const lingerMs = 4;
const faultBackoff = { delayMsFirst: 100, delayMsMax: 5_000 };
/** An outage is told once, and now and then while it lasts. */
const reportEvery = 20;
const disconnectTimeoutMs = 5_000;

/**
 * One request at a time: kafkajs's retries can swap the order of requests that overlap. A failed one
 * is tried again without end, over new connections; meanwhile its callers wait, and more callers
 * wait for room. Some messages may be written twice then; none is lost, and the first copies of one
 * key stand in order.
 */
export function recordSender(options: RecordSenderOptions): RecordSender {
  const { clock, logger } = options;
  const queue = sendQueue();
  const closing = new AbortController();
  let producer: Producer | null = null;
  let fault: unknown = null;
  let draining: Promise<void> | null = null;

  return {
    fault: () => fault,
    send: async (records) => {
      if (closing.signal.aborted) throw new Error('The Kafka event bus is closed');
      const sent = queue.add(records);
      draining ??= drain();
      await sent;
    },
    close: async (timeoutMs) => {
      await within(timeoutMs, draining, clock);
      closing.abort();
      queue.failAll(new Error('The Kafka event bus was closed before the message was sent'));
      await dropProducer();
    },
  };

  async function drain(): Promise<void> {
    await clock.sleep(lingerMs, closing.signal);
    for (let batch = queue.next(); batch.length > 0; batch = queue.next()) await sendBatch(batch);
    draining = null;
  }

  async function sendBatch(batch: readonly Waiting[]): Promise<void> {
    const calls = new Set(batch.map(({ call }) => call));
    try {
      await sendUntilTaken(batch);
      for (const waiting of batch) queue.settle(waiting, null);
    } catch (error) {
      if (calls.size > 1) await sendApart(calls, batch);
      else for (const waiting of batch) queue.settle(waiting, error);
    }
  }

  /** One call's message was refused: each goes alone, so that only its own caller is told. */
  async function sendApart(calls: ReadonlySet<SendCall>, batch: readonly Waiting[]): Promise<void> {
    for (const call of calls) await sendBatch(batch.filter((waiting) => waiting.call === call));
  }

  /** Throws only what would be refused again. */
  async function sendUntilTaken(batch: readonly Waiting[]): Promise<void> {
    for (let failures = 0; ; failures++) {
      try {
        await sendOnce(batch.flatMap(({ records }) => records));
        fault = null;
        return;
      } catch (error) {
        if (isRefusedByBroker(error) || closing.signal.aborted) throw error;
        fault = error;
        if (failures % reportEvery === 0)
          logger.warn('messages cannot be sent to Kafka and wait', { failures, error });
        await dropProducer();
        await clock.sleep(backoffMs(faultBackoff, failures + 1, chanceOf(clock)), closing.signal);
      }
    }
  }

  async function sendOnce(records: readonly OutgoingRecord[]): Promise<void> {
    producer ??= await connect();
    const topics = new Map<string, OutgoingRecord[]>();
    for (const record of records) {
      const known = topics.get(record.topic);
      if (known) known.push(record);
      else topics.set(record.topic, [record]);
    }
    await producer.sendBatch({
      acks: -1,
      topicMessages: [...topics].map(([topic, messages]) => ({ topic, messages })),
    });
    for (const [topic, messages] of topics) options.onSent(topic, messages.length);
  }

  async function connect(): Promise<Producer> {
    const fresh = kafkaClient(options.connection, logger).producer({
      // Kafka's own way to spread keys, so that other clients agree with us.
      createPartitioner: Partitioners.DefaultPartitioner,
      idempotent: false,
      allowAutoTopicCreation: false,
      maxInFlightRequests: 1,
      // Each would wait on the same connection again, which may be half open: we make a new one.
      retry: { ...kafkaRetry, retries: 0 },
    });
    try {
      await fresh.connect();
      return fresh;
    } catch (error) {
      await fresh.disconnect().catch(() => {});
      throw error;
    }
  }

  async function dropProducer(): Promise<void> {
    const old = producer;
    producer = null;
    const gone = old?.disconnect().catch(() => {});
    await within(disconnectTimeoutMs, gone ?? null, clock);
  }
}
