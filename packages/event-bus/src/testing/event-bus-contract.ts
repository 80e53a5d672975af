import { setTimeout as delay } from 'node:timers/promises';
import type { JsonObject } from '@counterfoil/domain';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  consumerGroup,
  type DeadLetter,
  type Disposition,
  type EventBus,
  type Handle,
} from '../event-bus.ts';
import type { RetryPolicy } from '../retry-policy.ts';
import { deadLetterTopic } from '../topics.ts';
import { type Note, noteTopic, notesOf } from './note-topic.ts';

/** One broker, and the processes that talk to it. */
export type EventBusHarness = Readonly<{
  /** A process with a bus of its own; `crash` ends it as `kill -9` does. */
  process: () => Promise<Readonly<{ bus: EventBus; crash: () => Promise<void> }>>;
  close: () => Promise<void>;
}>;

/** What the suite expects the buses of a harness to be given: retries that a test can wait for. */
export const contractPolicy: RetryPolicy = {
  attemptsMax: 3,
  delayMsFirst: 20,
  delayMsMax: 100,
  unavailableDelayMs: 50,
};

const topic = noteTopic();
const writers = consumerGroup('writers');
const readers = consumerGroup('readers');
const ack: Disposition = { kind: 'ack' };
const unknownType: Disposition = { kind: 'dead-letter', reason: 'unknown type' };
const waitTimeoutMs = 15_000;
const testTimeoutMs = 30_000;

const until = (condition: () => boolean | Promise<boolean>) =>
  expect.poll(condition, { timeout: waitTimeoutMs, interval: 10 }).toBe(true);

/** The dead letters, once there are so many. */
async function lettersOf({ deadLetters }: EventBus, count: number): Promise<readonly DeadLetter[]> {
  await until(async () => (await deadLetters.list()).length === count);
  return deadLetters.list();
}

/** A handler that notes what it is given, after what `decide` makes of it. */
function recorder(decide: (note: Note, attempt: number) => Promise<Disposition> | Disposition) {
  const seen: Readonly<{ key: string; ordinal: number; attempt: number }>[] = [];
  const handle: Handle<Note> = async ({ message, attempt }) => {
    seen.push({ ...message, attempt });
    return decide(message, attempt);
  };
  const ordinals = (key: string) =>
    seen.filter((each) => each.key === key).map((each) => each.ordinal);
  return { seen, handle, ordinals };
}

