import { expect, test } from 'vitest';
import { backoffMs, retry } from './retry.ts';
import { manualClock } from './testing/manual-clock.ts';

const backoff = { delayMsFirst: 100, delayMsMax: 1000 };

test('delays double up to the largest, with half of each left to chance', () => {
  expect([1, 2, 3, 4, 5, 5000].map((attempt) => backoffMs(backoff, attempt, 0))).toEqual([
    50, 100, 200, 400, 500, 500,
  ]);
  expect(backoffMs(backoff, 3, 0.5)).toBe(300);
});

test('work is tried again until it succeeds', async () => {
  const clock = manualClock();
  const tried: number[] = [];
  const answer = retry(
    async (attempt) => {
      tried.push(attempt);
      if (attempt < 3) throw new Error('not yet');
      return 'done';
    },
    { ...backoff, clock, attemptsMax: 5 },
  );
  await clock.advance(1000);
  expect([await answer, tried]).toEqual(['done', [1, 2, 3]]);
});

test('the last error is thrown when the attempts are used up', async () => {
  const clock = manualClock();
  const failing = retry(async (attempt) => Promise.reject(new Error(`try ${attempt}`)), {
    ...backoff,
    clock,
    attemptsMax: 2,
  });
  const expectation = expect(failing).rejects.toThrow('try 2');
  await clock.advance(1000);
  await expectation;
});

test('what is not retriable is thrown at once, and an abort ends the waiting', async () => {
  const clock = manualClock();
  const failing = async () => Promise.reject(new Error('wrong'));
  await expect(
    retry(failing, { ...backoff, clock, attemptsMax: 9, isRetriable: () => false }),
  ).rejects.toThrow('wrong');
  const stop = new AbortController();
  const waiting = retry(failing, { ...backoff, clock, attemptsMax: 9, signal: stop.signal });
  stop.abort();
  await expect(waiting).rejects.toThrow('wrong');
});
