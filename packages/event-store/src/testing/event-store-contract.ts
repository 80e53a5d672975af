import { randomUUID } from 'node:crypto';
import { type Checkpoint, correlationId, eventId, type Recorded } from '@counterfoil/domain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EventIdReused } from '../event-id-reused.ts';
import type { AppendOutcome, EventStore } from '../event-store.ts';
import { appendOf, at, freshStream, newEvent } from './new-events.ts';

export type StoreUnderTest = Readonly<{
  store: EventStore;
  /** Another instance over the same log, as another process would have; absent where there is none. */
  second?: EventStore;
  /** False where the store can know of an event id only within its stream. */
  areEventIdsUniqueInLog?: boolean;
  stop: () => Promise<void>;
}>;

/** What every event store promises, whatever it is made of. */
export function eventStoreContract(name: string, start: () => Promise<StoreUnderTest>): void {
  describe(`${name} keeps the event store's promises`, () => {
    let under: StoreUnderTest;
    beforeAll(async () => {
      under = await start();
    });
    afterAll(() => under.stop());
    const store = () => under.store;
    const other = () => under.second ?? under.store;

    streamTests(store);
    retryTests(store, other);
    otherStreamTests(() => under);
    refusalTests(store);
    logTests(store, other);
    waitingTests(store);
  });
}

function streamTests(store: () => EventStore): void {
  test('an absent stream is empty, at version 0', async () => {
    expect(await store().readStream(freshStream())).toEqual({ version: 0n, events: [] });
  });

  test('an append is read back with its envelope', async () => {
    const stream = freshStream();
    const event = newEvent({ text: 'first', money: { asset: 'USD', units: 1_500_000n }, dueAt: 5 });
    const outcome = await store().appendToStream(appendOf(stream, 0n, event));
    const { version, events } = await store().readStream(stream);
    expect(outcome).toMatchObject({ outcome: 'appended', version: 1n });
    expect(version).toBe(1n);
    expect(events).toMatchObject([{ ...event, stream, version: 1n }]);
    expect(events[0]?.position).toBe(outcome.outcome === 'appended' && outcome.position);
    expect(events[0]?.recordedAt).toBeGreaterThan(0);
  });

  test('several events are appended together, each with a version of its own', async () => {
    const stream = freshStream();
    const given = [newEvent({ n: 1 }), newEvent({ n: 2 }), newEvent({ n: 3 })];
    const outcome = await store().appendToStream(appendOf(stream, 0n, ...given));
    const { version, events } = await store().readStream(stream);
    expect(outcome).toMatchObject({ outcome: 'appended', version: 3n });
    expect(version).toBe(3n);
    expect(events.map((event) => [event.version, event.event.data])).toEqual([
      [1n, { n: 1 }],
      [2n, { n: 2 }],
      [3n, { n: 3 }],
    ]);
    expect(events.at(-1)?.position).toBe(outcome.outcome === 'appended' && outcome.position);
  });

  test('a stream is read from a version, a page at a time, and tells its latest version', async () => {
    const stream = freshStream();
    const given = Array.from({ length: 5 }, (_, n) => newEvent({ n }));
    await store().appendToStream(appendOf(stream, 0n, ...given));
    const page = await store().readStream(stream, { after: at(1n), limit: 2 });
    const rest = await store().readStream(stream, { after: at(5n), limit: 2 });
    expect(page.version).toBe(5n);
    expect(page.events.map((event) => event.version)).toEqual([2n, 3n]);
    expect(rest).toEqual({ version: 5n, events: [] });
  });

  test('an append at a wrong version is a conflict that tells the actual one', async () => {
    const stream = freshStream();
    await store().appendToStream(appendOf(stream, 0n));
    const early = await store().appendToStream(appendOf(stream, 0n));
    const late = await store().appendToStream(appendOf(stream, 7n));
    expect([early, late]).toEqual([
      { outcome: 'version-conflict', actual: 1n },
      { outcome: 'version-conflict', actual: 1n },
    ]);
    expect((await store().readStream(stream)).version).toBe(1n);
  });

  test('of appends at the same version one wins and the others are told', async () => {
    const stream = freshStream();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => store().appendToStream(appendOf(stream, 0n))),
    );
    expect(outcomes.filter(isAppended)).toHaveLength(1);
    expect(outcomes.filter((each) => each.outcome === 'version-conflict')).toHaveLength(19);
  });

  test('a conflict is its own caller’s alone', async () => {
    const [good, bad] = [freshStream(), freshStream()];
    const outcomes = await Promise.all([
      store().appendToStream(appendOf(good, 0n)),
      store().appendToStream(appendOf(bad, 3n)),
      store().appendToStream(appendOf(good, 1n)),
    ]);
    expect(outcomes.map((each) => each.outcome)).toEqual([
      'appended',
      'version-conflict',
      'appended',
    ]);
  });

  test('appends given one after the other without waiting are chained', async () => {
    const stream = freshStream();
    const outcomes = await Promise.all(
      [0n, 1n, 2n, 3n].map((expected) => store().appendToStream(appendOf(stream, expected))),
    );
    expect(outcomes).toMatchObject([1n, 2n, 3n, 4n].map((version) => ({ version })));
  });

  test('a small append does not overtake a large one of its stream that is under way', async () => {
    const stream = freshStream();
    const many = Array.from({ length: 3_000 }, (_, n) => newEvent({ n }));
    const large = store().appendToStream(appendOf(stream, 0n, ...many));
    await new Promise((resolve) => setImmediate(resolve));
    const small = store().appendToStream(appendOf(stream, 3_000n));
    expect(await Promise.all([large, small])).toMatchObject([
      { outcome: 'appended', version: 3_000n },
      { outcome: 'appended', version: 3_001n },
    ]);
  });
}

