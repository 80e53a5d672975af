import { resolve } from 'node:path';
import { type Environment, readEnvironment } from '../environment.ts';
import { silentLogger } from '../logger.ts';
import { embeddedPostgres } from '../postgres/embedded/embedded-postgres.ts';
import { postgresDatabase } from '../postgres/pool.ts';
import { systemClock } from '../system-clock.ts';

/** Where a test run finds its PostgreSQL; `stop` ends it when this run started it. */
export type TestServer = Readonly<{
  url: string;
  kind: 'given' | 'local' | 'embedded';
  stop: () => Promise<void>;
}>;

const localUrls = [
  'postgres://root@127.0.0.1:5432/postgres',
  'postgres://postgres@127.0.0.1:5432/postgres',
];

/** The variable by which a run tells its workers the server that it chose. */
export const testServerVariable = 'COUNTERFOIL_TEST_SERVER_URL';
/** `embedded` passes over every other server: to test that path where one runs. */
const testDatabaseVariable = 'COUNTERFOIL_TEST_DATABASE';

/**
 * `DATABASE_URL`, else a PostgreSQL that lets us in at 127.0.0.1:5432 without a password, else an
 * embedded one under `.counterfoil/test`, which concurrent runs of one checkout share.
 */
export async function testServer(
  environment: Environment = readEnvironment(),
): Promise<TestServer> {
  const given = environment[testServerVariable] || environment['DATABASE_URL'];
  const isEmbedded = environment[testDatabaseVariable] === 'embedded';
  const none = async () => {};
  if (given && (!isEmbedded || environment[testServerVariable]))
    return { url: given, kind: 'given', stop: none };
  if (!isEmbedded)
    for (const url of localUrls) if (await answers(url)) return { url, kind: 'local', stop: none };
  const dataDir = resolve('.counterfoil', 'test');
  const embedded = await embeddedPostgres({ dataDir, clock: systemClock(), logger: silentLogger });
  return { ...embedded, kind: 'embedded' };
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
