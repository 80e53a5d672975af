import { expect, it } from 'vitest';
import { latencyOf } from './simulation-report.ts';

it('takes the nearest rank, in milliseconds with two decimals', () => {
  const durations = Array.from({ length: 100 }, (_, index) => 100.123 - index);
  expect(latencyOf(durations)).toEqual({ p50: 50.12, p99: 99.12, max: 100.12 });
  expect(latencyOf([3, 1, 2])).toEqual({ p50: 2, p99: 3, max: 3 });
});

it('is zero where nothing was measured', () => {
  expect(latencyOf([])).toEqual({ p50: 0, p99: 0, max: 0 });
});
