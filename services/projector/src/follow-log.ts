import { type EventStore, subscribeToAll } from '@counterfoil/event-store';
import {
  applyBatch,
  copyState,
  ensureModels,
  ledgerEvents,
  type Projection,
  rebuild,
  RebuildUnderWay,
  servingSchema,
} from '@counterfoil/read-models';
import type { Clock, Database, Logger } from '@counterfoil/runtime';
import type { ProjectionProgress } from './projection-progress.ts';

export type FollowOptions = Readonly<{
  store: EventStore;
  /** Where batches are read from: the store, or what is remembered of it. */
  log: Pick<EventStore, 'readAll' | 'waitForAppend'>;
  database: Database;
  clock: Clock;
  logger: Logger;
  progress: ProjectionProgress;
  projection: Projection;
  signal: AbortSignal;
}>;

/** One database transaction each: large enough to catch up fast, small enough to be visible soon. */
const batchSizeMax = 500;
/**
 * After a batch that was not full, so that the next is more than an event or two: a database
 * transaction for each of the ten models costs more than what it writes. Rows are so much later at
 * most, and webhooks are acknowledged sooner while many come.
 */
const restMs = 20;
/** After a fault, and while another process rebuilds or moves the same model. */
const pauseMs = 250;

/**
 * Keeps one model up to date until `signal` aborts; never rejects. Tables of another version of the
 * projection are rebuilt first, and served as they are until then.
 */
export async function followLog(options: FollowOptions): Promise<void> {
  const { database, clock, logger, projection, signal } = options;
  while (!signal.aborted) {
    try {
      await ensureModels(database, [projection]);
      const state = await copyState(database, servingSchema(projection.name));
      if (state === null) continue;
      if (state.version === projection.version) await followFrom(options, state.position);
      else await rebuildOlder(options, state.version);
    } catch (error) {
      if (error instanceof RebuildUnderWay) logger.info('waiting for a rebuild', modelOf(options));
      else logger.warn('a projection will go on after a fault', { ...modelOf(options), error });
    }
    await clock.sleep(pauseMs, signal);
  }
}

const modelOf = ({ projection }: FollowOptions) => ({ model: projection.name });

async function rebuildOlder(options: FollowOptions, version: number): Promise<void> {
  const { store, database, clock, logger, projection, signal } = options;
  logger.info('rebuilding a read model of another version', { ...modelOf(options), version });
  await rebuild({ store, database, clock }, projection.name, { signal });
}

/** Ends when the model turns out to stand elsewhere: swapped, or moved by another process. */
async function followFrom(
  options: FollowOptions,
  from: Parameters<typeof subscribeToAll>[0]['from'],
): Promise<void> {
  const { log, database, clock, logger, progress, projection, signal } = options;
  const moved = new AbortController();
  const stop = () => moved.abort();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  let position = from;
  progress.reached(projection.name, position, null);
  await subscribeToAll({
    store: log,
    clock,
    from,
    batchSizeMax,
    signal: moved.signal,
    onFault: (error, attempt) => {
      logger.warn('a projection will try its batch again', { ...modelOf(options), attempt, error });
    },
    handle: async ({ events, next }) => {
      const batch = { from: position, events: ledgerEvents(events), next };
      const schema = servingSchema(projection.name);
      const outcome = await applyBatch(database, projection, schema, batch);
      if (outcome === 'moved') return stop();
      position = next;
      progress.reached(projection.name, next, events.at(-1)?.recordedAt ?? null);
      if (events.length < batchSizeMax) await clock.sleep(restMs, moved.signal);
    },
  });
  signal.removeEventListener('abort', stop);
}
