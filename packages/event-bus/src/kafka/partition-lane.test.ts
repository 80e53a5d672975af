import { manualClock } from '@counterfoil/runtime/testing';
import { expect, test } from 'vitest';
import type { Verdict } from '../retry-policy.ts';
import type { Progress } from './committed-progress.ts';
import type { StoredRecord } from './kafka-record.ts';
import { partitionLane } from './partition-lane.ts';

const record = (offset: number, key: string): StoredRecord => ({
  partition: 0,
  offset: BigInt(offset),
  timestamp: '0',
  key,
  messageId: `${key}-${offset}`,
  group: null,
  value: null,
});
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A lane whose handlers end when the test says so. */
function lane(remembered: Progress | null = null) {
  const clock = manualClock();
  const begun: bigint[] = [];
  const open = new Map<bigint, (verdict: Verdict) => void>();
  const made = partitionLane({
    clock,
    remembered,
    deliver: ({ offset }) => {
      begun.push(offset);
      return new Promise((resolve) => open.set(offset, resolve));
    },
    bury: async () => true,
    onFinished: () => {},
  });
  const end = async (offset: number, verdict: Verdict = { kind: 'ack' }) => {
    open.get(BigInt(offset))?.(verdict);
    await settle();
  };
  return { ...made, begun, end, clock };
}

test('what is done past an unfinished message is told beside the offset', async () => {
  const { accept, begun, end, progress } = lane();
  accept([record(5, 'a'), record(6, 'b'), record(7, 'a'), record(8, 'c')], 8n);
  expect(begun).toEqual([5n, 6n, 8n]);
  await end(6);
  await end(8);
  expect(progress()).toEqual({ low: 5n, reach: 9n, unfinished: [5n, 7n] });
  await end(5);
  await end(7);
  expect(progress()).toEqual({ low: 9n, reach: 9n, unfinished: [] });
});

test('what it has already is passed over when it is fetched again', async () => {
  const { accept, begun, end } = lane();
  accept([record(5, 'a'), record(6, 'b')], 6n);
  await end(6);
  accept([record(5, 'a'), record(6, 'b'), record(7, 'c')], 7n);
  expect(begun).toEqual([5n, 6n, 7n]);
});

test('what was done before it was ours is not done again', async () => {
  const { accept, begun, progress } = lane({ low: 5n, reach: 9n, unfinished: [5n, 7n] });
  accept([record(5, 'a'), record(6, 'b')], 6n);
  expect(progress()).toEqual({ low: 5n, reach: 9n, unfinished: [5n, 7n] });
  accept([record(7, 'c'), record(8, 'd'), record(9, 'e')], 9n);
  expect(begun).toEqual([5n, 7n, 9n]);
});

test('offsets that are no messages are stepped over', async () => {
  const { accept, end, progress } = lane();
  accept([record(5, 'a')], 7n);
  await end(5);
  expect(progress()).toEqual({ low: 8n, reach: 8n, unfinished: [] });
});

test('a message to be tried again waits its time, and its key with it', async () => {
  const { accept, begun, end, clock } = lane();
  accept([record(1, 'a'), record(2, 'a'), record(3, 'b')], 3n);
  await end(1, { kind: 'retry', delayMs: 500, reason: 'later', attempts: 1 });
  await end(3);
  await clock.advance(499);
  expect(begun).toEqual([1n, 3n]);
  await clock.advance(1);
  expect(begun).toEqual([1n, 3n, 1n]);
});

test('a lane that is stopped begins nothing more and waits for what runs', async () => {
  const { accept, begun, end, stop, progress } = lane();
  accept([record(1, 'a'), record(2, 'a')], 2n);
  let isStopped = false;
  const stopped = stop().then(() => {
    isStopped = true;
  });
  await settle();
  expect(isStopped).toBe(false);
  await end(1);
  await stopped;
  expect(begun).toEqual([1n]);
  expect(progress()).toEqual({ low: 2n, reach: 3n, unfinished: [2n] });
});

test('a topic that was made anew is read from its new beginning', async () => {
  const { accept, begun, progress, committed } = lane({ low: 50n, reach: 50n, unfinished: [] });
  committed({ low: 50n, reach: 50n, unfinished: [] });
  accept([record(0, 'a'), record(1, 'b')], 1n);
  expect(begun).toEqual([0n, 1n]);
  expect(progress()).toEqual({ low: 0n, reach: 2n, unfinished: [0n, 1n] });
});
