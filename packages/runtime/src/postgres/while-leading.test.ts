import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { silentLogger } from '../logger.ts';
import { systemClock } from '../system-clock.ts';
import { cuttableProxy } from '../testing/cuttable-proxy.ts';
import { testDatabase, type TestDatabase } from '../testing/test-database.ts';
import { postgresDatabase } from './pool.ts';
import { whileLeading } from './while-leading.ts';

const clock = systemClock();
let server: TestDatabase;
beforeAll(async () => {
  server = await testDatabase();
});
afterAll(() => server.drop());

function candidate(work: string, database = server.database) {
  const stopping = new AbortController();
  let isLeading = false;
  const done = whileLeading({
    database,
    work,
    clock,
    logger: silentLogger,
    signal: stopping.signal,
    lead: async (signal) => {
      isLeading = true;
      await clock.sleep(60_000, signal);
      isLeading = false;
    },
  });
  return {
    isLeading: () => isLeading,
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}

const leads = (...candidates: readonly ReturnType<typeof candidate>[]) =>
  candidates.filter((one) => one.isLeading()).length;

test('one of several leads, and another takes over when it stops', async () => {
  const first = candidate('a turn');
  await vi.waitFor(() => expect(leads(first)).toBe(1));
  const second = candidate('a turn');
  await clock.sleep(200);
  expect(leads(first, second)).toBe(1);
  await first.stop();
  await vi.waitFor(() => expect(leads(second)).toBe(1), { timeout: 10_000 });
  await second.stop();
  expect(leads(first, second)).toBe(0);
});

test('different work is led side by side', async () => {
  const candidates = [candidate('one work'), candidate('another work')];
  await vi.waitFor(() => expect(leads(...candidates)).toBe(2));
  await Promise.all(candidates.map((one) => one.stop()));
});

test('the lead of a process whose connection falls silent goes to another, and both notice', async () => {
  const proxy = await cuttableProxy(server.url);
  const database = postgresDatabase({
    url: proxy.url,
    connectionsMax: 2,
    applicationName: 'counterfoil-test',
  });
  const silenced = candidate('a turn', database);
  await vi.waitFor(() => expect(leads(silenced)).toBe(1));
  expect(proxy.silence()).toBe(1);
  const other = candidate('a turn');
  await vi.waitFor(() => expect(leads(silenced)).toBe(0), { timeout: 20_000 });
  await vi.waitFor(() => expect(leads(other)).toBe(1), { timeout: 30_000 });
  await Promise.all([silenced.stop(), other.stop()]);
  await database.close();
  await proxy.close();
}, 60_000);
