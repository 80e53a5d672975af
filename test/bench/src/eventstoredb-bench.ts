import type { Command, Event, Rejection } from '@counterfoil/domain';
import {
  commandHandler,
  eventStoreDbEventStore,
  type StreamCategory,
} from '@counterfoil/event-store';
import { startEventStoreDbServer } from '@counterfoil/event-store/testing';
import { type Clock, silentLogger } from '@counterfoil/runtime';
import type { BenchRow } from './bench-row.ts';
import { ownStreamAppends, row } from './event-store-bench.ts';
import { closedLoop } from './load-generators.ts';

export type EventStoreDbBenchOptions<
  State,
  C extends Command,
  E extends Event,
  R extends Rejection,
> = Readonly<{
  clock: Clock;
  category: StreamCategory<State, C, E, R>;
  placeHold: () => C;
  /** Opens the account, where its decider wants that. */
  prepare?: readonly C[];
  writers?: readonly number[];
  durationMs?: number;
  warmUpMs?: number;
}>;

const writersDefault = [1, 16, 64, 256] as const;
const workersAtSaturation = 1_024;
const queueLengthMax = 100_000;

/**
 * How many calls the EventStoreDB adapter carries, not what a server does: the server is that of
 * the tests, in memory, in this very process and on the same core. Appends of one event each are one
 * call each; holds on one account are batched by the command handler while an append is under way,
 * which is how one stream gets past the rate of calls.
 */
export async function eventStoreDbBench<
  State,
  C extends Command,
  E extends Event,
  R extends Rejection,
>(options: EventStoreDbBenchOptions<State, C, E, R>): Promise<readonly BenchRow[]> {
  const { clock, durationMs = 3_000, warmUpMs = 500 } = options;
  const timing = { clock, durationMs, warmUpMs };
  const server = await startEventStoreDbServer();
  const store = eventStoreDbEventStore({ url: server.url, clock, logger: silentLogger });
  try {
    const rows: BenchRow[] = [];
    for (const workers of options.writers ?? writersDefault) {
      const measured = await closedLoop({
        ...timing,
        workers,
        work: ownStreamAppends(store, clock),
      });
      rows.push(row('append, a call each', `${workers} writers`, measured, null));
    }
    const handler = commandHandler({ store, category: options.category, queueLengthMax });
    const account = clock.randomId();
    const carryOut = async (command: C) => {
      const result = await handler.handle(account, command);
      if (!result.ok) throw new Error(`A hold was rejected: ${result.error.message}`);
    };
    for (const command of options.prepare ?? []) await carryOut(command);
    const callsBefore = server.calls.append;
    const measured = await closedLoop({
      ...timing,
      workers: workersAtSaturation,
      work: () => carryOut(options.placeHold()),
    });
    const calls = server.calls.append - callsBefore;
    const load = `saturation, ${calls} appends`;
    rows.push(row('hold on a hot account, command handler', load, measured, null));
    return rows;
  } finally {
    await store.close();
    await server.stop();
  }
}
