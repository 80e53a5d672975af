import { expect, test } from 'vitest';
import { prefixed, readable } from './log-line.ts';

test('a line of JSON is told in the order in which a person reads', () => {
  const line =
    '{"level":"warn","time":"2026-01-31T12:00:00.123Z","service":"projector","model":"cards","lag":7,"message":"behind"}';
  expect(readable(line, false)).toBe('12:00:00.123 warn  behind model=cards lag=7');
});

test.each(['plain words', '{ broken', ''])('any other line stays as it is: %j', (line) => {
  expect(readable(line, true)).toBe(line);
});

test('each process has a prefix of the same width, in colour where there is a terminal', () => {
  expect(prefixed('api', 'up', { width: 6, index: 0, isColoured: false })).toBe('api    | up');
  expect(prefixed('api', 'up', { width: 6, index: 1, isColoured: true })).toBe(
    '\u001b[35mapi    |\u001b[39m up',
  );
});