function retryTests(store: () => EventStore, other: () => EventStore): void {
  test('the same append again is a duplicate, whatever version it expects', async () => {
    const stream = freshStream();
    const request = appendOf(stream, 0n, newEvent({ n: 1 }), newEvent({ n: 2 }));
    await store().appendToStream(request);
    await store().appendToStream(appendOf(stream, 2n));
    const again = await store().appendToStream(request);
    const elsewhere = await other().appendToStream({ ...request, expected: at(3n) });
    expect(again).toEqual({ outcome: 'duplicate', version: 2n });
    expect(elsewhere).toEqual({ outcome: 'duplicate', version: 2n });
    expect((await store().readStream(stream)).version).toBe(3n);
  });

  test('the same append twice at once is stored once', async () => {
    const request = appendOf(freshStream(), 0n);
    const outcomes = await Promise.all([
      store().appendToStream(request),
      store().appendToStream(request),
      other().appendToStream(request),
    ]);
    expect(outcomes.map((each) => each.outcome).toSorted()).toEqual([
      'appended',
      'duplicate',
      'duplicate',
    ]);
  });

  test('the order of keys is no content', async () => {
    const stream = freshStream();
    const id = eventId(randomUUID());
    await store().appendToStream(appendOf(stream, 0n, newEvent({ a: 1, b: { c: 2, d: 3 } }, id)));
    const again = appendOf(stream, 0n, newEvent({ b: { d: 3, c: 2 }, a: 1 }, id));
    expect(await store().appendToStream(again)).toMatchObject({ outcome: 'duplicate' });
  });

  test('an event id with other content is a fault, and writes nothing', async () => {
    const stream = freshStream();
    const id = eventId(randomUUID());
    await store().appendToStream(appendOf(stream, 0n, newEvent({ n: 1 }, id)));
    const reused = store().appendToStream(appendOf(stream, 1n, newEvent({ n: 2 }, id)));
    await expect(reused).rejects.toThrow(EventIdReused);
    expect((await store().readStream(stream)).version).toBe(1n);
  });

  test('a request of which only a part is stored is a fault, and writes nothing', async () => {
    const stream = freshStream();
    const event = newEvent();
    await store().appendToStream(appendOf(stream, 0n, event));
    const mixed = store().appendToStream(appendOf(stream, 1n, event, newEvent()));
    await expect(mixed).rejects.toThrow(EventIdReused);
    expect((await store().readStream(stream)).version).toBe(1n);
  });
}

function otherStreamTests(underTest: () => StoreUnderTest): void {
  test('of one event id in two streams one is a fault where the store can know, and its neighbours are unharmed', async () => {
    const { store, areEventIdsUniqueInLog = true } = underTest();
    const [first, second, third] = [freshStream(), freshStream(), freshStream()];
    const event = newEvent();
    const results = await Promise.allSettled([
      store.appendToStream(appendOf(first, 0n, event)),
      store.appendToStream(appendOf(second, 0n, event)),
      store.appendToStream(appendOf(third, 0n)),
    ]);
    const [one, two, neighbour] = results.map((each) => each.status);
    expect(neighbour).toBe('fulfilled');
    if (!areEventIdsUniqueInLog) {
      expect([one, two]).toEqual(['fulfilled', 'fulfilled']);
      return;
    }
    expect([one, two].toSorted()).toEqual(['fulfilled', 'rejected']);
    const refused = one === 'rejected' ? first : second;
    expect((await store.readStream(refused)).version).toBe(0n);
    await expect(store.appendToStream(appendOf(refused, 0n, event))).rejects.toThrow(EventIdReused);
  });
}

