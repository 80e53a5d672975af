import { listedStore, funded, sampleLog, usd } from '@counterfoil/read-models/testing';
import { expect, test } from 'vitest';
import { recentLog } from './recent-log.ts';

function countedStore(length: number) {
  const log = sampleLog();
  for (let n = 0; n < length; n += 1) log.record('account-a', funded('a', usd('1')));
  const store = listedStore(log.events);
  let reads = 0;
  const counted = {
    ...store,
    readAll: (range: Parameters<typeof store.readAll>[0]) => {
      reads += 1;
      return store.readAll(range);
    },
  };
  return { log, store, counted, reads: () => reads };
}

async function readThrough(log: ReturnType<typeof recentLog>, limit: number) {
  const positions: string[] = [];
  let after: Parameters<typeof log.readAll>[0]['after'] = 'start';
  for (;;) {
    const { events, next } = await log.readAll({ after, limit });
    if (next === after) return positions;
    positions.push(...events.map(({ position }) => position));
    after = next;
  }
}

test('readers that follow each other read the store once and see every event once', async () => {
  const { log, counted, reads } = countedStore(250);
  const recent = recentLog(counted);
  const expected = log.events().map(({ position }) => position);
  const seen = await Promise.all([100, 100, 100].map((limit) => readThrough(recent, limit)));
  for (const positions of seen) expect(positions).toEqual(expected);
  expect(reads()).toBeLessThan(3 * 4);
  const before = reads();
  expect(await readThrough(recent, 70)).toEqual(expected);
  expect(reads()).toBe(before + 1);
});

test('a reader far behind sees what is no longer remembered', async () => {
  const { log, counted } = countedStore(9000);
  const recent = recentLog(counted);
  const expected = log.events().map(({ position }) => position);
  expect(await readThrough(recent, 500)).toEqual(expected);
  expect(await readThrough(recent, 333)).toEqual(expected);
  log.record('account-a', funded('a', usd('1')));
  expect((await readThrough(recent, 500)).at(-1)).toBe('9001');
});
