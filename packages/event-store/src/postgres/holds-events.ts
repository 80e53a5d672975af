import type { SqlSession } from '@counterfoil/runtime';
import { eventLogSchemaDefault } from './migrations.ts';

/** Whether a log is kept in this database, which may have no tables for one. */
export async function holdsEvents(
  session: SqlSession,
  schema: string = eventLogSchemaDefault,
): Promise<boolean> {
  const table = await session.query('select to_regclass($1) is not null as exists', [
    `${schema}.events`,
  ]);
  if (table.rows[0]?.['exists'] !== true) return false;
  const { rows } = await session.query(`select exists (select from ${schema}.events) as holds`);
  return rows[0]?.['holds'] === true;
}
