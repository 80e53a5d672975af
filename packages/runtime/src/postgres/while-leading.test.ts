import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { silentLogger } from '../logger.ts';
import { systemClock } from '../system-clock.ts';
import { testDatabase, type TestDatabase } from '../testing/test-database.ts';
import { whileLeading } from './while-leading.ts';

const clock = systemClock();
let server: TestDatabase;
beforeAll(async () => {
  server = await testDatabase();
});
afterAll(() => server.drop());

function candidate(work: string) {
  const stopping = new AbortController();
  let isLeading = false;
  const done = whileLeading({
    database: server.database,
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
