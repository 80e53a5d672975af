import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { correlationId } from '@counterfoil/domain';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { commandHandler } from '../command-handler.ts';
import { derivedEventId } from '../derived-event-id.ts';
import type { EventStore } from '../event-store.ts';
import { QueueFull } from '../queue-full.ts';
import { idempotenceTests } from './command-idempotence-tests.ts';
import { latestTests } from './command-latest-tests.ts';
import { add, breakDown, close, counterCategory } from './counter.ts';
import type { StoreUnderTest } from './event-store-contract.ts';
import { faultyEventStore } from './faulty-event-store.ts';

/** What the command handler promises over a store. */
export function commandHandlerContract(name: string, start: () => Promise<StoreUnderTest>): void {
  describe(`The command handler over ${name}`, () => {
    let under: StoreUnderTest;
    beforeAll(async () => {
      under = await start();
    });
    afterAll(() => under.stop());
    const store = () => under.store;
    const other = () => under.second ?? under.store;

    decisionTests(store);
    batchTests(store);
    raceTests(store, other);
    idempotenceTests(store, other);
    latestTests(store, other);
    faultTests(store);
  });
}

const category = counterCategory;
const uuid = () => randomUUID();

function decisionTests(store: () => EventStore): void {
  test('a command’s events are recorded with what it says of itself', async () => {
    const id = uuid();
    const command = add(uuid(), { amount: 2, twice: true });
    const result = await commandHandler({ store: store(), category }).handle(id, command);
    const { events } = await store().readStream(`counter-${id}`);
    const { commandId, now } = command.context;
    expect(events).toMatchObject([
      { eventId: derivedEventId(commandId, 0), event: { type: 'Added', data: { total: 2 } } },
      { eventId: derivedEventId(commandId, 1), event: { type: 'Added', data: { total: 4 } } },
    ]);
    for (const recorded of events)
      expect(recorded).toMatchObject({
        occurredAt: now,
        causationId: commandId,
        correlationId: correlationId(`correlation-of-${commandId}`),
      });
    expect(result).toEqual({
      ok: true,
      value: {
        version: 2n,
        position: events.at(-1)?.position,
        events: events.map(({ event }) => event),
      },
    });
  });

  test('a category may say when what a command reports happened', async () => {
    const id = uuid();
    const reported = { ...category, occurredAtOf: () => add(uuid()).context.now };
    await commandHandler({ store: store(), category: reported }).handle(id, add(uuid()));
    const { events } = await store().readStream(`counter-${id}`);
    expect(events[0]?.occurredAt).toBe(add(uuid()).context.now);
  });

  test('a rejection leaves nothing', async () => {
    const id = uuid();
    const handler = commandHandler({ store: store(), category });
    await handler.handle(id, add(uuid(), { amount: 5 }));
    const result = await handler.handle(id, add(uuid(), { amount: 6, atMost: 10 }));
    expect(result).toMatchObject({ ok: false, error: { code: 'above-limit' } });
    expect((await store().readStream(`counter-${id}`)).version).toBe(1n);
  });

  test('a command with nothing left to do has a receipt at the current version', async () => {
    const id = uuid();
    const handler = commandHandler({ store: store(), category });
    await handler.handle(id, add(uuid()));
    const result = await handler.handle(id, add(uuid(), { amount: 0 }));
    expect(result).toEqual({ ok: true, value: { version: 1n, position: null, events: [] } });
  });

  test('a broken invariant fails its own command alone', async () => {
    const id = uuid();
    const handler = commandHandler({ store: store(), category });
    const results = await Promise.allSettled([
      handler.handle(id, add(uuid())),
      handler.handle(id, breakDown(uuid())),
      handler.handle(id, add(uuid())),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((await handler.load(id)).total).toBe(2);
  });

  test('load gives the state, of an absent aggregate the initial one', async () => {
    const id = uuid();
    const handler = commandHandler({ store: store(), category });
    expect(await handler.load(id)).toEqual({ total: 0, commands: 0, closed: false });
    await handler.handle(id, add(uuid(), { amount: 7 }));
    expect(await handler.load(id)).toEqual({ total: 7, commands: 1, closed: false });
    const afresh = commandHandler({ store: store(), category });
    expect(await afresh.load(id)).toEqual({ total: 7, commands: 1, closed: false });
  });
}

function batchTests(store: () => EventStore): void {
  test('commands that come while an append is under way go out together', async () => {
    const id = uuid();
    const watched = faultyEventStore(store());
    const handler = commandHandler({ store: watched, category });
    await handler.handle(id, add(uuid()));
    const results = await Promise.all(
      Array.from({ length: 100 }, () => handler.handle(id, add(uuid()))),
    );
    expect(watched.appends.map(({ events }) => events.length)).toEqual([1, 1, 99]);
    expect(results.map((each) => each.ok && each.value.version)).toEqual(
      Array.from({ length: 100 }, (_, n) => BigInt(n + 2)),
    );
    expect((await handler.load(id)).total).toBe(101);
  });

  test('callers go on when the append after their own has left', async () => {
    const id = uuid();
    const watched = faultyEventStore(store());
    let leave = () => {};
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const handler = commandHandler({ store: { ...watched, underWay: () => left }, category });
    await handler.load(id);
    let isAnswered = false;
    const first = handler.handle(id, add(uuid())).then(() => {
      isAnswered = true;
    });
    const others = [1, 2].map(() => handler.handle(id, add(uuid())));
    await vi.waitFor(() =>
      expect(watched.appends.map(({ events }) => events.length)).toEqual([1, 2]),
    );
    expect(isAnswered).toBe(false);
    leave();
    await Promise.all([first, ...others]);
  });

  test('the callers of a large append are answered in their order, some in each turn', async () => {
    const id = uuid();
    const answered: number[] = [];
    const answeredBefore: number[] = [];
    const underWay = async () => {
      answeredBefore.push(answered.length);
      await setImmediate();
    };
    const handler = commandHandler({ store: { ...store(), underWay }, category });
    await handler.load(id);
    const numbers = Array.from({ length: 200 }, (_, number) => number);
    await Promise.all(
      numbers.map(async (number) => {
        await handler.handle(id, add(uuid()));
        answered.push(number);
      }),
    );
    expect(answered).toEqual(numbers);
    const inTurns = [...answeredBefore, 200].map(
      (sum, turn) => sum - (answeredBefore[turn - 1] ?? 0),
    );
    expect(Math.max(...inTurns)).toBeLessThan(100);
  });

  test('one append takes a bounded number of events', async () => {
    const id = uuid();
    const watched = faultyEventStore(store());
    const handler = commandHandler({ store: watched, category, eventsPerAppendMax: 10 });
    await Promise.all(Array.from({ length: 35 }, () => handler.handle(id, add(uuid()))));
    expect(Math.max(...watched.appends.map(({ events }) => events.length))).toBe(10);
    expect((await handler.load(id)).total).toBe(35);
  });

  test('a command is decided upon those before it that are not stored yet', async () => {
    const id = uuid();
    const handler = commandHandler({ store: store(), category });
    const results = await Promise.all(
      Array.from({ length: 20 }, () => handler.handle(id, add(uuid(), { atMost: 7 }))),
    );
    expect(results.filter((each) => each.ok)).toHaveLength(7);
    expect((await handler.load(id)).total).toBe(7);
  });

  test('a queue has an end', async () => {
    const id = uuid();
    const watched = faultyEventStore(store());
    const handler = commandHandler({ store: watched, category, queueLengthMax: 5 });
    const release = watched.hold();
    const waiting = Array.from({ length: 5 }, () => handler.handle(id, add(uuid())));
    await expect(handler.handle(id, add(uuid()))).rejects.toThrow(QueueFull);
    release();
    await Promise.all(waiting);
    expect(await handler.handle(id, add(uuid()))).toMatchObject({ ok: true });
  });

  test('states beyond the size of the cache are forgotten and loaded again', async () => {
    const ids = Array.from({ length: 12 }, uuid);
    const handler = commandHandler({ store: store(), category, cacheSizeMax: 4 });
    for (const round of [1, 2])
      for (const id of ids)
        expect(await handler.handle(id, add(uuid()))).toMatchObject({
          value: { version: BigInt(round) },
        });
  });
}

function raceTests(store: () => EventStore, other: () => EventStore): void {
  test('two handlers racing on one stream lose and repeat nothing', async () => {
    const id = uuid();
    const racers = [store(), other()].map((each) => commandHandler({ store: each, category }));
    const results = await Promise.all(
      Array.from({ length: 60 }, async (_, n) => {
        const handler = racers[n % 2];
        for (let turn = 0; turn < n % 7; turn += 1) await handler?.load(id);
        return handler?.handle(id, add(uuid()));
      }),
    );
    const versions = results.map((each) => each?.ok && each.value.version);
    expect(versions.toSorted((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 60 }, (_, n) => BigInt(n + 1)),
    );
    const { events } = await store().readStream(`counter-${id}`);
    expect(events.map(({ event }) => event.data)).toMatchObject(
      Array.from({ length: 60 }, (_, n) => ({ total: n + 1 })),
    );
  });

  test('a command is decided on the latest state, also when it records nothing', async () => {
    const id = uuid();
    const stale = commandHandler({ store: store(), category });
    const ahead = commandHandler({ store: other(), category });
    await stale.handle(id, add(uuid(), { amount: 9 }));
    await ahead.handle(id, add(uuid(), { amount: -9 }));
    expect(await stale.handle(id, add(uuid(), { amount: 5, atMost: 10 }))).toMatchObject({
      value: { version: 3n, events: [{ data: { total: 5 } }] },
    });
    await ahead.handle(id, add(uuid(), { amount: 20 }));
    expect(await stale.handle(id, add(uuid(), { amount: 0 }))).toMatchObject({
      value: { version: 4n },
    });
  });

  test('a stream that always moves on becomes a fault in the end', async () => {
    const id = uuid();
    const moving: EventStore = {
      ...store(),
      appendToStream: async () => ({
        outcome: 'version-conflict',
        actual: (await store().readStream(`counter-${id}`)).version,
      }),
    };
    const handler = commandHandler({ store: moving, category, conflictRetriesMax: 3 });
    await expect(handler.handle(id, add(uuid()))).rejects.toThrow('moved on 4 times');
  });
}

function faultTests(store: () => EventStore): void {
  test('a fault is told to the callers of that append; the next are decided afresh', async () => {
    const id = uuid();
    const faulty = faultyEventStore(store());
    const handler = commandHandler({ store: faulty, category });
    await handler.handle(id, add(uuid()));
    faulty.failNext('refuse');
    const results = await Promise.allSettled([
      handler.handle(id, add(uuid(), { amount: 10 })),
      handler.handle(id, add(uuid(), { amount: 100 })),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect((await handler.load(id)).total).toBe(101);
  });

  test('a command whose answer was lost is not carried out twice', async () => {
    const id = uuid();
    const faulty = faultyEventStore(store());
    const handler = commandHandler({ store: faulty, category });
    faulty.failNext('loseAnswer');
    const command = close(uuid());
    await expect(handler.handle(id, command)).rejects.toThrow('the answer was lost');
    expect(await handler.handle(id, command)).toMatchObject({
      value: { version: 1n, events: [{ type: 'Closed' }] },
    });
    expect((await store().readStream(`counter-${id}`)).version).toBe(1n);
  });

  test('a rejection that rests on an append which failed is decided again', async () => {
    const id = uuid();
    const faulty = faultyEventStore(store());
    const handler = commandHandler({ store: faulty, category });
    await handler.handle(id, add(uuid()));
    faulty.failNext('refuse');
    const [lost, kept] = await Promise.allSettled([
      handler.handle(id, add(uuid(), { amount: 9, atMost: 10 })),
      handler.handle(id, add(uuid(), { amount: 5, atMost: 10 })),
    ]);
    expect(lost.status).toBe('rejected');
    expect(kept).toMatchObject({
      value: { ok: true, value: { events: [{ data: { total: 6 } }] } },
    });
  });

  test('a stream that cannot be read is a fault, and is read again for the next command', async () => {
    const id = uuid();
    const faulty = faultyEventStore(store());
    const handler = commandHandler({ store: faulty, category });
    faulty.failNextRead();
    await expect(handler.handle(id, add(uuid()))).rejects.toThrow('cannot be read');
    faulty.failNextRead();
    await expect(handler.load(id)).rejects.toThrow('cannot be read');
    expect(await handler.handle(id, add(uuid()))).toMatchObject({ value: { version: 1n } });
  });

  test('a reading that fails for who asked for the state keeps no command waiting', async () => {
    const id = uuid();
    const faulty = faultyEventStore(store());
    const handler = commandHandler({ store: faulty, category });
    for (const read of [handler.load, handler.loadLatest]) {
      faulty.failNextRead();
      const [state, command] = await Promise.allSettled([
        read(id),
        handler.handle(id, add(uuid())),
      ]);
      expect(state.status).toBe('rejected');
      expect(command).toMatchObject({ value: { ok: true } });
    }
  });
}
