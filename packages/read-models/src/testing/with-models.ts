import type { Database } from '@counterfoil/runtime';
import { type TestDatabase, testDatabase } from '@counterfoil/runtime/testing';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { ensureModels } from '../model-copy.ts';
import { servingSchema } from '../model-name.ts';
import { allProjections } from '../projections.ts';

/** A database whose models are empty and at the start of the log before each test of a file. */
export function withModels(): { readonly database: Database } {
  let server: TestDatabase | null = null;
  beforeAll(async () => {
    server = await testDatabase();
  });
  beforeEach(async () => {
    if (server === null) return;
    await ensureModels(server.database, allProjections);
    await emptyModels(server.database);
  });
  afterAll(() => server?.drop());
  return {
    get database(): Database {
      if (server === null) throw new Error('The database is there from the first test on');
      return server.database;
    },
  };
}

/** Faster than making them anew. */
export async function emptyModels(database: Database): Promise<void> {
  const tables = allProjections.flatMap(({ name, tableNames }) =>
    tableNames.map((table) => `${servingSchema(name)}.${table}`),
  );
  await database.query(`truncate ${tables.join(', ')}`);
  for (const { name, version } of allProjections)
    await database.query(
      `update ${servingSchema(name)}.checkpoint set position = 'start', version = ${version}`,
    );
}
