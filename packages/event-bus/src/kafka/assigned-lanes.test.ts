import { silentLogger } from '@counterfoil/runtime';
import { manualClock } from '@counterfoil/runtime/testing';
import { expect, test } from 'vitest';
import { assignedLanes } from './assigned-lanes.ts';
import type { Progress } from './committed-progress.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));

function group(recall: () => Promise<ReadonlyMap<number, Progress>> = async () => new Map()) {
  const stopped: AbortSignal[] = [];
  const lanes = assignedLanes({
    clock: manualClock(),
    logger: silentLogger,
    recall,
    settled: async () => {},
    settleTimeoutMs: 1_000,
    deliver: (_record, _attempt, signal) => {
      stopped.push(signal);
      return new Promise(() => {});
    },
    bury: async () => true,
    onFinished: () => {},
  });
  const accept = async (partition: number) => {
    const lane = await lanes.laneOf(partition);
    const record = {
      partition,
      offset: 0n,
      timestamp: '0',
      key: 'a',
      messageId: 'a',
      group: null,
      value: null,
    };
    lane?.accept([record], 0n);
    return lane;
  };
  return { ...lanes, accept, stopped };
}

test('a partition that stays ours goes on, one that leaves is stopped', async () => {
  const { assign, accept, laneOf, stopped } = group();
  assign('member-1', [0, 1]);
  const [zero] = [await accept(0), await accept(1)];
  assign('member-1', [0, 2]);
  expect(await laneOf(0)).toBe(zero);
  expect(await laneOf(1)).toBeNull();
  expect(stopped.map((signal) => signal.aborted)).toEqual([false, true]);
});

test('a member that was put out begins anew: others may have gone on in between', async () => {
  const { assign, accept, lanes, stopped } = group();
  assign('member-1', [0]);
  const before = await accept(0);
  assign('member-2', [0]);
  await settle();
  expect(stopped[0]?.aborted).toBe(true);
  expect(lanes()[0]?.[1]).not.toBe(before);
});

test('what is not ours any more is not committed', async () => {
  const { assign, accept, moves } = group();
  assign('member-1', [0, 1]);
  await accept(0);
  await accept(1);
  assign('member-1', [1]);
  expect(moves().map((move) => move.partition)).toEqual([1]);
});

test('what was committed is not committed again', async () => {
  const { assign, accept, moves } = group();
  assign('member-1', [0]);
  await accept(0);
  for (const move of moves()) move.confirm();
  expect(moves()).toEqual([]);
});

test('a lane that was lost before it was ready is never used', async () => {
  let answer: (known: ReadonlyMap<number, Progress>) => void = () => {};
  const { assign, laneOf, lanes } = group(
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  assign('member-1', [0]);
  const asked = laneOf(0);
  await settle();
  assign('member-1', []);
  answer(new Map());
  expect(await asked).toBeNull();
  expect(lanes()).toEqual([]);
});
