export type LatencySummary = Readonly<{ p50: number; p99: number; max: number }>;

/** Nearest rank, in milliseconds with two decimals; all zero where nothing was measured. */
export function latencySummary(durationsMs: readonly number[]): LatencySummary {
  const sorted = [...durationsMs].sort((left, right) => left - right);
  const rank = (share: number) => {
    const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
    return Math.round(found * 100) / 100;
  };
  return { p50: rank(0.5), p99: rank(0.99), max: rank(1) };
}
