import {
  type Database,
  isUnavailable,
  migrate,
  postgresDatabase,
  processMetrics,
  systemClock,
} from '@counterfoil/runtime';
import { cuttableProxy, testDatabase, type TestDatabase } from '@counterfoil/runtime/testing';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { consumerGroup, type EventBus } from '../event-bus.ts';
import { partitionOf } from '../partition-of.ts';
import { crashableDatabase } from '../testing/crashable-database.ts';
import { contractPolicy, eventBusContract } from '../testing/event-bus-contract.ts';
import { type Note, noteTopic, notesOf } from '../testing/note-topic.ts';
import { eventBusMigrations } from './event-bus-migrations.ts';
import { postgresEventBus } from './postgres-event-bus.ts';
import { heartbeat, registerGroup } from './group-leases.ts';
import { trimUnsubscribed } from './trimmer.ts';
import { commitTurn, moveCursors } from './turn-commit.ts';

const clock = systemClock();
const topic = noteTopic();
const writers = consumerGroup('writers');
const leaseMs = 900;

let fixture: TestDatabase;
const opened: Database[] = [];
beforeAll(async () => {
  fixture = await testDatabase();
  await migrate(fixture.database, eventBusMigrations);
});
afterEach(close);
afterAll(() => fixture.drop());

function open(url = fixture.url): Database {
  const database = postgresDatabase({
    url,
    connectionsMax: 4,
    applicationName: 'bus-test',
  });
  opened.push(database);
  return database;
}

async function close(): Promise<void> {
  for (const database of opened.splice(0)) await database.close();
  await fixture.database.query(
    `truncate counterfoil_bus.topics, counterfoil_bus.messages, counterfoil_bus.subscriptions,
       counterfoil_bus.members, counterfoil_bus.parked, counterfoil_bus.dead_letters`,
  );
}

const busOn = (database: Database): EventBus =>
  postgresEventBus({ database, clock, policy: contractPolicy, leaseMs });

eventBusContract('The PostgreSQL event bus', async () => ({
  process: async () => {
    const { database, crash } = crashableDatabase(open());
    return { bus: busOn(database), crash: async () => crash() };
  },
  close,
}));

async function count(table: string): Promise<number> {
  const { rows } = await fixture.database.query(
    `select count(*)::integer as count from counterfoil_bus.${table}`,
  );
  return rows[0]?.['count'] as number;
}

/** Another key of the same partition. */
function keyBeside(key: string): string {
  for (let number = 1; ; number++)
    if (partitionOf(`beside-${number}`) === partitionOf(key)) return `beside-${number}`;
}

/** Acknowledges everything, and remembers it. */
function reader() {
  const seen: Note[] = [];
  const handle = async ({ message }: Readonly<{ message: Note }>) => {
    seen.push(message);
    return { kind: 'ack' } as const;
  };
  return { seen, handle };
}

const until = (condition: () => boolean | Promise<boolean>) =>
  expect.poll(condition, { timeout: 15_000, interval: 10 }).toBe(true);

test('a publisher that commits late is not skipped', { timeout: 30_000 }, async () => {
  const bus = busOn(open());
  const { seen, handle } = reader();
  await using _ = await bus.subscribe(topic, { group: writers, handle });
  let finish = () => {};
  const held = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let isWritten = false;
  // The slow publisher has its position, and does not commit until the quick one was asked to publish.
  const slow = open().transaction(async (session) => {
    const within: Database = { ...fixture.database, query: session.query };
    await busOn(within).publish(topic, [{ key: 'slow', ordinal: 1 }]);
    isWritten = true;
    await held;
  });
  await until(() => isWritten);
  const neighbour = keyBeside('slow');
  const quick = busOn(open()).publish(topic, [{ key: neighbour, ordinal: 1 }]);
  await clock.sleep(200);
  finish();
  await Promise.all([slow, quick]);
  await until(() => seen.length === 2);
  expect(seen.map((note) => note.key)).toEqual(['slow', neighbour]);
});

