import type { SqlSession } from '@counterfoil/runtime';

/**
 * Every row of every read model as PostgreSQL writes it, by table, in the order of its text. The
 * checkpoints are left out: they say when a batch was written, not what the log says.
 */
export async function readModelRows(
  database: SqlSession,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const { rows: tables } = await database.query(
    `select table_schema, table_name from information_schema.tables
     where table_schema like 'read\\_%' and table_name <> 'checkpoint' order by 1, 2`,
  );
  const all: Record<string, readonly string[]> = {};
  for (const table of tables) {
    const name = `${String(table['table_schema'])}.${String(table['table_name'])}`;
    const { rows } = await database.query(
      `select kept::text as text from ${name} as kept order by kept::text collate "C"`,
    );
    all[name] = rows.map(({ text }) => String(text));
  }
  return all;
}
