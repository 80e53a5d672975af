import { randomUUID } from 'node:crypto';
import { eventId } from '@counterfoil/domain';
import { systemClock } from '@counterfoil/runtime';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { commandHandler } from '../command-handler.ts';
import { EventIdReused } from '../event-id-reused.ts';
import type { EventStore } from '../event-store.ts';
import { QueueFull } from '../queue-full.ts';
import { subscribeToAll } from '../subscription.ts';
import { add, counterCategory } from '../testing/counter.ts';
import { eventStoreDbStore } from '../testing/eventstoredb-under-test.ts';
import type { EventStoreDbServer } from '../testing/eventstoredb-server/eventstoredb-server.ts';
import { appendOf, freshStream, newEvent } from '../testing/new-events.ts';
import { startEventStoreDbServer } from '../testing/start-eventstoredb-server.ts';

// Deadlines and pauses add up, on a busy machine more so.
vi.setConfig({ testTimeout: 30_000 });

const clock = systemClock();
let server: EventStoreDbServer;
let stops: (() => Promise<void>)[] = [];
beforeEach(async () => {
  server = await startEventStoreDbServer();
});
afterEach(async () => {
  await Promise.all(stops.map((stop) => stop()));
  stops = [];
  await server.stop();
});

function storeHere(options: Parameters<typeof eventStoreDbStore>[1] = {}) {
  const store = eventStoreDbStore(server.url, options);
  stops.push(store.close);
  return store;
}

const until = async (isTrue: () => boolean) => {
  while (!isTrue()) await clock.sleep(5);
};

/** Follows the log as a projector does; tells the streams of what it was given, in order. */
function follower(store: EventStore) {
  const stop = new AbortController();
  const seen: string[] = [];
  const faults: unknown[] = [];
  const ended = subscribeToAll({
    store,
    clock,
    from: 'start',
    handle: async ({ events }) => void seen.push(...events.map(({ stream }) => stream)),
    signal: stop.signal,
    onFault: (error) => void faults.push(error),
  });
  stops.unshift(async () => {
    stop.abort();
    await ended;
  });
  return { seen, faults };
}

/** What others keep on the same server. */
function appendForeign(count: number): void {
  for (let n = 0; n < count; n += 1)
    server.log.append(`theirs-${randomUUID()}`, 'no-stream', [
      {
        id: randomUUID(),
        metadata: [
          ['type', 'Theirs'],
          ['content-type', 'application/json'],
        ],
        customMetadata: new Uint8Array(),
        data: Buffer.from('{"any":"thing"}'),
      },
    ]);
}

test('an append that was stored and lost its answer is told by its repetition, and stored once', async () => {
  const store = storeHere();
  const stream = freshStream();
  server.faults.cutAfterNextAppends(1);
  expect(await store.appendToStream(appendOf(stream, 0n))).toMatchObject({
    outcome: 'appended',
    version: 1n,
  });
  server.faults.cutAfterNextAppends(2);
  expect(await store.appendToStream(appendOf(stream, 1n, newEvent(), newEvent()))).toMatchObject({
    outcome: 'appended',
    version: 3n,
  });
  expect(server.calls.append).toBe(5);
  expect((await store.readStream(stream)).version).toBe(3n);
});

test('a lost answer is told rightly though the stream moved on and the server forgot its recent ids', async () => {
  const [store, second] = [storeHere(), storeHere()];
  const stream = freshStream();
  server.faults.cutAfterNextAppends(1);
  const lost = store.appendToStream(appendOf(stream, 0n));
  await until(() => server.log.streamOf(`counterfoil.${stream}`).length === 1);
  server.faults.forgetRecentIds();
  await second.appendToStream(appendOf(stream, 1n));
  expect(await lost).toMatchObject({ outcome: 'appended', version: 1n });
  expect((await store.readStream(stream)).version).toBe(2n);
});

test('an append whose outcome stays unknown is a fault, and given again it is a duplicate', async () => {
  const store = storeHere({ deadlineMs: 200 });
  const request = appendOf(freshStream(), 0n);
  server.faults.freeze();
  await expect(store.appendToStream(request)).rejects.toThrow();
  server.faults.thaw();
  await until(() => server.log.streamOf(`counterfoil.${request.stream}`).length === 1);
  expect(await store.appendToStream(request)).toEqual({ outcome: 'duplicate', version: 1n });
});

test('a frozen server ends each call at its deadline, also readings, and answers again after it', async () => {
  const store = storeHere({ deadlineMs: 200 });
  const stream = freshStream();
  await store.appendToStream(appendOf(stream, 0n));
  server.faults.freeze();
  const startedAt = performance.now();
  const calls = [
    store.readStream(stream),
    store.readAll({ after: 'start', limit: 9 }),
    store.head(),
  ];
  for (const call of await Promise.allSettled(calls)) expect(call.status).toBe('rejected');
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  server.faults.thaw();
  expect((await store.readStream(stream)).version).toBe(1n);
});