test('publishers of several processes leave no gap and lose nothing', {
  timeout: 30_000,
}, async () => {
  const { seen, handle } = reader();
  await using _ = await busOn(open()).subscribe(topic, { group: writers, handle });
  const buses = [busOn(open()), busOn(open()), busOn(open())];
  await Promise.all(
    buses.map(async (bus, index) => {
      for (let ordinal = 1; ordinal <= 100; ordinal++)
        await bus.publish(topic, [{ key: `key-${index}`, ordinal }]);
    }),
  );
  await until(() => seen.length === 300);
  const { rows } = await fixture.database.query('select head from counterfoil_bus.topics');
  expect(rows).toEqual([{ head: '300' }]);
  for (const index of [0, 1, 2])
    expect(seen.filter(({ key }) => key === `key-${index}`).map(({ ordinal }) => ordinal)).toEqual(
      Array.from({ length: 100 }, (_, position) => position + 1),
    );
});

test('its lag and its traffic are metrics, dead letters from the start', async () => {
  const metrics = processMetrics({ withProcessMetrics: false });
  const database = open();
  const bus = postgresEventBus({ database, clock, metrics, policy: contractPolicy, leaseMs });
  const delivered = (outcome: string) =>
    `counterfoil_bus_delivered_total{topic="notes",group="writers",outcome="${outcome}"}`;
  await bus.publish(topic, notesOf('a', 2));
  await using _ = await bus.subscribe(topic, {
    group: writers,
    handle: async ({ message }) =>
      message.ordinal === 1
        ? { kind: 'dead-letter', reason: 'no' }
        : { kind: 'retry', delayMs: 60_000, reason: 'never' },
  });
  expect(await metrics.metrics()).toContain(`${delivered('dead-letter')} `);
  await until(async () => (await metrics.metrics()).includes(`${delivered('retry')} 1`));
  // The lag is asked for beside, and may be answered later than the first deliveries.
  const lag = /counterfoil_bus_lag\{topic="notes",group="writers"\} [12]/;
  await until(async () => lag.test(await metrics.metrics()));
  const text = await metrics.metrics();
  expect(text).toContain(`${delivered('dead-letter')} 1`);
  expect(text).toContain(`${delivered('ack')} 0`);
  expect(text).toContain('counterfoil_bus_published_total{topic="notes"} 2');
});

test('a failed publication can be given again', async () => {
  let isAway = true;
  const database = open();
  const bus = busOn({
    ...database,
    query: (...parameters) =>
      isAway
        ? Promise.reject(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))
        : database.query(...parameters),
  });
  const { seen, handle } = reader();
  await using _ = await busOn(open()).subscribe(topic, { group: writers, handle });
  const error: unknown = await bus.publish(topic, notesOf('a', 3)).catch((fault: unknown) => fault);
  expect(isUnavailable(error)).toBe(true);
  isAway = false;
  await bus.publish(topic, notesOf('a', 3));
  await until(() => seen.length === 3);
});

test('what a member did from a cursor or under a lease that is no longer its own counts for nothing', async () => {
  const name = { topic: topic.name, group: writers, member: clock.randomId() };
  await registerGroup(fixture.database, name);
  await heartbeat(fixture.database, name, leaseMs);
  const move = { partition: 3, from: 0n, to: 7n };
  const again = (member: string) => moveCursors(fixture.database, { ...name, member }, [move]);
  expect([...(await again(clock.randomId()))]).toEqual([]);
  expect([...(await again(name.member))]).toEqual([3]);
  expect([...(await again(name.member))]).toEqual([]);
  const turn = { ...move, parkings: [], removals: [], letters: [] };
  expect(await commitTurn(fixture.database, name, turn, clock)).toBe(false);
});

