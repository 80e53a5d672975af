import { expect, test } from 'vitest';
import { verdictOn } from './retry-policy.ts';

const policy = { attemptsMax: 3, delayMsFirst: 100, delayMsMax: 1000, unavailableDelayMs: 1000 };
const fault = { kind: 'fault', reason: 'broken', isUnavailable: false } as const;
const at = (attempt: number) => ({ policy, attempt, chance: 0.5 });

test('an acknowledged message is done', () => {
  expect(verdictOn({ kind: 'ack' }, at(1))).toEqual({ kind: 'ack' });
});

test('a fault is tried again with growing delays until the attempts are used up', () => {
  expect(verdictOn(fault, at(1))).toEqual({
    kind: 'retry',
    delayMs: 75,
    reason: 'broken',
    attempts: 1,
  });
  expect(verdictOn(fault, at(2))).toMatchObject({ delayMs: 150, attempts: 2 });
  expect(verdictOn(fault, at(3))).toEqual({ kind: 'dead-letter', reason: 'broken', attempts: 3 });
});

test("a handler's own delay is kept, and its retries are counted too", () => {
  const retry = { kind: 'retry', delayMs: 7, reason: 'wait' } as const;
  expect(verdictOn(retry, at(2))).toEqual({ ...retry, attempts: 2 });
  expect(verdictOn(retry, at(3))).toMatchObject({ kind: 'dead-letter', attempts: 3 });
});

test("what a server's absence broke is tried for ever and counted never", () => {
  const away = { ...fault, isUnavailable: true };
  expect(verdictOn(away, at(99))).toEqual({
    kind: 'retry',
    delayMs: 750,
    reason: 'broken',
    attempts: 98,
  });
});

test('a handler may give up at once', () => {
  expect(verdictOn({ kind: 'dead-letter', reason: 'unknown' }, at(1))).toEqual({
    kind: 'dead-letter',
    reason: 'unknown',
    attempts: 1,
  });
});
