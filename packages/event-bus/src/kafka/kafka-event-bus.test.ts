import { setTimeout as delay } from 'node:timers/promises';
import { processMetrics, systemClock } from '@counterfoil/runtime';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { consumerGroup, type Disposition, type Handle } from '../event-bus.ts';
import { contractPolicy, eventBusContract } from '../testing/event-bus-contract.ts';
import { type LocalKafka, localKafka } from '../testing/local-kafka.ts';
import { type Note, noteTopic, notesOf } from '../testing/note-topic.ts';
import { onEachKafka } from '../testing/on-each-kafka.ts';
import { deadLetterTopic } from '../topics.ts';
import { severableSockets } from '../testing/severable-sockets.ts';
import { kafkaClient } from './kafka-client.ts';
import { type KafkaEventBus, kafkaEventBus, type KafkaEventBusOptions } from './kafka-event-bus.ts';
import { KafkaTopicUnfit } from './kafka-topics.ts';
import { MessageTooLarge } from './send-queue.ts';
import { silentLogger } from '@counterfoil/runtime';

/** The first start of a run may fetch the jars. */
const startTimeoutMs = 180_000;
const waitTimeoutMs = 40_000;
const clock = systemClock();
const topic = noteTopic();
const writers = consumerGroup('writers');
const readers = consumerGroup('readers');
const ack: Disposition = { kind: 'ack' };
const inOrder = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const until = (condition: () => boolean | Promise<boolean>) =>
  expect.poll(condition, { timeout: waitTimeoutMs, interval: 20 }).toBe(true);

await onEachKafka('The Kafka event bus', suite);

