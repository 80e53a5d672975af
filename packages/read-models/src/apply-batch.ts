import type { Database, SqlSession } from '@counterfoil/runtime';
import type { RecordedEvent } from './ledger-event.ts';
import { rowsLock } from './model-copy.ts';
import type { Projection } from './projection.ts';
import type { Position } from './read-model-position.ts';

/** The events between two positions of the log, without a gap. */
export type Batch = Readonly<{
  from: Position;
  events: readonly RecordedEvent[];
  next: Position;
}>;

/**
 * Rows and checkpoint in one database transaction. `moved`: the copy does not stand at `from`,
 * because another instance was faster or the copy was swapped; nothing was written.
 */
export async function applyBatch(
  database: Database,
  projection: Projection,
  schema: string,
  batch: Batch,
): Promise<'applied' | 'moved'> {
  try {
    await database.transaction(async (session) => {
      // One round trip for all three. A lost transaction is done again from the log, so it need
      // not be on disk to be answered.
      await session.query(
        `select set_config('search_path', $1, true), set_config('synchronous_commit', 'off', true),
           pg_advisory_xact_lock_shared(${rowsLock(projection.name)})`,
        [schema],
      );
      await applyInSession(session, projection, batch);
    });
    return 'applied';
  } catch (fault) {
    if (fault instanceof CheckpointMoved) return 'moved';
    throw fault;
  }
}

/** The same inside a database transaction of the caller, who holds the model's rows lock and uses its schema. */
export async function applyInSession(
  session: SqlSession,
  projection: Projection,
  { from, events, next }: Batch,
): Promise<void> {
  const moved = await session.query(
    `update checkpoint set position = $2, updated_at = now() where position = $1`,
    [from, next],
  );
  if (moved.rowCount === 0) throw new CheckpointMoved(projection.name, from);
  await projection.apply(events, session);
}

/** Rolls the batch back; never leaves `applyBatch`. */
export class CheckpointMoved extends Error {
  constructor(model: string, from: Position) {
    super(`The read model ${model} does not stand at ${from}`);
    this.name = 'CheckpointMoved';
  }
}