function refusalTests(store: () => EventStore): void {
  test('null characters, half surrogate pairs and separators in event data come back as given', async () => {
    const stream = freshStream();
    const text = 'null \0 half \ud800 separator \u001e \u2028 quote " back \\u0000 é 🪙';
    await store().appendToStream(appendOf(stream, 0n, newEvent({ text, [`key ${text}`]: 1 })));
    const { events } = await store().readStream(stream);
    expect(events[0]?.event.data).toEqual({ text, [`key ${text}`]: 1 });
  });

  test('what cannot be stored is refused by itself', async () => {
    const stream = freshStream();
    const event = newEvent();
    const results = await Promise.allSettled([
      store().appendToStream(appendOf(`noted-\0${randomUUID()}`, 0n)),
      store().appendToStream(appendOf(`noted-\ud800${randomUUID()}`, 0n)),
      store().appendToStream(appendOf('noted-'.padEnd(600, 'x'), 0n)),
      store().appendToStream(appendOf(freshStream(), 0n, newEvent({}, eventId('no uuid')))),
      store().appendToStream(appendOf(freshStream(), 0n, event, event)),
      store().appendToStream(
        appendOf(freshStream(), 0n, { ...newEvent(), correlationId: correlationId('\0') }),
      ),
      store().appendToStream(appendOf(stream, 0n)),
    ]);
    const statuses = results.map((each) => each.status);
    expect(statuses).toEqual([...Array.from({ length: 6 }, () => 'rejected'), 'fulfilled']);
  });
}

function logTests(store: () => EventStore, other: () => EventStore): void {
  test('the log holds every event once, in one order, after any checkpoint', async () => {
    const before = await store().head();
    const streams = Array.from({ length: 10 }, freshStream);
    await Promise.all(streams.map((stream) => store().appendToStream(appendOf(stream, 0n))));
    const all = await logAfter(store(), before, 3);
    expect(all.map((each) => each.stream).toSorted()).toEqual(streams.toSorted());
    expect(await store().head()).toBe(all.at(-1)?.position);
    const middle = all[4]?.position ?? 'start';
    expect(await logAfter(store(), middle, 2)).toEqual(all.slice(5));
    const end = await store().readAll({ after: all.at(-1)?.position ?? 'start', limit: 10 });
    expect(end).toEqual({ events: [], next: all.at(-1)?.position });
  });

  test('a reader beside racing writers sees every event exactly once', async () => {
    const from = await store().head();
    const writers = 8;
    const appendsEach = 40;
    const seen: Recorded[] = [];
    let isWriting = true;
    const reader = async () => {
      let after = from;
      for (let isLast = false; ; isLast = !isWriting) {
        const { events, next } = await other().readAll({ after, limit: 7 });
        seen.push(...events);
        after = next;
        if (isLast && events.length === 0) return;
      }
    };
    const writer = async (target: EventStore) => {
      const stream = freshStream();
      for (let n = 0n; n < appendsEach; n += 1n) await target.appendToStream(appendOf(stream, n));
    };
    const reading = reader();
    await Promise.all(
      Array.from({ length: writers }, (_, n) => writer(n % 2 === 0 ? store() : other())),
    );
    isWriting = false;
    await reading;
    expect(new Set(seen.map((each) => each.eventId)).size).toBe(seen.length);
    expect(seen).toHaveLength(writers * appendsEach);
    for (const stream of new Set(seen.map((each) => each.stream))) {
      const versions = seen.filter((each) => each.stream === stream).map((each) => each.version);
      expect(versions).toEqual(versions.toSorted((a, b) => Number(a - b)));
    }
  });
}

function waitingTests(store: () => EventStore): void {
  test('a waiting reader is woken by an append, also by one that came before it waited', async () => {
    const { signal } = new AbortController();
    await store().waitForAppend(0, signal);
    const startedAt = performance.now();
    const woken = store().waitForAppend(20_000, signal);
    await store().appendToStream(appendOf(freshStream(), 0n));
    await woken;
    await store().appendToStream(appendOf(freshStream(), 0n));
    await store().waitForAppend(20_000, signal);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  test('waiting ends with its time or its signal', async () => {
    const controller = new AbortController();
    await store().waitForAppend(0, controller.signal);
    await store().waitForAppend(20, controller.signal);
    const waiting = store().waitForAppend(60_000, controller.signal);
    controller.abort();
    await waiting;
    await store().waitForAppend(60_000, controller.signal);
  });
}

const isAppended = (outcome: AppendOutcome) => outcome.outcome === 'appended';

async function logAfter(store: EventStore, from: Checkpoint | 'start', limit: number) {
  const all: Recorded[] = [];
  let after = from;
  for (;;) {
    const { events, next } = await store.readAll({ after, limit });
    if (events.length === 0) return all;
    all.push(...events);
    after = next;
  }
}
