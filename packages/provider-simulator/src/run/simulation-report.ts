import type { ProviderTally } from './tally.ts';

/** `detail` says what was found, and what was expected where that is something else. */
export type Check = Readonly<{ name: string; ok: boolean; detail: string }>;

/** In milliseconds, as a provider measures them. */
export type Latency = Readonly<{ p50: number; p99: number; max: number }>;

export type SimulationReport = Readonly<{
  seed: number;
  run: string;
  /** Deliveries, and how many of them a second while the stories were told. */
  deliveries: number;
  perSecond: number;
  providers: Readonly<Record<string, Readonly<ProviderTally>>>;
  acknowledgementMs: Latency;
  authorizationMs: Latency;
  checks: readonly Check[];
}>;

/** Nearest rank, with two decimals; all zero where nothing was measured. */
export function latencyOf(durationsMs: readonly number[]): Latency {
  const sorted = Float64Array.from(durationsMs).sort();
  const rank = (share: number) => {
    const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
    return Math.round(found * 100) / 100;
  };
  return { p50: rank(0.5), p99: rank(0.99), max: rank(1) };
}
