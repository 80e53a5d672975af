import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeProgress, encodeProgress, lagBehind, type Progress } from './committed-progress.ts';

/** As a lane makes it: what is unfinished begins at `low`, unless nothing is. */
const aProgress: fc.Arbitrary<Progress> = fc
  .record({
    start: fc.bigInt(0n, 1n << 62n),
    steps: fc.array(fc.bigInt(1n, 5_000n), { maxLength: 40 }),
    beyond: fc.bigInt(1n, 1_000n),
  })
  .map(({ start, steps, beyond }) => {
    const unfinished: bigint[] = [];
    let last = start;
    for (const [index, step] of steps.entries()) {
      last = index === 0 ? start : last + step;
      unfinished.push(last);
    }
    const reach = unfinished.length === 0 ? start : last + beyond;
    return { low: start, reach, unfinished };
  });

test('what is committed is read back', () => {
  fc.assert(
    fc.property(aProgress, (progress) => {
      const { offset, metadata } = encodeProgress(progress);
      expect(decodeProgress(offset, metadata)).toEqual(progress);
    }),
  );
});

test('what does not fit beside an offset is taken for unfinished, never for done', () => {
  const unfinished = Array.from({ length: 5_000 }, (_, index) => BigInt(index * 50));
  const { offset, metadata } = encodeProgress({ low: 0n, reach: 300_000n, unfinished });
  expect(metadata.length).toBeLessThanOrEqual(4_096);
  const read = decodeProgress(offset, metadata);
  expect(read?.unfinished).toEqual(unfinished.slice(0, read?.unfinished.length));
  expect(read?.unfinished.length).toBeGreaterThan(1_000);
  expect(read?.reach).toBe(unfinished[read?.unfinished.length ?? 0]);
});

test('a group that has committed nothing has no progress', () => {
  expect(decodeProgress('-1', null)).toBeNull();
  expect(decodeProgress('-2', '')).toBeNull();
});

test('what others wrote beside an offset says nothing', () => {
  const plain = { low: 7n, reach: 7n, unfinished: [] };
  for (const metadata of [
    null,
    '',
    'hello',
    'counterfoil1;',
    'counterfoil1;Z;1',
    'xcounterfoil1;a;1',
  ])
    expect(decodeProgress('7', metadata)).toEqual(plain);
});

test('the lag counts what is unfinished and what is beyond, within what the log still holds', () => {
  const progress = { low: 10n, reach: 20n, unfinished: [10n, 15n] };
  expect(lagBehind(progress, { start: 0n, head: 20n })).toBe(2);
  expect(lagBehind(progress, { start: 0n, head: 25n })).toBe(7);
  expect(lagBehind(progress, { start: 12n, head: 25n })).toBe(6);
  expect(lagBehind(progress, { start: 30n, head: 33n })).toBe(3);
  expect(lagBehind(progress, { start: 0n, head: 4n })).toBe(0);
  expect(lagBehind(null, { start: 5n, head: 25n })).toBe(20);
});
