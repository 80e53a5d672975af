import type { LatencySummary } from './latency-summary.ts';

/** One line of a benchmark's table. */
export type BenchRow = Readonly<{
  name: string;
  /** What was asked for: a number of writers, or a rate. */
  load: string;
  perSecond: number;
  latencyMs: LatencySummary;
  /** `perSecond` over the baseline's in the same run; null for the baseline, and where the load fixes it. */
  ratio: number | null;
}>;
