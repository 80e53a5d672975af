/** Milliseconds. */
export type LatencySummary = Readonly<{
  median: number;
  p99: number;
  p999: number;
  max: number;
}>;

export function latencySummary(latenciesMs: readonly number[]): LatencySummary {
  const ordered = Float64Array.from(latenciesMs).toSorted();
  const at = (share: number) =>
    ordered[Math.min(ordered.length - 1, Math.floor(ordered.length * share))] ?? 0;
  return { median: at(0.5), p99: at(0.99), p999: at(0.999), max: at(1) };
}
