import { instant } from '@counterfoil/domain';
import type { Clock, Logger } from '@counterfoil/runtime';
import type { DeadLetter, DeadLetters } from '../event-bus.ts';
import { deadLetterTopic } from '../topics.ts';
import type { Verdict } from '../retry-policy.ts';
import { outgoingRecord, payloadOf, type StoredRecord } from './kafka-record.ts';
import type { KafkaTopics } from './kafka-topics.ts';
import { MessageTooLarge } from './send-queue.ts';
import type { RecordSender } from './record-sender.ts';
import { readTopic, type TopicReaderOptions } from './topic-reader.ts';

/** Which dead letters were tried again, by id: Kafka takes nothing off a topic. */
const retriedTopicName = 'counterfoil.dead-letter-retried.v1';
/** One partition each, so that they have one order. They are few. */
const deadLetterTopicSettings = { partitions: 1 };

const listLimitDefault = 100;
/** A page that a person or a command can take in. */
const listLimitMax = 1_000;

export type KafkaDeadLettersOptions = TopicReaderOptions &
  Readonly<{
    clock: Clock;
    logger: Logger;
    topics: KafkaTopics;
    sender: RecordSender;
    physicalName: (topic: string) => string;
  }>;

export type FailedRecord = Readonly<{
  topic: string;
  group: string;
  record: StoredRecord;
  verdict: Extract<Verdict, { kind: 'dead-letter' }>;
}>;

export interface KafkaDeadLetters extends DeadLetters {
  /** Resolves when the letter is durable. The same failure again, after a crash, is the same letter. */
  readonly bury: (failed: FailedRecord) => Promise<void>;
}

/**
 * Dead letters in a topic of their own. Listing and retrying read that topic from its beginning, by
 * a group that forms for it: seconds, for a person or a command. A retried message goes to its topic
 * again, marked for its group; a crash between that and taking it off the list repeats it.
 */
export function kafkaDeadLetters(options: KafkaDeadLettersOptions): KafkaDeadLetters {
  const { topics, sender, clock, logger, physicalName } = options;
  const letterTopic = physicalName(deadLetterTopic.name);
  const retriedTopic = physicalName(retriedTopicName);

  return {
    bury: async (failed) => {
      if (failed.topic === deadLetterTopic.name) {
        const { topic, group, verdict } = failed;
        // It is in the topic of dead letters already.
        logger.error('a group gave up on a dead letter', { topic, group, reason: verdict.reason });
        return;
      }
      await topics.ensureWaiting(letterTopic, deadLetterTopicSettings);
      const letter = letterOf(failed, clock);
      try {
        await sender.send([recordOf(letter)]);
      } catch (error) {
        if (!(error instanceof MessageTooLarge)) throw error;
        const reason = `${letter.reason} (the message is too large to be kept here)`;
        await sender.send([recordOf({ ...letter, payload: {}, reason })]);
      }
    },
    list: async ({ topic, group, after, limit } = {}) => {
      const letters = await readLetters();
      const from = after === undefined ? 0 : letters.findIndex(({ letter }) => letter.id === after);
      return letters
        .slice(after === undefined ? 0 : from + 1)
        .filter(({ isRetried }) => !isRetried)
        .map(({ letter }) => letter)
        .filter((letter) => topic === undefined || letter.topic === topic)
        .filter((letter) => group === undefined || letter.group === group)
        .slice(0, Math.min(limit ?? listLimitDefault, listLimitMax));
    },
    retry: async (id) => {
      const found = (await readLetters()).find(({ letter }) => letter.id === id);
      if (!found || found.isRetried) return false;
      const { topic, group, key, messageId, payload } = found.letter;
      await topics.ensureWaiting(physicalName(topic));
      await sender.send([outgoingRecord(physicalName(topic), { key, messageId, payload }, group)]);
      const mark = {
        key: id,
        messageId: id,
        payload: { retriedAt: new Date(clock.now()).toISOString() },
      };
      await sender.send([outgoingRecord(retriedTopic, mark)]);
      return true;
    },
  };

  function recordOf(letter: DeadLetter) {
    return outgoingRecord(letterTopic, {
      key: letter.key,
      messageId: letter.id,
      payload: deadLetterTopic.encode(letter),
    });
  }

  /** Oldest first; those that were tried again too, since a page may begin after one of them. */
  async function readLetters() {
    await topics.ensureWaiting(letterTopic, deadLetterTopicSettings);
    await topics.ensureWaiting(retriedTopic, deadLetterTopicSettings);
    const letters = new Map<string, DeadLetter>();
    await readTopic(options, letterTopic, (record) => {
      const letter = readLetter(record, logger);
      if (letter && !letters.has(letter.id)) letters.set(letter.id, letter);
    });
    if (letters.size === 0) return [];
    const retried = new Set<string>();
    await readTopic(options, retriedTopic, ({ key }) => retried.add(key));
    return [...letters.values()].map((letter) => ({ letter, isRetried: retried.has(letter.id) }));
  }
}

function letterOf({ topic, group, record, verdict }: FailedRecord, clock: Clock): DeadLetter {
  return {
    id: `${group}:${topic}:${record.partition}:${record.offset}`,
    topic,
    group,
    key: record.key,
    messageId: record.messageId,
    reason: verdict.reason,
    attempts: verdict.attempts,
    failedAt: instant(clock.now()),
    payload: keptPayload(record),
  };
}

function keptPayload(record: StoredRecord): DeadLetter['payload'] {
  try {
    return payloadOf(record);
  } catch {
    return { unreadable: record.value?.toString('base64') ?? null };
  }
}

function readLetter(record: StoredRecord, logger: Logger): DeadLetter | null {
  try {
    return deadLetterTopic.decode(payloadOf(record));
  } catch (error) {
    logger.warn('the dead-letter topic holds what is no dead letter', {
      messageId: record.messageId,
      error,
    });
    return null;
  }
}
