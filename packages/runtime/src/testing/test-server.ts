import { postgresDatabase } from '../postgres/pool.ts';
import { readEnvironment } from '../environment.ts';

/** Where a test run finds its PostgreSQL; `stop` ends it when this process started it. */
export type TestServer = Readonly<{ url: string; stop: () => Promise<void> }>;

const localUrls = [
  'postgres://root@127.0.0.1:5432/postgres',
  'postgres://postgres@127.0.0.1:5432/postgres',
];

/** The variable by which the run tells its workers the server that it chose. */
export const testServerVariable = 'COUNTERFOIL_TEST_SERVER_URL';

export async function testServer(): Promise<TestServer> {
  const environment = readEnvironment();
  const given = environment[testServerVariable] ?? environment['DATABASE_URL'];
  if (given !== undefined && given !== '') return { url: given, stop: async () => {} };
  for (const url of localUrls) if (await answers(url)) return { url, stop: async () => {} };
  throw new Error('No PostgreSQL answers for the tests: set DATABASE_URL');
}

async function answers(url: string): Promise<boolean> {
  const database = postgresDatabase({
    url,
    connectionsMax: 1,
    applicationName: 'counterfoil-test',
  });
  try {
    await database.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await database.close();
  }
}
