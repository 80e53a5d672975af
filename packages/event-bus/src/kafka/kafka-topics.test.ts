import { silentLogger } from '@counterfoil/runtime';
import { manualClock } from '@counterfoil/runtime/testing';
import type { Admin } from 'kafkajs';
import { expect, test } from 'vitest';
import type { AdminSession } from './admin-session.ts';
import { kafkaTopics } from './kafka-topics.ts';

const settings = { partitions: 1, replicationFactor: 1, retentionMs: 1_000 };

/** A topic that somebody has just made, which the broker asked knows after so many questions. */
function topicsKnownAfter(questions: number) {
  const clock = manualClock();
  let asked = 0;
  const client = {
    createTopics: async () => false,
    fetchTopicMetadata: async () => {
      asked += 1;
      if (asked <= questions) throw unknownTopic();
      return { topics: [{ name: 'notes', partitions: [{ replicas: [1] }] }] };
    },
    describeConfigs: async () => ({ resources: [] }),
  };
  const admin: AdminSession = {
    use: (work) => work(client as unknown as Admin),
    close: async () => {},
  };
  const closing = new AbortController();
  const topics = kafkaTopics({
    admin,
    clock,
    logger: silentLogger,
    settings,
    closing: closing.signal,
  });
  return { topics, clock, closing, asked: () => asked };
}

// As kafkajs tells it.
const unknownTopic = (): Error =>
  Object.assign(new Error('This server does not host this topic-partition'), {
    type: 'UNKNOWN_TOPIC_OR_PARTITION',
    retriable: true,
  });

test('a topic that the broker does not know yet is asked for again', async () => {
  const { topics, clock } = topicsKnownAfter(3);
  const ensured = topics.ensure('notes');
  await clock.advance(600);
  await expect(ensured).resolves.toBeUndefined();
});

test('a topic that stays unknown is a fault, after two seconds', async () => {
  const { topics, clock, asked } = topicsKnownAfter(Number.POSITIVE_INFINITY);
  const ensured = expect(topics.ensure('notes')).rejects.toThrow('does not host');
  await clock.advance(2_000);
  await ensured;
  expect(asked()).toBe(11);
});

test('whoever closes does not wait for it', async () => {
  const { topics, clock, closing, asked } = topicsKnownAfter(Number.POSITIVE_INFINITY);
  const ensured = expect(topics.ensure('notes')).rejects.toThrow('does not host');
  await clock.advance(0);
  closing.abort();
  await ensured;
  expect(asked()).toBe(1);
});
