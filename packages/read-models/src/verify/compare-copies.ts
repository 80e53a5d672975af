import type { SqlSession } from '@counterfoil/runtime';
import { servingSchema } from '../model-name.ts';
import type { Projection } from '../projection.ts';
import type { CheckResult } from './book-checks.ts';

/** Compares the serving rows with those that the session derived in its temporary tables. */
export async function compareCopies(
  session: SqlSession,
  projection: Projection,
): Promise<CheckResult> {
  const name = `read-model ${projection.name}`;
  let drift = 0;
  let first: string | null = null;
  for (const table of projection.tableNames) {
    const serving = `${servingSchema(projection.name)}.${table}`;
    const missing = await difference(session, `pg_temp.${table}`, serving);
    const extra = await difference(session, serving, `pg_temp.${table}`);
    // A row that differs is missing on one side and extra on the other: one drift.
    drift += Math.max(missing.count, extra.count);
    if (first === null && missing.first !== null) first = `${table} should have ${missing.first}`;
    if (first === null && extra.first !== null) first = `${table} should not have ${extra.first}`;
  }
  return { name, ok: drift === 0, drift, first };
}

async function difference(session: SqlSession, left: string, right: string) {
  const { rows } = await session.query(
    `select count(*)::text as count, min(to_jsonb(differing)::text) as first
     from (select * from ${left} except all select * from ${right}) as differing`,
  );
  const [row] = rows;
  const first = row?.['first'];
  return { count: Number(row?.['count']), first: typeof first === 'string' ? first : null };
}
