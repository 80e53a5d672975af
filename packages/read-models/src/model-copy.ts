import type { Database, SqlSession } from '@counterfoil/runtime';
import { type ModelName, servingSchema } from './model-name.ts';
import type { Projection } from './projection.ts';
import { positionOf, type Position } from './read-model-position.ts';

/**
 * Two locks for each model. `rows`: a batch shares it, a swap takes it alone, so that no batch
 * writes half into the former and half into the new tables. `pin`: whoever compares the tables for
 * long shares it, and a swap goes another time instead of waiting for it.
 */
export const rowsLock = (model: ModelName): string =>
  lockKey(`counterfoil read model ${model} rows`);
export const pinLock = (model: ModelName): string => lockKey(`counterfoil read model ${model} pin`);
export const lockKey = (name: string): string => `hashtextextended('${name}', 0)`;

/** Where a copy of a model stands, and for which version of its projection its tables were made. */
export type CopyState = Readonly<{ position: Position; version: number }>;

/** Null when there is no such copy. */
export async function copyState(session: SqlSession, schema: string): Promise<CopyState | null> {
  const exists = await session.query('select to_regclass($1) is not null as exists', [
    `${schema}.checkpoint`,
  ]);
  if (exists.rows[0]?.['exists'] !== true) return null;
  const { rows } = await session.query(`select position, version::text from ${schema}.checkpoint`);
  const [row] = rows;
  return row === undefined
    ? null
    : { position: positionOf(String(row['position'])), version: Number(row['version']) };
}

/** An empty copy at the start of the log. Fails when the schema exists. */
export async function createCopy(
  session: SqlSession,
  projection: Projection,
  schema: string,
): Promise<void> {
  await session.query(`create schema ${schema}`);
  await useSchema(session, schema);
  for (const statement of projection.tables) await session.query(statement);
  await session.query(
    `create table checkpoint (only_row boolean primary key default true check (only_row),
       position text not null, version integer not null, updated_at timestamptz not null default now())`,
  );
  await session.query(`insert into checkpoint (position, version) values ('start', $1)`, [
    projection.version,
  ]);
}

/** Until the end of the database transaction, unqualified names mean this copy's. */
export async function useSchema(session: SqlSession, schema: string): Promise<void> {
  await session.query(`select set_config('search_path', $1, true)`, [schema]);
}

/** Makes the serving copies anew, empty and at the start of the log. */
export const resetModels = (database: Database, projections: readonly Projection[]) =>
  eachServing(database, projections, async (session, projection, schema) => {
    await session.query(`drop schema if exists ${schema} cascade`);
    await createCopy(session, projection, schema);
  });

/**
 * Creates the serving copies that do not exist yet; others are left as they are, whatever their
 * version. Safe from several processes at once.
 */
export const ensureModels = (database: Database, projections: readonly Projection[]) =>
  eachServing(database, projections, async (session, projection, schema) => {
    if ((await copyState(session, schema)) === null) await createCopy(session, projection, schema);
  });

/** Each in a database transaction of its own, in which nobody else touches its rows. */
async function eachServing(
  database: Database,
  projections: readonly Projection[],
  work: (session: SqlSession, projection: Projection, schema: string) => Promise<void>,
): Promise<void> {
  for (const projection of projections)
    await database.transaction(async (session) => {
      await session.query(`select pg_advisory_xact_lock(${rowsLock(projection.name)})`);
      await work(session, projection, servingSchema(projection.name));
    });
}
