import type { SimulatedProvider } from '../simulated-provider.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

const doubling = (first: number, times: number): readonly number[] =>
  Array.from({ length: times }, (_, index) => first * 2 ** index);

/** Without any answer nobody knows whether it arrived: everybody sends it again. */
export const unansweredWaitsMs: readonly number[] = doubling(minute, 6);

/**
 * How long each provider waits before it tries again, one wait for each further attempt. CryptoFuse
 * documents five retries and no times, 4pay no retry at all.
 */
export const retryWaitsMs: Readonly<Record<SimulatedProvider, readonly number[]>> = {
  cryptomate: doubling(second, 9),
  cryptofuse: doubling(30 * second, 5),
  '4pay': [],
  calypso: [...doubling(30 * second, 12), ...Array.from({ length: 7 }, () => 34 * hour)],
};
