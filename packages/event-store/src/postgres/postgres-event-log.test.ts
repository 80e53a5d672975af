import { randomUUID } from 'node:crypto';
import { migrate, systemClock } from '@counterfoil/runtime';
import { testDatabase, type TestDatabase } from '@counterfoil/runtime/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { commandHandler } from '../command-handler.ts';
import type { AppendRequest, EventStore } from '../event-store.ts';
import { QueueFull } from '../queue-full.ts';
import { type SubscriptionBatch, subscribeToAll } from '../subscription.ts';
import { add, counterCategory } from '../testing/counter.ts';
import { appendOf, freshStream, newEvent } from '../testing/new-events.ts';
import { writingProcess } from '../testing/writing-process.ts';
import { eventLogMigrations } from './migrations.ts';
import { postgresEventStore } from './postgres-event-store.ts';

const clock = systemClock();
let fixture: TestDatabase;
beforeEach(async () => {
  fixture = await testDatabase({ connectionsMax: 8 });
  await migrate(fixture.database, eventLogMigrations());
});
afterEach(() => fixture.drop());

const takeLock = "select pg_advisory_xact_lock(hashtextextended('counterfoil_log.events', 0))";
const storeHere = () => postgresEventStore({ database: fixture.database, clock });

const count = async (sql: string) => {
  const { rows } = await fixture.database.query(sql);
  return Number(rows[0]?.['count']);
};
const eventCount = () => count('select count(*) from counterfoil_log.events');

async function expectContiguousPositions(): Promise<void> {
  const { rows } = await fixture.database.query(
    'select min(position) as first, max(position) as last, count(*) from counterfoil_log.events',
  );
  expect(rows[0]?.['first']).toBe('1');
  expect(rows[0]?.['last']).toBe(rows[0]?.['count']);
}

/** Follows the log from its start until `stop`, as a projector would. */
function follower(store: EventStore) {
  const controller = new AbortController();
  const seen: string[] = [];
  const handle = async ({ events }: SubscriptionBatch) => {
    seen.push(...events.map(({ position }) => position));
  };
  const { signal } = controller;
  const ended = subscribeToAll({ store, clock, from: 'start', handle, signal, batchSizeMax: 9 });
  const stop = async (length: number) => {
    while (seen.length < length) await clock.sleep(5);
    controller.abort();
    await ended;
    return seen;
  };
  return { stop };
}

const upTo = (length: number) => Array.from({ length }, (_, n) => String(n + 1));

test('several processes write one log: positions have no gap and readers miss nothing', async () => {
  const sharedId = randomUUID();
  const commands = 60;
  const input = { url: fixture.url, sharedId, commands, startAt: Date.now() + 3_000 };
  const following = follower(storeHere());
  const outputs = await Promise.all([1, 2, 3].map(() => writingProcess(input)));
  const totals = outputs.flatMap((output) => output.totals).toSorted((a, b) => a - b);
  expect(totals).toEqual(Array.from({ length: 3 * commands }, (_, n) => n + 1));
  expect(await eventCount()).toBe(3 * commands * 3);
  await expectContiguousPositions();
  expect(await following.stop(3 * commands * 3)).toEqual(upTo(3 * commands * 3));
}, 60_000);

test('backends killed amid appends: every caller is told the truth, or that it is unknown', async () => {
  const store = storeHere();
  const following = follower(store);
  let faults = 0;
  const insist = async (request: AppendRequest) => {
    for (;;) {
      try {
        return await store.appendToStream(request);
      } catch {
        faults += 1;
        await clock.sleep(5);
      }
    }
  };
  let isWriting = true;
  // While the lock is taken every append under way waits for it, so some are sure to be killed there;
  // those that are killed between may be anywhere, also behind their commit.
  const killAppends = `select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and query like '%append_batch%'`;
  const killWaiting = () =>
    fixture.database.transaction(async (session) => {
      await session.query(takeLock);
      await clock.sleep(10);
      await session.query(killAppends);
    });
  const kill = async () => {
    while (isWriting) {
      await killWaiting().catch(() => {});
      await clock.sleep(15);
      await fixture.database.query(killAppends).catch(() => {});
      await clock.sleep(15);
    }
  };
  const killing = kill();
  const writers = 30;
  const appends = 60n;
  await Promise.all(
    Array.from({ length: writers }, async () => {
      const stream = freshStream();
      for (let n = 0n; n < appends; n += 1n) {
        const outcome = await insist(appendOf(stream, n));
        expect(outcome).toMatchObject({ version: n + 1n });
      }
    }),
  );
  isWriting = false;
  await killing;
  expect(faults).toBeGreaterThan(0);
  expect(await eventCount()).toBe(writers * Number(appends));
  await expectContiguousPositions();
  const all = writers * Number(appends);
  expect(await following.stop(all)).toEqual(upTo(all));
}, 60_000);

