import type { EventStore } from '@counterfoil/event-store';
import type { Clock, Database, SqlSession } from '@counterfoil/runtime';
import { applyBatch, applyInSession, CheckpointMoved } from './apply-batch.ts';
import { ledgerEvents } from './ledger-event.ts';
import { copyState, createCopy, lockKey, pinLock, rowsLock, useSchema } from './model-copy.ts';
import { formerSchema, type ModelName, nextSchema, servingSchema } from './model-name.ts';
import { projectionOf } from './projections.ts';
import { comparePositions, type Position } from './read-model-position.ts';

export type RebuildProgress = Readonly<{
  model: ModelName;
  /** Events applied so far. */
  events: number;
  position: Position;
  /** Where the log ended when the rebuild last looked. */
  head: Position;
}>;

export type RebuildPorts = Readonly<{ store: EventStore; database: Database; clock: Clock }>;
export type RebuildOptions = Readonly<{
  onProgress?: (progress: RebuildProgress) => void;
  /** Leaves the serving copy as it is, and the unfinished one for the next rebuild to remove. */
  signal?: AbortSignal;
}>;

/** Events in one database transaction: large, since nobody waits for a single one of them. */
const batchSize = 1000;
/** A swap that would hold the serving rows for more batches than this catches up outside first. */
const swapBatchesMax = 4;
/** Readers wait for a swap at most this long, and a swap for a batch that is being written. */
const swapLockTimeoutMs = 2000;
const swapPauseMs = 100;
/** With the pause, five minutes: as long as a comparison of large books may pin the tables. */
const swapAttemptsMax = 3000;

/**
 * Derives the model from the start of the log in a schema of its own, catches up and takes the
 * serving place in one short database transaction. The API serves the former rows until then.
 * Throws `RebuildUnderWay` when another process rebuilds the same model.
 */
export async function rebuild(
  ports: RebuildPorts,
  model: ModelName,
  options: RebuildOptions = {},
): Promise<Readonly<{ events: number; position: Position }>> {
  return ports.database.withSession(async (session) => {
    const key = lockKey(`counterfoil read model ${model} rebuild`);
    const { rows } = await session.query(`select pg_try_advisory_lock(${key}) as mine`);
    if (rows[0]?.['mine'] !== true) throw new RebuildUnderWay(model);
    try {
      await prepare(ports.database, model);
      return await growAndSwap(ports, model, options);
    } finally {
      await session.query(`select pg_advisory_unlock(${key})`);
    }
  });
}

export class RebuildUnderWay extends Error {
  constructor(model: ModelName) {
    super(`The read model ${model} is being rebuilt already`);
    this.name = 'RebuildUnderWay';
  }
}

/** Removes what an unfinished rebuild left, and makes an empty copy. */
async function prepare(database: Database, model: ModelName): Promise<void> {
  await database.transaction(async (session) => {
    await session.query(`drop schema if exists ${nextSchema(model)} cascade`);
    await createCopy(session, projectionOf[model], nextSchema(model));
  });
}

async function growAndSwap(ports: RebuildPorts, model: ModelName, options: RebuildOptions) {
  let events = 0;
  let position: Position = 'start';
  for (let attempt = 1; ; attempt += 1) {
    const grown = await grow(ports, model, { position, events }, options);
    ({ position, events } = grown);
    const swapped = await trySwap(ports, model, position);
    if (swapped !== null) {
      await dropFormer(ports, model);
      options.onProgress?.({
        model,
        events: events + swapped.events,
        position: swapped.position,
        head: swapped.position,
      });
      return { events: events + swapped.events, position: swapped.position };
    }
    if (attempt === swapAttemptsMax)
      throw new Error(`The read model ${model} was rebuilt but could not take the serving place`);
    await ports.clock.sleep(swapPauseMs, options.signal);
  }
}

type Grown = Readonly<{ position: Position; events: number }>;

async function grow(
  { store, database }: RebuildPorts,
  model: ModelName,
  from: Grown,
  { onProgress, signal }: RebuildOptions,
): Promise<Grown> {
  let { position, events } = from;
  for (;;) {
    if (signal?.aborted) throw new Error(`The rebuild of the read model ${model} was stopped`);
    const head = await store.head();
    const read = await store.readAll({ after: position, limit: batchSize });
    onProgress?.({ model, events, position, head });
    if (read.next === position) return { position, events };
    const batch = { from: position, events: ledgerEvents(read.events), next: read.next };
    const outcome = await applyBatch(database, projectionOf[model], nextSchema(model), batch);
    if (outcome === 'moved') throw new RebuildUnderWay(model);
    position = read.next;
    events += read.events.length;
  }
}

/** Null when it is not possible now: the tables are pinned, busy, or too far ahead. */
async function trySwap(
  { store, database }: RebuildPorts,
  model: ModelName,
  position: Position,
): Promise<Grown | null> {
  try {
    return await database.transaction(async (session) => {
      await session.query(`set local lock_timeout = ${swapLockTimeoutMs}`);
      const pin = await session.query(
        `select pg_try_advisory_xact_lock(${pinLock(model)}) as mine`,
      );
      if (pin.rows[0]?.['mine'] !== true) return null;
      await session.query(`select pg_advisory_xact_lock(${rowsLock(model)})`);
      const caughtUp = await catchUpWithServing(store, session, model, position);
      if (caughtUp === null) throw new CheckpointMoved(model, position);
      await session.query(`drop schema if exists ${formerSchema(model)} cascade`);
      if ((await copyState(session, servingSchema(model))) !== null)
        await session.query(
          `alter schema ${servingSchema(model)} rename to ${formerSchema(model)}`,
        );
      await session.query(`alter schema ${nextSchema(model)} rename to ${servingSchema(model)}`);
      return caughtUp;
    });
  } catch (fault) {
    if (fault instanceof CheckpointMoved || isLockTimeout(fault)) return null;
    throw fault;
  }
}

/**
 * A swap must not take the serving rows back in time: what they have meanwhile is added here. But
 * rows that are ahead of the log itself, as after a restore, stand for nothing and give way.
 */
async function catchUpWithServing(
  store: EventStore,
  session: SqlSession,
  model: ModelName,
  from: Position,
): Promise<Grown | null> {
  const serving = await copyState(session, servingSchema(model));
  let position = from;
  let events = 0;
  for (let batches = 0; serving && comparePositions(position, serving.position) < 0; batches += 1) {
    if (batches === swapBatchesMax) return null;
    const read = await store.readAll({ after: position, limit: batchSize });
    if (read.next === position) break;
    const batch = { from: position, events: ledgerEvents(read.events), next: read.next };
    await useSchema(session, nextSchema(model));
    await applyInSession(session, projectionOf[model], batch);
    position = read.next;
    events += read.events.length;
  }
  return { position, events };
}

/** Readers that began before the swap still hold the former tables for a moment. */
async function dropFormer({ database, clock }: RebuildPorts, model: ModelName): Promise<void> {
  const attemptsMax = 10;
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    try {
      return await database.transaction(async (session) => {
        await session.query(`set local lock_timeout = ${swapLockTimeoutMs}`);
        await session.query(`drop schema if exists ${formerSchema(model)} cascade`);
      });
    } catch (fault) {
      // After the last attempt they stay; the next rebuild removes them.
      if (!isLockTimeout(fault)) throw fault;
      await clock.sleep(swapPauseMs);
    }
  }
}

const isLockTimeout = (fault: unknown): boolean =>
  fault instanceof Error && 'code' in fault && (fault.code === '55P03' || fault.code === '40P01');
