import { manualClock } from '@counterfoil/runtime/testing';
import { expect, test } from 'vitest';
import { deferred } from './deferred.ts';
import { whileBeating } from './while-beating.ts';

const beating = (beat: () => Promise<void>) => {
  const clock = manualClock();
  const [waited, settle] = deferred<string>();
  const outcome = whileBeating(waited, { clock, everyMs: 100, beat });
  return { clock, settle, outcome };
};

test('heartbeats are sent until what is waited for comes, and none after', async () => {
  let beats = 0;
  const { clock, settle, outcome } = beating(async () => {
    beats += 1;
  });
  await clock.advance(350);
  expect(beats).toBe(3);
  settle('here');
  expect(await outcome).toBe('here');
  await clock.advance(1_000);
  expect(beats).toBe(3);
});

test('what a heartbeat is refused for ends the wait', async () => {
  const { clock, outcome } = beating(() => Promise.reject(new Error('the group forms anew')));
  const refused = expect(outcome).rejects.toThrow('the group forms anew');
  await clock.advance(100);
  await refused;
});