function suite(name: string, version: string): void {
  describe(name, { timeout: 90_000 }, () => {
    let kafka: LocalKafka;
    let systems = 0;
    let prefix = '';
    let opened: KafkaEventBus[] = [];

    beforeAll(async () => {
      kafka = await localKafka(version);
    }, startTimeoutMs);
    afterAll(() => kafka.remove(), startTimeoutMs);
    afterEach(async () => {
      prefix = '';
      await Promise.all(opened.splice(0).map((bus) => bus.disconnect()));
    }, startTimeoutMs);

    /** Those of one test share topics and groups; no two tests do. */
    function open(options: Partial<KafkaEventBusOptions> = {}): KafkaEventBus {
      if (prefix === '') prefix = `system-${++systems}.`;
      const bus = kafkaEventBus({
        brokers: kafka.brokers,
        clientId: 'bus-test',
        clock,
        topics: { partitions: 4, replicationFactor: 1 },
        namePrefix: prefix,
        policy: contractPolicy,
        sessionTimeoutMs: 3_000,
        stopTimeoutMs: 3_000,
        ...options,
      });
      opened.push(bus);
      return bus;
    }

    function openSeverable(options: Partial<KafkaEventBusOptions> = {}) {
      const { socketFactory, sever, cut, silence } = severableSockets();
      const bus = open({ socketFactory, ...options });
      const crash = async () => {
        sever();
        // A dead process waits for nothing.
        opened = opened.filter((each) => each !== bus);
        void bus.disconnect();
      };
      return { bus, crash, cut, silence };
    }

    async function alterTopic(topicName: string, settings: Record<string, string>): Promise<void> {
      const admin = kafkaClient({ brokers: kafka.brokers, clientId: 'x' }, silentLogger).admin();
      await admin.connect();
      const configEntries = Object.entries(settings).map(([key, value]) => ({ name: key, value }));
      const resource = { type: 2, name: `${prefix}${topicName}`, configEntries };
      await admin.alterConfigs({ validateOnly: false, resources: [resource] });
      await admin.disconnect();
    }

    async function makeNotesAnew(options: Partial<KafkaEventBusOptions> = {}): Promise<void> {
      const admin = kafkaClient({ brokers: kafka.brokers, clientId: 'x' }, silentLogger).admin();
      await admin.connect();
      await admin.deleteTopics({ topics: [`${prefix}notes`] });
      await admin.disconnect();
      await open(options).connect([topic.name]);
    }

    eventBusContract(name, async () => ({
      process: async () => openSeverable(),
      close: async () => {},
    }));

    test('a broker that is killed amid publishing loses nothing and swaps nothing', async () => {
      const bus = open();
      const seen: Note[] = [];
      await using _ = await bus.subscribe(topic, {
        group: writers,
        handle: async ({ message }) => {
          seen.push(message);
          return ack;
        },
      });
      const keys = inOrder(8).map((number) => `key-${number}`);
      const [isKilled, count] = [{ now: false }, 150];
      // None waits for the one before it, so that requests that overlapped would swap them.
      const publishing = keys.map(async (key) => {
        const published: Promise<void>[] = [];
        for (const note of notesOf(key, count)) {
          published.push(bus.publish(topic, [note]));
          if (!isKilled.now) await delay(5);
        }
        await Promise.all(published);
      });
      await until(() => seen.length > 40);
      await kafka.kill();
      isKilled.now = true;
      await until(async () => (await bus.health().catch(() => 'away')) === 'away');
      await kafka.start();
      await Promise.all(publishing);
      await until(async () => (await bus.lag(topic.name, writers)) === 0);
      for (const key of keys) {
        const ordinals = seen.filter((note) => note.key === key).map((note) => note.ordinal);
        expect([...new Set(ordinals)]).toEqual(inOrder(count));
      }
      await until(async () => (await bus.health().catch(() => 'away')) === undefined);
    });

    test('what was done past a message that is set aside is not done again after a crash', async () => {
      const { bus, crash } = openSeverable();
      const first: string[] = [];
      await bus.subscribe(topic, {
        group: writers,
        handle: async ({ message }) => {
          first.push(`${message.key}-${message.ordinal}`);
          return message.key === 'bad' ? { kind: 'retry', delayMs: 60_000, reason: 'never' } : ack;
        },
      });
      await bus.publish(topic, notesOf('bad', 2));
      for (const number of inOrder(40)) await bus.publish(topic, notesOf(`good-${number}`, 2));
      await until(async () => first.length === 81 && (await bus.lag(topic.name, writers)) === 2);
      await crash();
      const other = open();
      const second: string[] = [];
      await using _ = await other.subscribe(topic, {
        group: writers,
        handle: async ({ message }) => {
          second.push(`${message.key}-${message.ordinal}`);
          return ack;
        },
      });
      await until(async () => (await other.lag(topic.name, writers)) === 0);
      expect(second).toEqual(['bad-1', 'bad-2']);
    });

    test('a consumer whose connections are cut joins again and misses nothing', async () => {
      const { bus, cut } = openSeverable();
      const seen = new Set<number>();
      await using _ = await bus.subscribe(topic, {
        group: writers,
        handle: async ({ message }) => {
          seen.add(message.ordinal);
          return ack;
        },
      });
      for (const ordinal of inOrder(60)) {
        if (ordinal % 20 === 0) cut();
        await bus.publish(topic, [{ key: `key-${ordinal % 7}`, ordinal }]);
      }
      await until(() => seen.size === 60);
      await until(async () => (await bus.lag(topic.name, writers)) === 0);
      await until(async () => (await bus.health().catch(() => 'away')) === undefined);
    });

    test('half-open connections are given up after a session or a request, and replaced', async () => {
      const [consumer, producer] = [openSeverable(), openSeverable()];
      const seen = new Set<number>();
      await using _ = await consumer.bus.subscribe(topic, {
        group: writers,
        handle: async ({ message }) => {
          seen.add(message.ordinal);
          return ack;
        },
      });
      await producer.bus.publish(topic, [{ key: 'a', ordinal: 1 }]);
      await until(() => seen.size === 1);
      consumer.silence();
      producer.silence();
      const silentSince = performance.now();
      const published = producer.bus.publish(topic, [{ key: 'a', ordinal: 3 }]);
      await open().publish(topic, [{ key: 'a', ordinal: 2 }]);
      await until(() => seen.has(2));
      expect(performance.now() - silentSince).toBeLessThan(14_000);
      await published;
      await until(() => seen.has(3));
      // One request of 15 s, not the several that a client would try on its own.
      expect(performance.now() - silentSince).toBeLessThan(30_000);
    });

    test('a process that stood still past its session joins again and misses nothing', async () => {
      const bus = open();
      const seen: Note[] = [];
      let isStill = false;
      await using _ = await bus.subscribe(topic, {
        group: writers,
        handle: async ({ message }) => {
          if (message.ordinal === 5 && !isStill) {
            isStill = true;
            // Stops the whole process, heartbeats and all, as a SIGSTOP does.
            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5_000);
          }
          seen.push(message);
          return ack;
        },
      });
      const keys = inOrder(6).map((number) => `key-${number}`);
      for (const key of keys) await bus.publish(topic, notesOf(key, 20));
      await until(async () => (await bus.lag(topic.name, writers)) === 0);
      for (const key of keys) {
        const ordinals = seen.filter((note) => note.key === key).map((note) => note.ordinal);
        expect([...new Set(ordinals)]).toEqual(inOrder(20));
      }
      expect(isStill).toBe(true);
      await until(async () => (await bus.health().catch(() => 'away')) === undefined);
    });

    test('a topic that is made anew under a running group is read from its new beginning', async () => {
      const bus = open();
      const seen: string[] = [];
      await using _ = await bus.subscribe(topic, {
        group: writers,
        handle: async ({ message }) => {
          seen.push(`${message.key}-${message.ordinal}`);
          return ack;
        },
      });
      await bus.publish(topic, notesOf('old', 30));
      await until(async () => (await bus.lag(topic.name, writers)) === 0);
      await makeNotesAnew();
      await open().publish(topic, notesOf('new', 3));
      await until(() => seen.length >= 33);
      expect(seen.slice(30)).toEqual(['new-1', 'new-2', 'new-3']);
    });

    test('a dead letter of a topic made anew is another one than that at its place before', async () => {
      const one: Partial<KafkaEventBusOptions> = {
        topics: { partitions: 1, replicationFactor: 1 },
      };
      const bus = open(one);
      let isRepaired = false;
      await using _ = await bus.subscribe(topic, {
        group: writers,
        handle: async () => (isRepaired ? ack : { kind: 'dead-letter', reason: 'no' }),
      });
      await bus.publish(topic, notesOf('a', 1));
      await until(async () => (await bus.deadLetters.list()).length === 1);
      isRepaired = true;
      await bus.deadLetters.retry((await bus.deadLetters.list()).map(({ id }) => id));
      await until(async () => (await bus.lag(topic.name, writers)) === 0);
      isRepaired = false;
      await makeNotesAnew(one);
      await open(one).publish(topic, notesOf('a', 1));
      await until(async () => (await bus.deadLetters.list()).length === 1);
    });

    test('a member that joins takes over partitions while handlers run, and none is skipped', async () => {
      const [one, other] = [open(), open()];
      const seen: Note[] = [];
      const handle: Handle<Note> = async ({ message }) => {
        await delay(30);
        seen.push(message);
        return ack;
      };
      await using _ = await one.subscribe(topic, { group: writers, handle });
      const keys = inOrder(20).map((number) => `key-${number}`);
      for (const key of keys) await one.publish(topic, notesOf(key, 10));
      const late = await other.subscribe(topic, { group: writers, handle });
      await delay(500);
      await late[Symbol.asyncDispose]();
      await until(async () => (await one.lag(topic.name, writers)) === 0);
      for (const key of keys) {
        const ordinals = seen.filter((note) => note.key === key).map((note) => note.ordinal);
        expect([...new Set(ordinals)]).toEqual(inOrder(10));
      }
    });

    test('a partition with too many messages behind a stuck one waits, and goes on after it', async () => {
      const bus = open({ waitingMax: 10, topics: { partitions: 1, replicationFactor: 1 } });
      let isRepaired = false;
      const seen = new Set<string>();
      await using _ = await bus.subscribe(topic, {
        group: writers,
        handle: async ({ message: { key, ordinal } }) => {
          if (key === 'bad' && !isRepaired)
            throw Object.assign(new Error(), { code: 'ECONNREFUSED' });
          seen.add(`${key}-${ordinal}`);
          return ack;
        },
      });
      await bus.publish(topic, notesOf('bad', 50));
      await until(async () => (await bus.lag(topic.name, writers)) === 50);
      await bus.publish(topic, notesOf('good', 5));
      await delay(1_000);
      expect(seen.size).toBe(0);
      isRepaired = true;
      await until(() => seen.size === 55);
      await until(async () => (await bus.lag(topic.name, writers)) === 0);
    });

    test('a dead letter that is tried again goes to its own group only', async () => {
      const bus = open();
      let isRepaired = false;
      const [failing, fine]: [number[], number[]] = [[], []];
      await using _ = await bus.subscribe(topic, {
        group: writers,
        handle: async ({ message }) => {
          failing.push(message.ordinal);
          return isRepaired ? ack : { kind: 'dead-letter', reason: 'unknown type' };
        },
      });
      await using __ = await bus.subscribe(topic, {
        group: readers,
        handle: async ({ message }) => {
          fine.push(message.ordinal);
          return ack;
        },
      });
      await bus.publish(topic, notesOf('a', 3));
      await until(async () => (await bus.deadLetters.list()).length === 3);
      const [, second] = await bus.deadLetters.list();
      isRepaired = true;
      await bus.deadLetters.retry([second?.id ?? '']);
      await until(async () => (await bus.lag(topic.name, readers)) === 0);
      await until(async () => (await bus.lag(topic.name, writers)) === 0);
      expect([failing, fine]).toEqual([
        [1, 2, 3, 2],
        [1, 2, 3],
      ]);
    });

    test('a crash between giving dead letters again and taking them off the list repeats them', async () => {
      const bus = open();
      let isRepaired = false;
      const seen: number[] = [];
      await using _ = await bus.subscribe(topic, {
        group: writers,
        handle: async ({ message }) => {
          seen.push(message.ordinal);
          return isRepaired ? ack : { kind: 'dead-letter', reason: 'unknown type' };
        },
      });
      await bus.publish(topic, notesOf('a', 2));
      await until(async () => (await bus.deadLetters.list()).length === 2);
      const ids = (await bus.deadLetters.list()).map(({ id }) => id);
      isRepaired = true;
      // The broker takes no mark: what was given again before it stays on the list, as after a crash.
      await alterTopic('counterfoil.dead-letter-retried.v1', { 'max.message.bytes': '1' });
      await expect(bus.deadLetters.retry(ids)).rejects.toThrow();
      await until(() => seen.length === 4);
      expect((await bus.deadLetters.list()).map(({ id }) => id)).toEqual(ids);
      await alterTopic('counterfoil.dead-letter-retried.v1', { 'max.message.bytes': '1000000' });
      expect(await bus.deadLetters.retry(ids)).toEqual(
        ids.map((id) => ({ id, outcome: 'retried' })),
      );
      await until(() => seen.length === 6);
      expect(seen).toEqual([1, 2, 1, 2, 1, 2]);
      expect(await bus.deadLetters.list()).toEqual([]);
    });

    test('a message that could not be kept as it was is shown, and not given again', async () => {
      const bus = open();
      await using _ = await bus.subscribe(topic, {
        group: writers,
        handle: async () => ({ kind: 'dead-letter', reason: 'no' }),
      });
      const large = {
        ...topic,
        encode: () => ({ key: 'a', ordinal: 1, text: 'x'.repeat(999_600) }),
      };
      await bus.publish(large, notesOf('a', 1));
      const producer = kafkaClient(
        { brokers: kafka.brokers, clientId: 'x' },
        silentLogger,
      ).producer();
      await producer.connect();
      await producer.send({ topic: `${prefix}notes`, messages: [{ key: 'b', value: 'no JSON' }] });
      await producer.disconnect();
      await until(async () => (await bus.deadLetters.list()).length === 2);
      const letters = await bus.deadLetters.list();
      expect(letters.find(({ key }) => key === 'a')).toMatchObject({
        payload: {},
        isWhole: false,
        reason: 'no (the message is too large to be kept here)',
      });
      expect(letters.find(({ key }) => key === 'b')).toMatchObject({
        payload: { unreadable: Buffer.from('no JSON').toString('base64') },
        isWhole: false,
        reason: expect.stringContaining('cannot be read'),
      });
      const ids = letters.map(({ id }) => id);
      expect(await bus.deadLetters.retry(ids)).toEqual(
        ids.map((id) => ({ id, outcome: 'not-whole' })),
      );
      expect(await bus.lag(topic.name, writers)).toBe(0);
      expect(await bus.deadLetters.list()).toHaveLength(2);
    });

    test('dead letters are kept however long they wait', async () => {
      await open().connect([deadLetterTopic.name]);
      const admin = kafkaClient({ brokers: kafka.brokers, clientId: 'x' }, silentLogger).admin();
      await admin.connect();
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: 2, name: `${prefix}${deadLetterTopic.name}` }],
      });
      await admin.disconnect();
      const entries = resources[0]?.configEntries ?? [];
      expect(entries.find(({ configName }) => configName === 'retention.ms')?.configValue).toBe(
        '-1',
      );
    });

    test('a list that no broker can answer says so', async () => {
      const bus = open({ brokers: ['127.0.0.1:1'] });
      await expect(bus.deadLetters.list()).rejects.toThrow(/ECONNREFUSED/);
    });

    test('a message that no broker takes is refused, and others beside it are not', async () => {
      const bus = open();
      const large = { ...topic, encode: () => ({ text: 'x'.repeat(1_100_000) }) };
      const outcomes = await Promise.allSettled([
        bus.publish(topic, notesOf('a', 1)),
        bus.publish(large, notesOf('a', 1)),
        bus.publish(topic, notesOf('a', 1)),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(outcomes[1]).toMatchObject({ reason: expect.any(MessageTooLarge) });
      expect(await bus.lag(topic.name, writers)).toBe(2);
    });

    test('what the broker refuses is told to its own caller only', async () => {
      const bus = open();
      await bus.connect([topic.name, 'small']);
      await alterTopic('small', { 'max.message.bytes': '1000' });
      const large = { ...noteTopic('small'), encode: () => ({ text: 'x'.repeat(5_000) }) };
      const outcomes = await Promise.allSettled([
        bus.publish(topic, notesOf('a', 1)),
        bus.publish(large, notesOf('a', 1)),
        bus.publish(topic, notesOf('b', 1)),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(String((outcomes[1] as PromiseRejectedResult).reason)).toMatch(/too large|larger/i);
    });

    describe('at its start', () => {
      test('creates the topics that are missing', async () => {
        const bus = open({
          topics: { partitions: 3, replicationFactor: 1, retentionMs: 86_400_000 },
        });
        await bus.connect([topic.name]);
        const admin = kafkaClient({ brokers: kafka.brokers, clientId: 'x' }, silentLogger).admin();
        await admin.connect();
        const { topics } = await admin.fetchTopicMetadata({ topics: [`${prefix}notes`] });
        expect(topics[0]?.partitions).toHaveLength(3);
        await admin.disconnect();
        await open({ topics: { partitions: 3, replicationFactor: 1 } }).connect([topic.name]);
      });

      test('refuses a topic with too few partitions and says what to do', async () => {
        await open({ topics: { partitions: 2, replicationFactor: 1 } }).connect([topic.name]);
        const refused = open({ topics: { partitions: 6, replicationFactor: 1 } });
        await expect(refused.connect([topic.name])).rejects.toThrow(
          `The topic ${prefix}notes has 2 partitions, and 6 are wanted. Set KAFKA_TOPIC_PARTITIONS`,
        );
        await expect(refused.publish(topic, notesOf('a', 1))).rejects.toThrow(KafkaTopicUnfit);
      });

      test('refuses more copies than there are brokers', async () => {
        const bus = open({ topics: { partitions: 2, replicationFactor: 3 } });
        await expect(bus.connect([topic.name])).rejects.toThrow(/cannot have 3 copies/);
      });

      test('refuses a topic of which it wants more copies than it has', async () => {
        await open().connect([topic.name]);
        const bus = open({ topics: { partitions: 4, replicationFactor: 2 } });
        await expect(bus.connect([topic.name])).rejects.toThrow(/copies, and 2 are wanted/);
      });

      test('refuses a compacted topic', async () => {
        const bus = open();
        const admin = kafkaClient({ brokers: kafka.brokers, clientId: 'x' }, silentLogger).admin();
        await admin.connect();
        const configEntries = [{ name: 'cleanup.policy', value: 'compact' }];
        await admin.createTopics({
          topics: [{ topic: `${prefix}notes`, numPartitions: 4, configEntries }],
        });
        await admin.disconnect();
        await expect(bus.connect([topic.name])).rejects.toThrow(/cleanup.policy=compact/);
      });

      test('says so when no broker can be reached', async () => {
        const bus = open({ brokers: ['127.0.0.1:1'] });
        await expect(bus.connect()).rejects.toThrow(
          /The Kafka brokers 127.0.0.1:1 cannot be reached: .*ECONNREFUSED/,
        );
      });
    });

    test('its lag and its traffic are metrics', async () => {
      const metrics = processMetrics({ withProcessMetrics: false });
      const bus = open({ metrics });
      await bus.publish(topic, notesOf('a', 3));
      await using _ = await bus.subscribe(topic, {
        group: writers,
        handle: async () => ({ kind: 'retry', delayMs: 60_000, reason: 'never' }),
      });
      await until(async () =>
        (await metrics.metrics()).includes('counterfoil_bus_lag{topic="notes",group="writers"} 3'),
      );
      const text = await metrics.metrics();
      expect(text).toContain('counterfoil_bus_published_total{topic="notes"} 3');
      expect(text).toContain(
        'counterfoil_bus_delivered_total{topic="notes",group="writers",outcome="dead-letter"} 0',
      );
      await until(async () =>
        (await metrics.metrics()).includes(
          'counterfoil_bus_delivered_total{topic="notes",group="writers",outcome="retry"} 1',
        ),
      );
    });
  });
}