test('a server that is not ready yet, or away for a moment, is asked again', async () => {
  const store = storeHere();
  const stream = freshStream();
  server.faults.refuseNext(2);
  expect(await store.appendToStream(appendOf(stream, 0n))).toMatchObject({ version: 1n });
  server.faults.refuseNext(2);
  expect((await store.readStream(stream)).version).toBe(1n);
  server.faults.goAway();
  const waiting = store.appendToStream(appendOf(stream, 1n));
  await clock.sleep(100);
  server.faults.comeBack();
  expect(await waiting).toMatchObject({ outcome: 'appended', version: 2n });
});

test('a server that stays away is a fault in the end', async () => {
  const store = storeHere({ deadlineMs: 200 });
  server.faults.goAway();
  await expect(store.appendToStream(appendOf(freshStream(), 0n))).rejects.toThrow('UNAVAILABLE');
});

test('no append relies on what the server keeps in memory only, nor shares a stream of batches', async () => {
  const store = storeHere();
  const stream = freshStream();
  const request = appendOf(stream, 0n);
  await store.appendToStream(request);
  await store.appendToStream(appendOf(stream, 1n));
  server.faults.forgetRecentIds();
  expect(await store.appendToStream(request)).toEqual({ outcome: 'duplicate', version: 1n });
  expect(server.calls).toMatchObject({ append: 2, inexactAppend: 0, batchAppend: 0 });
});

test('of two processes that give one event id different content one is told, and not believed', async () => {
  const [store, second] = [storeHere(), storeHere()];
  const stream = freshStream();
  const id = eventId(randomUUID());
  const results = await Promise.allSettled([
    store.appendToStream(appendOf(stream, 0n, newEvent({ n: 1 }, id))),
    second.appendToStream(appendOf(stream, 0n, newEvent({ n: 2 }, id))),
  ]);
  const refused = results.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  expect(refused).toEqual([expect.any(EventIdReused)]);
  expect((await store.readStream(stream)).version).toBe(1n);
});

test('a live subscription that is dropped again and again loses and repeats nothing', async () => {
  const store = storeHere();
  const { seen, faults } = follower(store);
  const streams = Array.from({ length: 60 }, freshStream);
  for (const [index, stream] of streams.entries()) {
    await store.appendToStream(appendOf(stream, 0n));
    if (index % 10 === 5) {
      await until(() => server.faults.dropSubscriptions() === 1);
      server.faults.repeatCaughtUp(3);
    }
  }
  await until(() => seen.length === streams.length);
  expect(seen).toEqual(streams);
  expect(faults).toEqual([]);
  expect(server.calls.subscribe).toBeGreaterThan(5);
});

test('a reader is woken by another process’s append, again after a drop, and after many caught-ups', async () => {
  const [store, second] = [storeHere(), storeHere()];
  const { signal } = new AbortController();
  const woken = async () => {
    await store.waitForAppend(0, signal);
    const waiting = store.waitForAppend(30_000, signal);
    await second.appendToStream(appendOf(freshStream(), 0n));
    await waiting;
  };
  const startedAt = performance.now();
  await store.waitForAppend(0, signal);
  await until(() => server.calls.subscribe === 1);
  await woken();
  server.faults.dropSubscriptions();
  await until(() => server.calls.subscribe === 2);
  await woken();
  server.faults.repeatCaughtUp(20);
  await woken();
  expect(performance.now() - startedAt).toBeLessThan(15_000);
});

test('a new subscription goes on behind the last event, or the last checkpoint, of the old one', async () => {
  const store = storeHere();
  const { signal } = new AbortController();
  await store.waitForAppend(0, signal);
  await until(() => server.subscribedFrom.length === 1);
  await store.appendToStream(appendOf(freshStream(), 0n));
  await until(() => server.faults.dropSubscriptions() === 1);
  await until(() => server.subscribedFrom.length === 2);
  server.faults.refuseSubscriptions(true);
  server.faults.dropSubscriptions();
  appendForeign(600);
  server.faults.refuseSubscriptions(false);
  await until(() => server.subscribedFrom.length === 3);
  await clock.sleep(50);
  server.faults.dropSubscriptions();
  await until(() => server.subscribedFrom.length === 4);
  const [first, , , last] = server.subscribedFrom;
  expect(first).toBe('end');
  expect(last).toMatch(/^\d+\/0$/);
  const { seen } = follower(store);
  const stream = freshStream();
  await store.appendToStream(appendOf(stream, 0n));
  await until(() => seen.at(-1) === stream);
});

