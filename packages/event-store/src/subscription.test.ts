import { checkpoint } from '@counterfoil/domain';
import { systemClock } from '@counterfoil/runtime';
import { manualClock } from '@counterfoil/runtime/testing';
import { expect, test } from 'vitest';
import { inMemoryEventStore } from './in-memory-event-store.ts';
import {
  type SubscriptionBatch,
  type SubscriptionOptions,
  subscribeToAll,
} from './subscription.ts';
import { appendOf, freshStream } from './testing/new-events.ts';

type Follow = Partial<SubscriptionOptions> & Readonly<{ length: number }>;

/** Follows until `length` events were handled. */
async function follow(store: SubscriptionOptions['store'], options: Follow) {
  const controller = new AbortController();
  const batches: SubscriptionBatch[] = [];
  let length = 0;
  await subscribeToAll({
    store,
    clock: systemClock(),
    from: 'start',
    signal: controller.signal,
    ...options,
    handle: async (batch) => {
      await options.handle?.(batch);
      batches.push(batch);
      length += batch.events.length;
      if (length >= options.length) controller.abort();
    },
  });
  return batches;
}

async function storeWith(events: number) {
  const store = inMemoryEventStore({ clock: systemClock() });
  for (let n = 0; n < events; n += 1) await store.appendToStream(appendOf(freshStream(), 0n));
  return store;
}

const positionsOf = (batches: readonly SubscriptionBatch[]) =>
  batches.map(({ events }) => events.map(({ position }) => position));

test('a reader catches up in batches, from its checkpoint', async () => {
  const store = await storeWith(7);
  const from = checkpoint('2');
  const batches = await follow(store, { from, batchSizeMax: 2, length: 5 });
  expect(positionsOf(batches)).toEqual([['3', '4'], ['5', '6'], ['7']]);
  expect(batches.map(({ next }) => next)).toEqual(['4', '6', '7']);
});

test('a reader that has caught up is woken by what comes', async () => {
  const store = await storeWith(1);
  const following = follow(store, { length: 3 });
  for (let n = 0; n < 2; n += 1) {
    await systemClock().sleep(5);
    await store.appendToStream(appendOf(freshStream(), 0n));
  }
  expect(positionsOf(await following)).toEqual([['1'], ['2'], ['3']]);
});

test('a fault of the handler or the store is tried again, later and later, and nothing is skipped', async () => {
  const clock = manualClock();
  const store = await storeWith(2);
  const faults: string[] = [];
  let calls = 0;
  let reads = 0;
  const following = follow(
    {
      ...store,
      readAll: (range) => {
        reads += 1;
        return reads === 2 ? Promise.reject(new Error('away')) : store.readAll(range);
      },
    },
    {
      clock,
      length: 2,
      batchSizeMax: 1,
      handle: async () => {
        calls += 1;
        if (calls <= 2) throw new Error('broken');
      },
      onFault: (error, attempt) =>
        faults.push(`${String(error)} ${attempt} at ${clock.monotonic()}`),
    },
  );
  await clock.advance(10_000);
  expect(positionsOf(await following)).toEqual([['1'], ['2']]);
  expect(faults).toEqual(['Error: broken 1 at 0', 'Error: away 2 at 50', 'Error: broken 3 at 150']);
});

test('a reader stops when it is told to, also while it waits', async () => {
  const controller = new AbortController();
  const store = await storeWith(0);
  const handle = async () => {};
  const { signal } = controller;
  const clock = systemClock();
  const following = subscribeToAll({ store, clock, from: 'start', handle, signal });
  await clock.sleep(5);
  controller.abort();
  await following;
  await subscribeToAll({ store, clock, from: 'start', handle, signal });
});
