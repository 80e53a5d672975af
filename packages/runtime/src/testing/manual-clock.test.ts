import { expect, test } from 'vitest';
import { manualClock } from './manual-clock.ts';

test('time stands still until it is advanced, and sleepers wake in the order of their times', async () => {
  const clock = manualClock({ now: 1000 });
  const woken: string[] = [];
  void clock.sleep(20).then(() => woken.push(`late at ${clock.now()}`));
  void clock.sleep(10).then(() => woken.push(`early at ${clock.now()}`));
  await clock.advance(9);
  expect([clock.now(), woken, clock.sleepers()]).toEqual([1009, [], 2]);
  await clock.advance(100);
  expect([woken, clock.now()]).toEqual([['early at 1010', 'late at 1020'], 1109]);
});

test('a loop of sleeps takes all its turns', async () => {
  const clock = manualClock();
  let turns = 0;
  const loop = async () => {
    for (; turns < 5; turns++) await clock.sleep(10);
  };
  void loop();
  await clock.advance(50);
  expect(turns).toBe(5);
});

test('an abort wakes a sleeper at once', async () => {
  const clock = manualClock();
  const stop = new AbortController();
  const sleeping = clock.sleep(1000, stop.signal);
  stop.abort();
  await sleeping;
  expect(clock.sleepers()).toBe(0);
});

test('ids are UUIDs, differ, and are the same in every run of one seed', () => {
  const ids = (seed: number) => Array.from({ length: 100 }, manualClock({ seed }).randomId);
  expect(ids(1)).toEqual(ids(1));
  expect(new Set([...ids(1), ...ids(1000)]).size).toBe(200);
  for (const id of ids(5))
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