test('without a subscription the log is asked for', async () => {
  const [store, second] = [storeHere(), storeHere()];
  server.faults.refuseSubscriptions(true);
  const { signal } = new AbortController();
  const startedAt = performance.now();
  for (let n = 0; n < 3; n += 1) {
    await store.waitForAppend(0, signal);
    const waiting = store.waitForAppend(30_000, signal);
    await second.appendToStream(appendOf(freshStream(), 0n));
    await waiting;
  }
  expect(performance.now() - startedAt).toBeLessThan(15_000);
});

test('what others keep on the server is passed over', async () => {
  const store = storeHere();
  appendForeign(1_500);
  expect(await store.head()).toBe('start');
  const first = freshStream();
  await store.appendToStream(appendOf(first, 0n));
  appendForeign(1_500);
  const second = freshStream();
  await store.appendToStream(appendOf(second, 0n));
  appendForeign(1_500);
  const { events, next } = await store.readAll({ after: 'start', limit: 10 });
  expect(events.map(({ stream }) => stream)).toEqual([first, second]);
  expect(await store.head()).toBe(next);
  const readsBefore = server.calls.read;
  expect(await store.readAll({ after: next, limit: 10 })).toEqual({ events: [], next });
  expect(await store.head()).toBe(next);
  expect(server.calls.read - readsBefore).toBe(2);
});

test('an append above the server’s limit is a clear fault, and writes nothing', async () => {
  const store = storeHere();
  const stream = freshStream();
  const text = 'x'.repeat(600_000);
  const large = store.appendToStream(appendOf(stream, 0n, newEvent({ text }), newEvent({ text })));
  await expect(large).rejects.toThrow('above 1000000');
  expect(server.calls.append).toBe(0);
  await store.appendToStream(appendOf(stream, 0n, newEvent({ text })));
  expect((await store.readStream(stream)).version).toBe(1n);
});

test('commands whose events exceed one append go out in several', async () => {
  const handler = commandHandler({ store: storeHere(), category: counterCategory });
  const id = randomUUID();
  const note = 'é'.repeat(75_000);
  const results = await Promise.all(
    Array.from({ length: 20 }, () => handler.handle(id, add(randomUUID(), { note }))),
  );
  expect(results.map((each) => each.ok && each.value.version)).toEqual(
    Array.from({ length: 20 }, (_, n) => BigInt(n + 1)),
  );
  expect(server.calls.append).toBe(4);
  const tooLarge = handler.handle(id, add(randomUUID(), { note: 'é'.repeat(600_000) }));
  await expect(tooLarge).rejects.toThrow('above 1000000');
  expect((await handler.load(id)).total).toBe(20);
});

test('many callers at once never exceed the calls of a connection, and a queue has an end', async () => {
  const store = storeHere({ concurrentCallsMax: 4, connections: 2, queueLengthMax: 100 });
  const results = await Promise.allSettled(
    Array.from({ length: 150 }, () => store.appendToStream(appendOf(freshStream(), 0n))),
  );
  const refused = results.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  expect(refused).toHaveLength(150 - 100 - 8);
  for (const reason of refused) expect(reason).toBeInstanceOf(QueueFull);
  expect(server.calls.atOnceMax).toBeLessThanOrEqual(8);
});

test('a stream that somebody deleted, and an event that is not ours, are faults', async () => {
  const store = storeHere();
  const [deleted, strange] = [freshStream(), freshStream()];
  await store.appendToStream(appendOf(deleted, 0n));
  server.log.tombstone(`counterfoil.${deleted}`);
  await expect(store.readStream(deleted)).rejects.toThrow('is deleted');
  await expect(store.appendToStream(appendOf(deleted, 1n))).rejects.toThrow('is deleted');
  server.log.append(`counterfoil.${strange}`, 'no-stream', [
    {
      id: randomUUID(),
      metadata: [
        ['type', 'Noted'],
        ['content-type', 'application/json'],
      ],
      customMetadata: new Uint8Array(),
      data: Buffer.from('{}'),
    },
  ]);
  await expect(store.readStream(strange)).rejects.toThrow('was not written by Counterfoil');
});

test('a checkpoint of another store is refused', async () => {
  const store = storeHere();
  await store.appendToStream(appendOf(freshStream(), 0n));
  await expect(store.readAll({ after: 'C:1/P:1' as never, limit: 1 })).rejects.toThrow(
    'no checkpoint',
  );
  await expect(store.readAll({ after: '1' as never, limit: 1 })).rejects.toThrow();
});

test('a closed store takes no more calls', async () => {
  const store = storeHere();
  await store.waitForAppend(0, new AbortController().signal);
  await store.close();
  await expect(store.appendToStream(appendOf(freshStream(), 0n))).rejects.toThrow('is closed');
});
