import type { Clock } from '@counterfoil/runtime';
import { type LatencySummary, latencySummary } from './latency-summary.ts';

export type Measured = Readonly<{ perSecond: number; latencyMs: LatencySummary }>;

type Load = Readonly<{
  clock: Clock;
  durationMs: number;
  /** Work whose latency is not counted: plans, caches and compilers settle. */
  warmUpMs: number;
  work: (worker: number) => Promise<void>;
}>;

/** So many workers, each of which begins again when it is done: finds the throughput. */
export async function closedLoop(load: Load & Readonly<{ workers: number }>): Promise<Measured> {
  const { clock } = load;
  const latencies: number[] = [];
  const countedFrom = clock.monotonic() + load.warmUpMs;
  const until = countedFrom + load.durationMs;
  const run = async (worker: number) => {
    for (let startedAt = clock.monotonic(); startedAt < until; ) {
      await load.work(worker);
      const endedAt = clock.monotonic();
      if (startedAt >= countedFrom) latencies.push(endedAt - startedAt);
      startedAt = endedAt;
    }
  };
  await Promise.all(Array.from({ length: load.workers }, (_, worker) => run(worker)));
  const elapsedMs = clock.monotonic() - countedFrom;
  return {
    perSecond: (latencies.length / elapsedMs) * 1_000,
    latencyMs: latencySummary(latencies),
  };
}

// Finer than the machine's timers. Arrivals of one step count from their own times.
const stepMs = 1;

/**
 * So many arrivals a second, whether or not earlier ones are done. Latency counts from when each
 * was due, so that a stall is felt by all who would have come meanwhile (no coordinated omission).
 */
export async function openLoop(load: Load & Readonly<{ perSecond: number }>): Promise<Measured> {
  const { clock } = load;
  const latencies: number[] = [];
  const startedAt = clock.monotonic();
  const totalMs = load.warmUpMs + load.durationMs;
  const total = Math.floor((totalMs * load.perSecond) / 1_000);
  // A count and no list of promises, which would be garbage of the generator's own making.
  let underWay = 0;
  const faults: unknown[] = [];
  const arrive = async (arrival: number) => {
    const dueMs = (arrival * 1_000) / load.perSecond;
    underWay += 1;
    try {
      await load.work(arrival);
      if (dueMs >= load.warmUpMs) latencies.push(clock.monotonic() - startedAt - dueMs);
    } catch (fault) {
      faults.push(fault);
    }
    underWay -= 1;
  };
  for (let arrival = 0; arrival < total && faults.length === 0; ) {
    // The first is due at once.
    const due = 1 + Math.floor(((clock.monotonic() - startedAt) * load.perSecond) / 1_000);
    for (; arrival < Math.min(due, total); arrival += 1) void arrive(arrival);
    await clock.sleep(stepMs);
  }
  while (underWay > 0) await clock.sleep(stepMs);
  if (faults.length > 0) throw faults[0];
  const elapsedMs = clock.monotonic() - startedAt - load.warmUpMs;
  return {
    perSecond: (latencies.length / elapsedMs) * 1_000,
    latencyMs: latencySummary(latencies),
  };
}
