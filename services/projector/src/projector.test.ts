import type { EventStore } from '@counterfoil/event-store';
import {
  accountBalances,
  allProjections,
  copyState,
  readModelPosition,
} from '@counterfoil/read-models';
import {
  funded,
  listedStore,
  opened,
  rowsOf,
  sampleLog,
  usd,
  withModels,
} from '@counterfoil/read-models/testing';
import { type Database, processMetrics, silentLogger, systemClock } from '@counterfoil/runtime';
import { afterEach, expect, test, vi } from 'vitest';
import { projector, type Projector } from './projector.ts';

const models = withModels();
const clock = systemClock();
const allModels = allProjections.map(({ name }) => name);
const running: Projector[] = [];

/** A log that says when it grows by being asked again soon. */
function polled(store: EventStore): EventStore {
  return { ...store, waitForAppend: (_timeoutMs, signal) => clock.sleep(10, signal) };
}

function longLog(length: number) {
  const log = sampleLog();
  log.record('account-a', opened('a'));
  for (let n = 0; n < length; n += 1) log.record('account-a', funded('a', usd('1')));
  return log;
}

function start(store: EventStore, database: Database = models.database): Projector {
  const metrics = processMetrics({ withProcessMetrics: false });
  const started = projector({ store, database, clock, logger: silentLogger, metrics });
  running.push(started);
  return started;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((projecting) => projecting.stop()));
});

const reached = (position: string, timeout = 15_000) =>
  vi.waitFor(
    async () => expect(await readModelPosition(models.database, allModels)).toBe(position),
    { timeout, interval: 25 },
  );

test('every model follows the log, and the lag says so', async () => {
  const log = longLog(1200);
  const projecting = start(polled(listedStore(log.events)));
  await reached('1201');
  log.record('account-a', funded('a', usd('0.5')));
  await reached('1202');
  expect((await accountBalances(models.database, 'a'))[0]?.available).toBe('1200.50');
  await vi.waitFor(async () => {
    const lags = await projecting.lag();
    expect(lags).toHaveLength(allModels.length);
    for (const lag of lags) expect(lag).toMatchObject({ events: 0n, seconds: 0 });
  });
});

test('a second projector waits, and takes over when the first stops', async () => {
  const log = longLog(10);
  const store = polled(listedStore(log.events));
  const first = start(store);
  await reached('11');
  const second = start(store);
  log.record('account-a', funded('a', usd('1')));
  await reached('12');
  expect(await second.lag()).toEqual([]);
  await first.stop();
  log.record('account-a', funded('a', usd('1')));
  await reached('13');
  expect((await accountBalances(models.database, 'a'))[0]?.available).toBe('12.00');
});

test('a database that ends every connection is survived, and nothing counts twice', async () => {
  const log = longLog(200);
  start(polled(listedStore(log.events)));
  await reached('201');
  for (let round = 0; round < 3; round += 1) {
    await models.database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    );
    for (let n = 0; n < 20; n += 1) log.record('account-a', funded('a', usd('1')));
    await clock.sleep(50);
  }
  await reached('261');
  expect((await accountBalances(models.database, 'a'))[0]?.available).toBe('260.00');
}, 30_000);

test('tables of another version are rebuilt before they are followed', async () => {
  const log = longLog(5);
  const before = start(polled(listedStore(log.events)));
  await reached('6');
  await before.stop();
  const rows = await rowsOf(models.database, 'balances');
  await models.database.query('update read_balances.checkpoint set version = 0');
  await models.database.query('update read_balances.balances set output = 77');
  start(polled(listedStore(log.events)));
  await vi.waitFor(
    async () =>
      expect(await copyState(models.database, 'read_balances')).toEqual({
        position: '6',
        version: 1,
      }),
    { timeout: 15_000 },
  );
  expect(await rowsOf(models.database, 'balances')).toEqual(rows);
});
