import type { Command, Event, Rejection } from '@counterfoil/domain';
import { commandHandler, postgresEventStore, type StreamCategory } from '@counterfoil/event-store';
import type { Clock, Database } from '@counterfoil/runtime';
import type { BenchRow } from './bench-row.ts';
import { row } from './event-store-bench.ts';
import { closedLoop, type Measured, openLoop } from './load-generators.ts';
import { naiveAppend, openNaiveAccounts } from './naive-append.ts';
import { holdPlaced, oneCent } from './sample-hold.ts';

type Timing = Readonly<{ clock: Clock; durationMs: number; warmUpMs: number }>;

export type CommandHandlerBenchOptions<
  State,
  C extends Command,
  E extends Event,
  R extends Rejection,
> = Readonly<{
  /** Migrated with `eventLogMigrations`. */
  database: Database;
  /** Its sessions have ended when it resolves: several that end at one time hold up the server. */
  baseline: (timing: Timing) => Promise<Measured>;
  clock: Clock;
  category: StreamCategory<State, C, E, R>;
  /** A new hold on the hot account that is always approved. */
  placeHold: () => C;
  /** Opens the account, where its decider wants that. */
  prepare?: readonly C[];
  rates?: readonly number[];
  durationMs?: number;
  warmUpMs?: number;
}>;

const ratesDefault = [1_000, 5_000, 10_000, 20_000] as const;
// Enough that the handler always has the next append ready while one is under way; more only wait.
const workersAtSaturation = 512;
// As many as a pool has connections to give; more only wait for each other.
const workersOfBaseline = 8;

const settlingRate = 5_000;
const settlingMs = 3_000;

// A stall is to be seen as latency, not as refusals.
const queueLengthMax = 100_000;

/** Single holds on one account: at fixed rates, and as many as go. */
export async function commandHandlerBench<
  State,
  C extends Command,
  E extends Event,
  R extends Rejection,
>(options: CommandHandlerBenchOptions<State, C, E, R>): Promise<readonly BenchRow[]> {
  const { clock, durationMs = 3_000, warmUpMs = 1_000 } = options;
  const timing = { clock, durationMs, warmUpMs };
  const baseline = await options.baseline(timing);
  const rows = [row('hold on a hot account, row lock', 'saturation', baseline, null)];

  const store = postgresEventStore({ database: options.database, clock });
  const handler = commandHandler({ store, category: options.category, queueLengthMax });
  const account = clock.randomId();
  const carryOut = async (command: C) => {
    const result = await handler.handle(account, command);
    if (!result.ok) throw new Error(`A hold was rejected: ${result.error.message}`);
  };
  for (const command of options.prepare ?? []) await carryOut(command);
  const work = () => carryOut(options.placeHold());
  // Compilers and the sessions' memory settle once; at the lowest rate that would take a minute.
  await openLoop({ clock, perSecond: settlingRate, warmUpMs: settlingMs, durationMs: 0, work });
  for (const perSecond of options.rates ?? ratesDefault) {
    const measured = await openLoop({ ...timing, perSecond, work });
    rows.push(row('hold on a hot account, command handler', `${perSecond}/s`, measured, null));
  }
  const most = await closedLoop({ ...timing, workers: workersAtSaturation, work });
  rows.push(row('hold on a hot account, command handler', 'saturation', most, baseline));
  return rows;
}

/** The baseline, on a database with `naiveSchema`. */
export async function rowLockAtSaturation(database: Database, timing: Timing): Promise<Measured> {
  const append = naiveAppend({ database, clock: timing.clock });
  const account = timing.clock.randomId();
  await openNaiveAccounts(database, [account]);
  const work = () => append(account, holdPlaced(timing.clock.randomId(), oneCent));
  return closedLoop({ ...timing, workers: workersOfBaseline, work });
}