const inOrder = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** The promises of `EventBus`, kept by every adapter. */
export function eventBusContract(name: string, start: () => Promise<EventBusHarness>): void {
  describe(`${name} keeps the event bus's promises`, { timeout: testTimeoutMs }, () => {
    let harness: EventBusHarness;
    beforeEach(async () => {
      harness = await start();
    });
    afterEach(() => harness.close());

    test('messages of one key arrive in order while keys run side by side', async () => {
      const { bus } = await harness.process();
      let atOnce = 0;
      let atOnceMax = 0;
      const { handle, ordinals } = recorder(async () => {
        atOnceMax = Math.max(atOnceMax, ++atOnce);
        await delay(1);
        atOnce--;
        return ack;
      });
      await using _ = await bus.subscribe(topic, { group: writers, handle });
      const keys = inOrder(12).map((number) => `key-${number}`);
      await Promise.all(
        keys.map(async (key) => {
          for (const note of notesOf(key, 20)) await bus.publish(topic, [note]);
        }),
      );
      await until(async () => (await bus.lag(topic.name, writers)) === 0);
      for (const key of keys) expect(ordinals(key)).toEqual(inOrder(20));
      expect(atOnceMax).toBeGreaterThan(1);
    });

    test('no two messages of one key are handled at the same time', async () => {
      const { bus } = await harness.process();
      const handling = new Set<string>();
      const overlaps: string[] = [];
      const { handle } = recorder(async ({ key }) => {
        if (handling.has(key)) overlaps.push(key);
        handling.add(key);
        await delay(2);
        handling.delete(key);
        return ack;
      });
      await using _ = await bus.subscribe(topic, { group: writers, handle });
      for (const key of ['a', 'b', 'c']) await bus.publish(topic, notesOf(key, 15));
      await until(async () => (await bus.lag(topic.name, writers)) === 0);
      expect(overlaps).toEqual([]);
    });

    test('every group gets every message', async () => {
      const { bus } = await harness.process();
      const [first, second] = [recorder(() => ack), recorder(() => ack)];
      await using _ = await bus.subscribe(topic, { group: writers, handle: first.handle });
      await using __ = await bus.subscribe(topic, { group: readers, handle: second.handle });
      await bus.publish(topic, notesOf('a', 30));
      await until(() => first.seen.length === 30 && second.seen.length === 30);
      expect([first.ordinals('a'), second.ordinals('a')]).toEqual([inOrder(30), inOrder(30)]);
    });

    test('what was published before the first subscription is delivered', async () => {
      const { bus } = await harness.process();
      await bus.publish(topic, notesOf('a', 5));
      expect(await bus.lag(topic.name, writers)).toBe(5);
      const { handle, ordinals } = recorder(() => ack);
      await using _ = await bus.subscribe(topic, { group: writers, handle });
      await until(async () => (await bus.lag(topic.name, writers)) === 0);
      expect(ordinals('a')).toEqual(inOrder(5));
    });

    test('topics do not mix', async () => {
      const { bus } = await harness.process();
      const { handle, seen } = recorder(() => ack);
      await using _ = await bus.subscribe(noteTopic('letters'), { group: writers, handle });
      await bus.publish(topic, notesOf('a', 3));
      await bus.publish(noteTopic('letters'), [{ key: 'b', ordinal: 1 }]);
      await until(() => seen.length > 0);
      expect(seen).toEqual([{ key: 'b', ordinal: 1, attempt: 1 }]);
    });

    test('members of a group in several processes share the keys and keep their order', async () => {
      const [one, other] = [await harness.process(), await harness.process()];
      const all = recorder(async () => {
        await delay(1);
        return ack;
      });
      const handledBy: string[] = [];
      const member =
        (which: string): Handle<Note> =>
        async (delivery, signal) => {
          handledBy.push(which);
          return all.handle(delivery, signal);
        };
      await using _ = await one.bus.subscribe(topic, { group: writers, handle: member('one') });
      await using __ = await other.bus.subscribe(topic, {
        group: writers,
        handle: member('other'),
      });
      const keys = inOrder(40).map((number) => `key-${number}`);
      let round = 0;
      await until(async () => {
        round++;
        await Promise.all(keys.map((key) => one.bus.publish(topic, [{ key, ordinal: round }])));
        return handledBy.includes('one') && handledBy.includes('other');
      });
      await until(async () => (await one.bus.lag(topic.name, writers)) === 0);
      // Sharing may be rearranged under way, which may repeat a message but never skip or swap one.
      for (const key of keys) expect([...new Set(all.ordinals(key))]).toEqual(inOrder(round));
    });

    test('what a crashed process had not acknowledged is delivered to another one', async () => {
      const [crashing, other] = [await harness.process(), await harness.process()];
      const stuck = recorder(() => new Promise<Disposition>(() => {}));
      await crashing.bus.subscribe(topic, { group: writers, handle: stuck.handle });
      await other.bus.publish(topic, notesOf('a', 3));
      await until(() => stuck.seen.length > 0);
      await crashing.crash();
      const { handle, ordinals } = recorder(() => ack);
      await using _ = await other.bus.subscribe(topic, { group: writers, handle });
      await until(async () => (await other.bus.lag(topic.name, writers)) === 0);
      expect(ordinals('a')).toEqual(inOrder(3));
    });

    test('disposing waits for the handlers that run, and what they did is not given again', async () => {
      const { bus } = await harness.process();
      let isDone = false;
      const started = recorder(async (_note) => {
        await delay(100);
        isDone = true;
        return ack;
      });
      const subscription = await bus.subscribe(topic, { group: writers, handle: started.handle });
      await bus.publish(topic, notesOf('a', 2));
      await until(() => started.seen.length === 1);
      await subscription[Symbol.asyncDispose]();
      expect(isDone).toBe(true);
      const next = recorder(() => ack);
      await using _ = await bus.subscribe(topic, { group: writers, handle: next.handle });
      await until(async () => (await bus.lag(topic.name, writers)) === 0);
      expect([started.ordinals('a'), next.ordinals('a')]).toEqual([[1], [2]]);
    });

    test('a handler learns by its signal that it should finish', async () => {
      const { bus } = await harness.process();
      let isTold = false;
      const handle: Handle<Note> = (_delivery, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            isTold = true;
            resolve(ack);
          });
        });
      const subscription = await bus.subscribe(topic, { group: writers, handle });
      await bus.publish(topic, notesOf('a', 1));
      await delay(100);
      await subscription[Symbol.asyncDispose]();
      expect(isTold).toBe(true);
    });

    test('a retried message comes again with its attempt counted, before later ones of its key', async () => {
      const { bus } = await harness.process();
      const { handle, seen } = recorder((note, attempt) =>
        note.ordinal === 2 && attempt < 3 ? { kind: 'retry', delayMs: 30, reason: 'not yet' } : ack,
      );
      await using _ = await bus.subscribe(topic, { group: writers, handle });
      await bus.publish(topic, notesOf('a', 4));
      await until(async () => (await bus.lag(topic.name, writers)) === 0);
      expect(seen.map(({ ordinal, attempt }) => [ordinal, attempt])).toEqual([
        [1, 1],
        [2, 1],
        [2, 2],
        [2, 3],
        [3, 1],
        [4, 1],
      ]);
    });

    test('a poisonous message holds back its own key only', async () => {
      const { bus } = await harness.process();
      const { handle, ordinals } = recorder((note) =>
        note.key === 'bad' ? { kind: 'retry', delayMs: 60_000, reason: 'never' } : ack,
      );
      await using _ = await bus.subscribe(topic, { group: writers, handle });
      await bus.publish(topic, notesOf('bad', 3));
      // Enough keys that some share whatever a broker keeps the bad one in.
      const keys = inOrder(60).map((number) => `good-${number}`);
      for (const key of keys) await bus.publish(topic, notesOf(key, 2));
      await bus.publish(topic, [{ key: 'bad', ordinal: 4 }]);
      await until(() => keys.every((key) => ordinals(key).length === 2));
      await until(async () => (await bus.lag(topic.name, writers)) === 4);
      expect(ordinals('bad')).toEqual([1]);
    });

    test('a handler that throws is tried again, then its message becomes a dead letter', async () => {
      const { bus } = await harness.process();
      const { handle, seen } = recorder((note) => {
        if (note.ordinal === 1) throw new Error('cannot be booked');
        return ack;
      });
      await using _ = await bus.subscribe(topic, { group: writers, handle });
      const published: string[] = [];
      await using __ = await bus.subscribe(deadLetterTopic, {
        group: readers,
        handle: async ({ message }) => {
          published.push(`${message.key} ${message.reason} ${message.attempts}`);
          return ack;
        },
      });
      await bus.publish(topic, notesOf('a', 2));
      await until(() => seen.some((each) => each.ordinal === 2));
      await until(() => published.length === 1);
      expect(seen.map((each) => each.ordinal)).toEqual([1, 1, 1, 2]);
      expect(published).toEqual(['a Error: cannot be booked 3']);
      await until(async () => (await bus.deadLetters.list()).length === 1);
      expect(await bus.deadLetters.list({ topic: topic.name, group: writers })).toMatchObject([
        {
          key: 'a',
          messageId: 'a-1',
          reason: 'Error: cannot be booked',
          attempts: 3,
          payload: { key: 'a', ordinal: 1 },
        },
      ]);
    });

    test('a dead letter is delivered again on request, with its attempts forgotten', async () => {
      const { bus } = await harness.process();
      let isRepaired = false;
      const { handle, seen } = recorder(() => (isRepaired ? ack : unknownType));
      await using _ = await bus.subscribe(topic, { group: writers, handle });
      await bus.publish(topic, notesOf('a', 1));
      const [letter] = await lettersOf(bus, 1);
      isRepaired = true;
      const id = letter?.id ?? '';
      expect(await bus.deadLetters.retry([id])).toEqual([{ id, outcome: 'retried' }]);
      expect(await bus.deadLetters.retry([id])).toEqual([{ id, outcome: 'gone' }]);
      await until(() => seen.length === 2);
      expect(seen[1]).toEqual({ key: 'a', ordinal: 1, attempt: 1 });
      expect(await bus.deadLetters.list()).toEqual([]);
      await until(async () => (await bus.lag(topic.name, writers)) === 0);
    });

    test('a dead letter that a process without consumers retries reaches the others as it was published', async () => {
      const [consuming, asking] = [await harness.process(), await harness.process()];
      const given: string[] = [];
      const strict = {
        ...topic,
        decode: (payload: JsonObject) => {
          given.push(JSON.stringify(payload));
          return topic.decode(payload);
        },
      };
      let isRepaired = false;
      const { handle } = recorder(() => (isRepaired ? ack : unknownType));
      await using _ = await consuming.bus.subscribe(strict, { group: writers, handle });
      await consuming.bus.publish(topic, notesOf('a', 1));
      const [letter] = await lettersOf(asking.bus, 1);
      isRepaired = true;
      await asking.bus.deadLetters.retry([letter?.id ?? '']);
      await until(() => given.length === 2);
      expect(given[1]).toBe(given[0]);
      await until(async () => (await asking.bus.lag(topic.name, writers)) === 0);
      expect(await consuming.bus.deadLetters.list()).toEqual([]);
    });

    test('several are retried at once, each is told its outcome, and the others stay', async () => {
      const { bus } = await harness.process();
      let isRepaired = false;
      const { handle, seen } = recorder(() => (isRepaired ? ack : unknownType));
      await using _ = await bus.subscribe(topic, { group: writers, handle });
      await bus.publish(topic, notesOf('a', 4));
      const letters = await lettersOf(bus, 4);
      isRepaired = true;
      const [, second, , fourth] = letters.map(({ id }) => id);
      const outcomes = await bus.deadLetters.retry([fourth ?? '', 'never-was', second ?? '']);
      expect(outcomes).toEqual([
        { id: fourth, outcome: 'retried' },
        { id: 'never-was', outcome: 'gone' },
        { id: second, outcome: 'retried' },
      ]);
      await until(() => seen.length === 6);
      expect(seen.slice(4).map(({ ordinal }) => ordinal)).toEqual(expect.arrayContaining([2, 4]));
      const left = await bus.deadLetters.list();
      expect(left.map(({ messageId }) => messageId)).toEqual(['a-1', 'a-3']);
      const after = await bus.deadLetters.list({ after: second ?? '' });
      expect(after.map(({ messageId }) => messageId)).toEqual(['a-3']);
      expect(await bus.deadLetters.list({ limit: 1 })).toMatchObject([{ messageId: 'a-1' }]);
      expect(await bus.deadLetters.list({ group: readers })).toEqual([]);
      expect(await bus.deadLetters.list({ topic: 'letters' })).toEqual([]);
    });

    test('a retried message that fails again is a dead letter again, and can be retried again', async () => {
      const { bus } = await harness.process();
      let isRepaired = false;
      const { handle, seen } = recorder(() => (isRepaired ? ack : unknownType));
      await using _ = await bus.subscribe(topic, { group: writers, handle });
      await bus.publish(topic, notesOf('a', 1));
      const [first] = await lettersOf(bus, 1);
      await bus.deadLetters.retry([first?.id ?? '']);
      await until(() => seen.length === 2);
      const [second] = await lettersOf(bus, 1);
      expect(second).toMatchObject({ messageId: 'a-1', attempts: 1, payload: first?.payload });
      isRepaired = true;
      const id = second?.id ?? '';
      expect(await bus.deadLetters.retry([id])).toEqual([{ id, outcome: 'retried' }]);
      await until(() => seen.length === 3);
      expect(await bus.deadLetters.list()).toEqual([]);
    });

    test('a message that cannot be read becomes a dead letter and blocks nobody', async () => {
      const { bus } = await harness.process();
      const { handle, ordinals } = recorder(() => ack);
      await using _ = await bus.subscribe(topic, { group: writers, handle });
      const foreign = { ...topic, encode: () => ({ strange: true }) };
      await bus.publish(foreign, [{ key: 'a', ordinal: 1 }]);
      await bus.publish(topic, [{ key: 'a', ordinal: 2 }]);
      await until(() => ordinals('a').length === 1);
      await until(async () => (await bus.deadLetters.list()).length === 1);
      expect(await bus.deadLetters.list()).toMatchObject([
        { reason: 'cannot be read: Error: not a note', payload: { strange: true } },
      ]);
    });

    test("a server's absence is waited out without using up attempts", async () => {
      const { bus } = await harness.process();
      // Counted in tries and not in time, which a slow machine has spent before the first of them.
      let refusalsLeft = 2 * contractPolicy.attemptsMax;
      const { handle, seen } = recorder(() => {
        refusalsLeft -= 1;
        if (refusalsLeft >= 0) throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
        return ack;
      });
      await using _ = await bus.subscribe(topic, { group: writers, handle });
      await bus.publish(topic, notesOf('a', 1));
      await until(async () => (await bus.lag(topic.name, writers)) === 0);
      expect(seen.length).toBeGreaterThan(contractPolicy.attemptsMax);
      expect(seen.at(-1)?.attempt).toBe(1);
      expect(await bus.deadLetters.list()).toEqual([]);
    });

    test('keys and ids may hold whatever text a provider sends', async () => {
      const { bus } = await harness.process();
      const keys = ['\u0000', '"\\', '\ud800', 'ключ', ' ', 'x'.repeat(5000)];
      const { handle, ordinals } = recorder(({ key }) =>
        key === '\u0000' ? { kind: 'dead-letter', reason: 'no' } : ack,
      );
      await using _ = await bus.subscribe(topic, { group: writers, handle });
      for (const key of keys) await bus.publish(topic, notesOf(key, 2));
      await until(async () => (await bus.lag(topic.name, writers)) === 0);
      for (const key of keys) expect(ordinals(key)).toEqual([1, 2]);
      await until(async () => (await bus.deadLetters.list()).length === 2);
      expect((await bus.deadLetters.list())[0]).toMatchObject({
        key: '\u0000',
        messageId: '\u0000-1',
      });
    });

    test('a burst much larger than any batch arrives whole', async () => {
      const { bus } = await harness.process();
      const { handle, seen } = recorder(() => ack);
      await using _ = await bus.subscribe(topic, { group: writers, handle });
      const keys = inOrder(50).map((number) => `key-${number}`);
      await Promise.all(keys.map((key) => bus.publish(topic, notesOf(key, 60))));
      await until(async () => (await bus.lag(topic.name, writers)) === 0);
      expect(seen).toHaveLength(3000);
    });
  });
}
