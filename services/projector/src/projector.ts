import type { EventStore } from '@counterfoil/event-store';
import { allProjections, type Projection } from '@counterfoil/read-models';
import {
  type Clock,
  type Database,
  type Logger,
  type Metrics,
  whileLeading,
} from '@counterfoil/runtime';
import { followLog } from './follow-log.ts';
import {
  type ProjectionLag,
  type ProjectionProgress,
  projectionProgress,
} from './projection-progress.ts';
import { recentLog } from './recent-log.ts';

export type ProjectorOptions = Readonly<{
  store: EventStore;
  /** With at least two connections more than projections work at once: one leads, one rebuilds. */
  database: Database;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  projections?: readonly Projection[];
}>;

export interface Projector {
  /** How far each model is behind; empty while another process leads. */
  readonly lag: () => Promise<readonly ProjectionLag[]>;
  /** Resolves after the batches in hand; what was not committed is read again next time. */
  readonly stop: () => Promise<void>;
}

/**
 * Keeps every read model up to date with the log, each by itself, while this process leads. Starts
 * at once and needs no database to start: it goes on as soon as there is one.
 */
export function projector(options: ProjectorOptions): Projector {
  const { store, database, clock, logger, metrics, projections = allProjections } = options;
  const closing = new AbortController();
  const progress = projectionProgress({ store, clock, metrics });
  const lead = async (signal: AbortSignal): Promise<void> => {
    const log = recentLog(store);
    const ports = { store, log, database, clock, logger, progress };
    // One signal each: a signal that a dozen loops listen to looks like a leak.
    const loops = projections.map((projection) => ({
      projection,
      stopping: new AbortController(),
    }));
    const measuring = new AbortController();
    const stopAll = () =>
      [...loops, { stopping: measuring }].forEach((loop) => loop.stopping.abort());
    signal.addEventListener('abort', stopAll, { once: true });
    if (signal.aborted) stopAll();
    const measured = measureLag(progress, options, measuring.signal);
    await Promise.all(
      loops.map(({ projection, stopping: { signal: own } }) =>
        followLog({ ...ports, projection, signal: own }),
      ),
    );
    await measured;
    progress.forget();
  };
  const work = whileLeading({
    database,
    work: `the projections ${namesOf(projections)}`,
    clock,
    logger,
    signal: closing.signal,
    lead,
  });
  return {
    lag: progress.lag,
    stop: async () => {
      closing.abort();
      await work;
    },
  };
}

/** Processes that keep the same models take turns; those that share a few only save no work. */
const namesOf = (projections: readonly Projection[]): string =>
  projections
    .map(({ name }) => name)
    .sort()
    .join(',');

/** Lag is asked for, not told: a model that stands still must be seen to fall behind. */
const measureMs = 1_000;

async function measureLag(
  progress: ProjectionProgress,
  { clock, metrics }: ProjectorOptions,
  signal: AbortSignal,
): Promise<void> {
  const events = metrics.gauge({
    name: 'counterfoil_projection_lag_events',
    help: 'Events of the log that a read model has not applied yet.',
    labels: ['model'],
  });
  const seconds = metrics.gauge({
    name: 'counterfoil_projection_lag_seconds',
    help: 'Age of the newest event that a read model which is behind has applied.',
    labels: ['model'],
  });
  while (!signal.aborted) {
    try {
      for (const lag of await progress.lag()) {
        events.set(Number(lag.events), { model: lag.model });
        seconds.set(lag.seconds, { model: lag.model });
      }
    } catch {
      // The loops report what is wrong with the store; the last lag measured stays.
    }
    await clock.sleep(measureMs, signal);
  }
}
