import type { Database, SqlSession } from '@counterfoil/runtime';
import { applyBatch } from '../apply-batch.ts';
import type { RecordedEvent } from '../ledger-event.ts';
import { copyState, ensureModels } from '../model-copy.ts';
import { type ModelName, servingSchema } from '../model-name.ts';
import type { Projection } from '../projection.ts';
import { allProjections } from '../projections.ts';
import type { Position } from '../read-model-position.ts';

/** Brings the serving copies to the end of a list, from where each stands, in batches of this size. */
export async function projectLog(
  database: Database,
  events: readonly RecordedEvent[],
  options: Readonly<{ batchSize?: number; projections?: readonly Projection[] }> = {},
): Promise<void> {
  const { batchSize = 500, projections = allProjections } = options;
  await ensureModels(database, projections);
  for (const projection of projections) {
    const schema = servingSchema(projection.name);
    let from: Position = (await copyState(database, schema))?.position ?? 'start';
    const after = from;
    const rest = after === 'start' ? events : events.slice(positionIndex(events, after) + 1);
    for (let at = 0; at < rest.length; at += batchSize) {
      const batch = rest.slice(at, at + batchSize);
      const next: Position = batch.at(-1)?.position ?? from;
      await applyBatch(database, projection, schema, { from, events: batch, next });
      from = next;
    }
  }
}

const positionIndex = (events: readonly RecordedEvent[], position: Position): number =>
  events.findIndex((event) => event.position === position);

/** Every row of a copy as text, by table and in order: two copies are the same when these are. */
export async function rowsOf(
  session: SqlSession,
  model: ModelName,
  schema: string = servingSchema(model),
): Promise<Readonly<Record<string, readonly string[]>>> {
  const projection = allProjections.find(({ name }) => name === model);
  const tables: Record<string, readonly string[]> = {};
  for (const table of projection?.tableNames ?? []) {
    const { rows } = await session.query(
      `select kept::text as row from ${schema}.${table} as kept order by kept::text collate "C"`,
    );
    tables[table] = rows.map((row) => String(row['row']));
  }
  return tables;
}