test('a dead letter that another process retries is not kept waiting by a partition that is never idle', {
  timeout: 30_000,
}, async () => {
  const bus = busOn(open());
  const neighbour = keyBeside('dead');
  const failed: number[] = [];
  let turns = 0;
  let isDone = false;
  await using _ = await bus.subscribe(topic, {
    group: writers,
    handle: async ({ message: { key, ordinal } }) => {
      if (key === 'dead') {
        failed.push(turns);
        return failed.length === 1 ? { kind: 'dead-letter', reason: 'no' } : { kind: 'ack' };
      }
      turns++;
      // Longer than from one heartbeat to the next, and the next message is there before it ends.
      await clock.sleep(leaseMs / 2);
      if (!isDone) await bus.publish(topic, [{ key: neighbour, ordinal: ordinal + 1 }]);
      return { kind: 'ack' };
    },
  });
  await bus.publish(topic, [
    { key: 'dead', ordinal: 1 },
    { key: neighbour, ordinal: 1 },
  ]);
  const other = busOn(open());
  await until(async () => (await other.deadLetters.list()).length === 1);
  const [letter] = await other.deadLetters.list();
  const turnsBefore = turns;
  await other.deadLetters.retry([letter?.id ?? '']);
  await until(() => failed.length === 2);
  isDone = true;
  expect((failed[1] ?? 0) - turnsBefore).toBeLessThanOrEqual(3);
});

test('messages that every group acknowledged are removed', { timeout: 30_000 }, async () => {
  const bus = busOn(open());
  const [first, second] = [reader(), reader()];
  await using _ = await bus.subscribe(topic, { group: writers, handle: first.handle });
  const late = await bus.subscribe(topic, { group: consumerGroup('late'), handle: second.handle });
  await late[Symbol.asyncDispose]();
  await bus.publish(topic, notesOf('a', 50));
  await until(() => first.seen.length === 50);
  await clock.sleep(leaseMs);
  expect(await count('messages')).toBe(50);
  await using __ = await bus.subscribe(topic, {
    group: consumerGroup('late'),
    handle: second.handle,
  });
  await until(() => second.seen.length === 50);
  await until(async () => (await count('messages')) === 0);
});

test('of a topic that nobody reads only the newest messages are kept', async () => {
  await busOn(open()).publish(topic, notesOf('a', 30));
  await trimUnsubscribed(fixture.database, topic.name, 10);
  expect(await count('messages')).toBe(10);
});

test('lost connections in mid-work cost nothing but repeats', { timeout: 30_000 }, async () => {
  const bus = busOn(open());
  const { seen, handle } = reader();
  await using _ = await bus.subscribe(topic, { group: writers, handle });
  const keys = Array.from({ length: 20 }, (_each, index) => `key-${index}`);
  const publishing = (async () => {
    for (let ordinal = 1; ordinal <= 15; ordinal++)
      for (const key of keys)
        for (let isOut = false; !isOut; )
          isOut = await bus.publish(topic, [{ key, ordinal }]).then(
            () => true,
            () => false,
          );
  })();
  for (let round = 0; round < 5; round++) {
    await clock.sleep(100);
    await fixture.database.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'bus-test'",
    );
  }
  await publishing;
  await until(async () => (await bus.lag(topic.name, writers).catch(() => 1)) === 0);
  for (const key of keys) {
    const firsts = [
      ...new Set(seen.filter((note) => note.key === key).map((note) => note.ordinal)),
    ];
    expect(firsts).toEqual(Array.from({ length: 15 }, (_each, index) => index + 1));
  }
});

test('a database that is away for longer than a lease is waited for', {
  timeout: 30_000,
}, async () => {
  const proxy = await cuttableProxy(fixture.url);
  const bus = busOn(open(proxy.url));
  const { seen, handle } = reader();
  const subscription = await bus.subscribe(topic, { group: writers, handle });
  await bus.publish(topic, notesOf('a', 5));
  await until(() => seen.length === 5);
  await proxy.cut();
  await expect(bus.publish(topic, notesOf('b', 5))).rejects.toThrow();
  await clock.sleep(2 * leaseMs);
  await proxy.restore();
  await bus.publish(topic, notesOf('b', 5));
  await until(async () => (await bus.lag(topic.name, writers)) === 0);
  const ordinals = seen.filter((note) => note.key === 'b').map((note) => note.ordinal);
  expect(ordinals).toEqual([1, 2, 3, 4, 5]);
  await subscription[Symbol.asyncDispose]();
  await proxy.close();
});
