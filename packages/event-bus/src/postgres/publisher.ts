import type { Database } from '@counterfoil/runtime';
import { partitionOf } from '../partition-of.ts';
import { storedText } from '../stored-text.ts';

export type OutgoingMessage = Readonly<{ key: string; messageId: string; payload: string }>;

export interface Publisher {
  /** Resolves when all are committed. In order with earlier calls for the same topic. */
  readonly publish: (topic: string, messages: readonly OutgoingMessage[]) => Promise<void>;
}

/** In one statement: large enough to share its commit, small enough to be quick. */
const batchSizeMax = 500;

type Waiting = Readonly<{
  messages: readonly OutgoingMessage[];
  resolve: () => void;
  reject: (error: unknown) => void;
}>;

/**
 * What is published while a statement is under way goes out together with the next one, so that
 * many callers share a commit. What waits is bounded by the callers, each of whom waits for its own.
 */
export function publisher(
  database: Database,
  onPublished: (topic: string, count: number) => void,
): Publisher {
  const queues = new Map<string, Waiting[]>();

  const drain = async (topic: string, queue: Waiting[]): Promise<void> => {
    for (let batch = nextBatch(queue); batch.length > 0; batch = nextBatch(queue)) {
      const messages = batch.flatMap((waiting) => waiting.messages);
      try {
        for (let start = 0; start < messages.length; start += batchSizeMax)
          await insert(database, topic, messages.slice(start, start + batchSizeMax));
        onPublished(topic, messages.length);
        for (const waiting of batch) waiting.resolve();
      } catch (error) {
        for (const waiting of batch) waiting.reject(error);
      }
    }
    queues.delete(topic);
  };

  return {
    publish: (topic, messages) =>
      new Promise((resolve, reject) => {
        const waiting = { messages, resolve, reject };
        const queue = queues.get(topic);
        if (queue) {
          queue.push(waiting);
          return;
        }
        const fresh = [waiting];
        queues.set(topic, fresh);
        void drain(topic, fresh);
      }),
  };
}

/** Whole calls only, so that one that fails is told so and no other is. */
function nextBatch(queue: Waiting[]): readonly Waiting[] {
  let count = 0;
  let size = 0;
  for (const waiting of queue) {
    size += waiting.messages.length;
    if (count > 0 && size > batchSizeMax) break;
    count++;
  }
  return queue.splice(0, count);
}

/** The topic's row stays locked until the commit: see the migration for why. */
const insertText = `
  with reserved as (
    insert into counterfoil_bus.topics as t (name, head) values ($1, $2)
    on conflict (name) do update set head = t.head + excluded.head
    returning head
  )
  insert into counterfoil_bus.messages (topic, partition, position, key, message_id, payload)
  select $1, m.partition, reserved.head - $2::bigint + m.ordinal, m.key, m.message_id, m.payload
  from reserved,
    unnest($3::smallint[], $4::text[], $5::text[], $6::text[])
      with ordinality as m (partition, key, message_id, payload, ordinal)`;

async function insert(
  database: Pick<Database, 'query'>,
  topic: string,
  messages: readonly OutgoingMessage[],
): Promise<void> {
  await database.query(
    insertText,
    [
      topic,
      messages.length,
      messages.map((message) => partitionOf(message.key)),
      messages.map((message) => storedText(message.key)),
      messages.map((message) => storedText(message.messageId)),
      messages.map((message) => message.payload),
    ],
    { name: 'counterfoil-bus-publish' },
  );
}

/** Publishes inside a database transaction of the bus. */
export const publishWithin = insert;