test('commands outlive killed backends: each one is carried out once', async () => {
  const handler = commandHandler({ store: storeHere(), category: counterCategory });
  const id = randomUUID();
  const kill = async () => {
    await fixture.database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    );
  };
  const insist = async () => {
    const command = add(randomUUID());
    for (;;) {
      const settled = await handler.handle(id, command).catch(() => null);
      if (settled !== null) return settled;
      await clock.sleep(5);
    }
  };
  const results = [];
  for (let round = 0; round < 5; round += 1) {
    const some = Promise.all(Array.from({ length: 50 }, insist));
    await kill().catch(() => {});
    results.push(...(await some));
  }
  const versions = results.map((result) => result.ok && result.value.version);
  expect(new Set(versions).size).toBe(250);
  expect((await handler.load(id)).total).toBe(250);
  expect(await eventCount()).toBe(250);
}, 60_000);

test('an append waits for one that another connection has under way', async () => {
  const store = storeHere();
  await store.appendToStream(appendOf(freshStream(), 0n));
  const other = freshStream();
  let appending: Promise<unknown> = Promise.resolve();
  await fixture.database.transaction(async (session) => {
    await session.query(takeLock);
    appending = store.appendToStream(appendOf(other, 0n));
    await clock.sleep(50);
    expect(await eventCount()).toBe(1);
  });
  await appending;
  expect(await eventCount()).toBe(2);
});

test('an append under another isolation level is refused, since it could not see what it waited for', async () => {
  const refused = fixture.database.transaction(async (session) => {
    await session.query('set transaction isolation level repeatable read');
    await session.query(
      `select counterfoil_log.append_batch('s', '{0}', '{1}', 's', '{1}',
         '{00000000-0000-4000-8000-000000000001}', 'Noted', '{1}', '{}', 'c', 'c', '{0}', 0)`,
    );
  });
  await expect(refused).rejects.toThrow('read committed');
});

test('a queue of appends has an end', async () => {
  const store = postgresEventStore({ database: fixture.database, clock, queueLengthMax: 3 });
  const results = await Promise.allSettled(
    Array.from({ length: 5 }, () => store.appendToStream(appendOf(freshStream(), 0n))),
  );
  const reasons = results.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  expect(reasons).toHaveLength(2);
  expect(reasons[0]).toBeInstanceOf(QueueFull);
});

test('a group has a bounded size, and waits for company when it is told to', async () => {
  const store = postgresEventStore({
    database: fixture.database,
    clock,
    groupSizeMax: 10,
    groupWaitMs: 20,
  });
  const requests = Array.from({ length: 25 }, () => appendOf(freshStream(), 0n));
  const half = Promise.all(requests.slice(0, 4).map(store.appendToStream));
  await clock.sleep(5);
  await Promise.all([half, ...requests.slice(4).map(store.appendToStream)]);
  const { rows } = await fixture.database.query(
    'select count(*) from counterfoil_log.events group by xmin::text order by 1 desc',
  );
  expect(rows.map((row) => Number(row['count']))).toEqual([10, 10, 5]);
});

test('only a session that appends much sets memory aside for it', async () => {
  const setting = async () => {
    const { rows } = await fixture.database.query(
      "select current_setting('counterfoil.keeps_memory', true) as value",
    );
    return rows[0]?.['value'] || null;
  };
  await storeHere().appendToStream(appendOf(freshStream(), 0n));
  expect(await setting()).toBeNull();
  const large = newEvent({ text: 'x'.repeat(20_000) });
  await storeHere().appendToStream(appendOf(freshStream(), 0n, large));
  expect(await setting()).toBe('yes');
});

test('two logs live beside each other in one database', async () => {
  await migrate(fixture.database, eventLogMigrations('another_log'));
  const another = postgresEventStore({ database: fixture.database, clock, schema: 'another_log' });
  const stream = freshStream();
  await storeHere().appendToStream(appendOf(stream, 0n));
  expect(await another.readStream(stream)).toEqual({ version: 0n, events: [] });
  expect(() => eventLogMigrations('a"; drop')).toThrow('cannot name');
});

test('a checkpoint of another store is refused', async () => {
  await expect(storeHere().readAll({ after: 'C:12/P:12' as never, limit: 1 })).rejects.toThrow(
    'no checkpoint',
  );
});
