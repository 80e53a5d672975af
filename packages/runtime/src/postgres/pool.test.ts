import { afterAll, beforeAll, expect, test } from 'vitest';
import { cuttableProxy } from '../testing/cuttable-proxy.ts';
import { testDatabase, type TestDatabase } from '../testing/test-database.ts';
import { isUnavailable, sqlState } from './faults.ts';
import { postgresDatabase } from './pool.ts';

let fixture: TestDatabase;
beforeAll(async () => {
  fixture = await testDatabase();
  await fixture.database.query('create table notes (id integer primary key, body text)');
});
afterAll(() => fixture.drop());

const fault = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

test('numbers and instants that JavaScript would round arrive as text, in arrays too', async () => {
  const { rows } = await fixture.database.query(
    `select 9007199254740993::int8 as whole, array[9007199254740993::int8] as wholes,
            1.10::numeric(38,2) as amount, array[90071992547409931234::numeric] as amounts,
            '2026-02-03 04:05:06.123456+02'::timestamptz as instant, '2026-02-03'::date as day,
            '\\x00ff'::bytea as bytes, '{"amount":"1.10"}'::jsonb as document`,
  );
  expect(rows[0]).toEqual({
    whole: '9007199254740993',
    wholes: ['9007199254740993'],
    amount: '1.10',
    amounts: ['90071992547409931234'],
    instant: '2026-02-03 02:05:06.123456+00',
    day: '2026-02-03',
    bytes: Buffer.from([0, 255]),
    document: { amount: '1.10' },
  });
});

test('a transaction commits what its work wrote, and nothing when the work throws', async () => {
  await fixture.database.transaction((session) =>
    session.query('insert into notes values ($1, $2)', [1, 'kept']),
  );
  const thrown = await fault(
    fixture.database.transaction(async (session) => {
      await session.query('insert into notes values (2, null)');
      throw new Error('changed my mind');
    }),
  );
  expect(thrown).toEqual(new Error('changed my mind'));
  const { rows } = await fixture.database.query('select id from notes');
  expect(rows).toEqual([{ id: 1 }]);
});

test('a transaction whose work swallowed a fault rejects instead of rolling back in silence', async () => {
  const thrown = await fault(
    fixture.database.transaction(async (session) => {
      await session.query('insert into notes values (3, null)');
      await fault(session.query('select 1/0'));
    }),
  );
  expect(sqlState(thrown)).toBe('25P02');
});

test('a named statement runs again with other values', async () => {
  const twice = async (value: number) =>
    (await fixture.database.query('select $1::integer * 2 as twice', [value], { name: 'twice' }))
      .rows;
  expect([await twice(2), await twice(4)]).toEqual([[{ twice: 4 }], [{ twice: 8 }]]);
});

test('a session keeps its connection until its work settles', async () => {
  const taken = await fixture.database.withSession(async (session) => {
    await session.query('select pg_advisory_lock(77)');
    const other = await fixture.database.query('select pg_try_advisory_lock(77) as free');
    await session.query('select pg_advisory_unlock(77)');
    return other.rows;
  });
  expect(taken).toEqual([{ free: false }]);
});

test('a refused statement keeps its code and is not taken for an absent server', async () => {
  const thrown = await fault(fixture.database.query('insert into notes values (1, null)'));
  expect([sqlState(thrown), isUnavailable(thrown)]).toEqual(['23505', false]);
});

test('a server that ends the connection is unavailable, and the next statement reconnects', async () => {
  const thrown = await fault(
    fixture.database.query('select pg_terminate_backend(pg_backend_pid())'),
  );
  expect(isUnavailable(thrown)).toBe(true);
  expect((await fixture.database.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
});

test('a connection that dies inside a transaction rejects with that fault', async () => {
  const thrown = await fault(
    fixture.database.transaction(async (session) => {
      await session.query('select pg_terminate_backend(pg_backend_pid())');
    }),
  );
  expect(isUnavailable(thrown)).toBe(true);
});

test('an address where nobody listens is unavailable', async () => {
  const away = postgresDatabase({
    url: 'postgres://nobody@127.0.0.1:1/none',
    connectionsMax: 1,
    applicationName: 'test',
  });
  const thrown = await fault(away.query('select 1'));
  await away.close();
  expect([isUnavailable(thrown), sqlState(thrown)]).toEqual([true, null]);
});

test('an idle connection that dies does not end the process', async () => {
  await fixture.database.query('select 1');
  const killer = postgresDatabase({
    url: fixture.url,
    connectionsMax: 1,
    applicationName: 'killer',
  });
  await killer.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  await killer.close();
  const answer = async () => (await fixture.database.query('select 2 as two')).rows;
  await expect.poll(() => answer().catch(() => null)).toEqual([{ two: 2 }]);
});

test('a transaction on a connection that falls silent fails once, and not again at its rollback', async () => {
  const proxy = await cuttableProxy(fixture.url);
  const database = postgresDatabase({
    url: proxy.url,
    connectionsMax: 1,
    applicationName: 'counterfoil-test',
  });
  const thrown = await fault(
    database.transaction(async (session) => {
      await session.query('select 1');
      proxy.silence();
      await session.query('select 2', [], { timeoutMs: 300 });
    }),
  );
  expect([isUnavailable(thrown), String(thrown)]).toEqual([true, 'Error: Query read timeout']);
  expect((await database.query('select 3 as three')).rows).toEqual([{ three: 3 }]);
  await database.close();
  await proxy.close();
});

test('the server is told to look after sessions whose peer has gone without a word', async () => {
  const { rows } = await fixture.database.query(
    `select current_setting('tcp_keepalives_idle') as idle,
            current_setting('tcp_keepalives_interval') as interval,
            current_setting('idle_in_transaction_session_timeout') as forgotten`,
  );
  expect(rows).toEqual([{ idle: '10', interval: '5', forgotten: '30s' }]);
});
