import { instant } from '@counterfoil/domain';
import type { Clock, Logger } from '@counterfoil/runtime';
import type { DeadLetter, DeadLetterRetry, DeadLetters } from '../event-bus.ts';
import { deadLetterPage } from '../dead-letter-page.ts';
import { deadLetterTopic } from '../topics.ts';
import type { Verdict } from '../retry-policy.ts';
import { outgoingRecord, payloadOf, type StoredRecord } from './kafka-record.ts';
import { type KafkaTopics, type KafkaTopicSettings, unlimitedRetentionMs } from './kafka-topics.ts';
import { MessageTooLarge } from './send-queue.ts';
import type { RecordSender } from './record-sender.ts';
import { readTopic, type TopicReaderOptions } from './topic-reader.ts';

/** Which dead letters were tried again, by id: Kafka takes nothing off a topic. */
const retriedTopicName = 'counterfoil.dead-letter-retried.v1';

/** One partition each, so that they have one order, and for ever: they are few, and a person's to end. */
export const deadLetterTopicSettings: Partial<KafkaTopicSettings> = {
  partitions: 1,
  retentionMs: unlimitedRetentionMs,
};

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
 * a group that forms for it: seconds, for a person or a command. Retried messages go to their topics
 * again, marked for their group, and then the marks that take them off the list; after a crash in
 * between they are on it still, and whoever has them tried again repeats them.
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
        await sender.send([recordOf({ ...letter, payload: {}, isWhole: false, reason })]);
      }
    },
    list: async ({ topic, group, after, limit } = {}) => {
      const page: DeadLetter[] = [];
      let isAfter = after === undefined;
      await readLetters((letter, isRetried) => {
        const isWanted =
          (topic ?? letter.topic) === letter.topic && (group ?? letter.group) === letter.group;
        if (isAfter && isWanted && !isRetried) page.push(letter);
        // A page may begin after one that was tried again since.
        isAfter ||= letter.id === after;
        return page.length < deadLetterPage(limit);
      });
      return page;
    },
    retry: async (ids) => {
      const wanted = new Set(ids);
      const waiting: DeadLetter[] = [];
      await readLetters((letter, isRetried) => {
        if (wanted.delete(letter.id) && !isRetried) waiting.push(letter);
        return wanted.size > 0;
      });
      const whole = waiting.filter(({ isWhole }) => isWhole);
      for (const topic of new Set(whole.map((letter) => letter.topic)))
        await topics.ensure(physicalName(topic));
      if (whole.length > 0) {
        await sender.send(whole.map(originalOf));
        await sender.send(whole.map(({ id }) => markOf(id)));
      }
      const outcomes = new Map<string, DeadLetterRetry['outcome']>(
        waiting.map(({ id, isWhole }) => [id, isWhole ? 'retried' : 'not-whole']),
      );
      return ids.map((id) => ({ id, outcome: outcomes.get(id) ?? 'gone' }));
    },
  };

  function recordOf(letter: DeadLetter) {
    return outgoingRecord(letterTopic, {
      key: letter.key,
      messageId: letter.id,
      payload: deadLetterTopic.encode(letter),
    });
  }

  function originalOf({ topic, group, key, messageId, payload }: DeadLetter) {
    return outgoingRecord(physicalName(topic), { key, messageId, payload }, group);
  }

  function markOf(id: string) {
    const payload = { retriedAt: new Date(clock.now()).toISOString() };
    return outgoingRecord(retriedTopic, { key: id, messageId: id, payload });
  }

  /**
   * Gives each letter once, oldest first, until `onLetter` answers false; holds none of them. Throws
   * while no broker can be reached: whoever asks should hear it.
   */
  async function readLetters(
    onLetter: (letter: DeadLetter, isRetried: boolean) => boolean,
  ): Promise<void> {
    await topics.ensure(letterTopic, deadLetterTopicSettings);
    await topics.ensure(retriedTopic, deadLetterTopicSettings);
    const retried = new Set<string>();
    await readTopic(options, retriedTopic, ({ key }) => {
      retried.add(key);
      return true;
    });
    const given = new Set<string>();
    await readTopic(options, letterTopic, (record) => {
      const letter = readLetter(record, logger);
      if (!letter || given.has(letter.id)) return true;
      given.add(letter.id);
      return onLetter(letter, retried.has(letter.id));
    });
  }
}

function letterOf({ topic, group, record, verdict }: FailedRecord, clock: Clock): DeadLetter {
  return {
    id: `${group}:${topic}:${record.partition}:${record.offset}:${record.timestamp}`,
    topic,
    group,
    key: record.key,
    messageId: record.messageId,
    reason: verdict.reason,
    attempts: verdict.attempts,
    failedAt: instant(clock.now()),
    ...keptMessage(record),
  };
}

/** What is no JSON object is kept to be looked at; given again it would be no better. */
function keptMessage(record: StoredRecord): Pick<DeadLetter, 'payload' | 'isWhole'> {
  try {
    return { payload: payloadOf(record), isWhole: true };
  } catch {
    const unreadable = record.value?.toString('base64') ?? null;
    return { payload: { unreadable }, isWhole: false };
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
