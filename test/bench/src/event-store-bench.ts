import { correlationId, eventId, instant, streamVersion } from '@counterfoil/domain';
import { type EventStore, postgresEventStore } from '@counterfoil/event-store';
import type { Clock, Database } from '@counterfoil/runtime';
import type { BenchRow } from './bench-row.ts';
import { closedLoop, type Measured } from './load-generators.ts';
import { naiveAppend, openNaiveAccounts } from './naive-append.ts';
import { holdPlaced, oneCent } from './sample-hold.ts';

export type EventStoreBenchOptions = Readonly<{
  /** Migrated with `eventLogMigrations`, and with `naiveSchema` for the baseline. */
  database: Database;
  clock: Clock;
  writers?: readonly number[];
  durationMs?: number;
  warmUpMs?: number;
}>;

const writersDefault = [1, 16, 64, 256] as const;

/** Appends of one event each to streams of their own, with the expected version checked. */
export async function eventStoreBench(
  options: EventStoreBenchOptions,
): Promise<readonly BenchRow[]> {
  const { database, clock, durationMs = 3_000, warmUpMs = 500 } = options;
  const store = postgresEventStore({ database, clock });
  const naive = naiveAppend({ database, clock });
  const rows: BenchRow[] = [];
  for (const writers of options.writers ?? writersDefault) {
    const run = (work: (worker: number) => Promise<void>) =>
      closedLoop({ clock, durationMs, warmUpMs, workers: writers, work });
    const accounts = Array.from({ length: writers }, () => clock.randomId());
    await openNaiveAccounts(database, accounts);
    const baseline = await run((worker) =>
      naive(accounts[worker] ?? '', holdPlaced(clock.randomId(), oneCent)),
    );
    const measured = await run(ownStreamAppends(store, clock));
    const load = `${writers} writers`;
    rows.push(row('append, one database transaction each', load, baseline, null));
    rows.push(row('append, group commit', load, measured, baseline));
  }
  return rows;
}

export const row = (
  name: string,
  load: string,
  measured: Measured,
  baseline: Measured | null,
): BenchRow => ({
  name,
  load,
  ...measured,
  ratio: baseline === null ? null : measured.perSecond / baseline.perSecond,
});

/** Each worker is the only writer of its stream, so its appends never conflict. */
export function ownStreamAppends(
  store: EventStore,
  clock: Clock,
): (worker: number) => Promise<void> {
  const run = clock.randomId();
  const versions = new Map<number, bigint>();
  return async (worker) => {
    const version = versions.get(worker) ?? 0n;
    const id = eventId(clock.randomId());
    const outcome = await store.appendToStream({
      stream: `bench-${run}-${worker}`,
      expected: streamVersion(version),
      events: [
        {
          eventId: id,
          event: holdPlaced(id, oneCent),
          occurredAt: instant(clock.now()),
          correlationId: correlationId(id),
          causationId: id,
        },
      ],
    });
    if (outcome.outcome !== 'appended') throw new Error(`An append ended as ${outcome.outcome}`);
    versions.set(worker, outcome.version);
  };
}
