import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, type Environment, readEnvironment } from '@counterfoil/runtime';
import { testDatabase } from '@counterfoil/runtime/testing';
import { sampleConfiguration } from '@counterfoil/providers/testing';
import { run } from '@counterfoil/standalone';
import { type HttpApi, httpApi } from './http-api.ts';

export const adminApiKey = 'e2e-admin-api-key-0001';

/** The whole system in this process, on a database of its own. */
export type RunningSystem = Readonly<{
  url: string;
  api: HttpApi;
  /** For waiting and for comparing rows; everything else goes over HTTP. */
  database: Database;
  databaseUrl: string;
  environment: Environment;
  stop: () => Promise<void>;
}>;

/** Faults that a test provokes are not news; set this to see what the system says of itself. */
const logLevelVariable = 'COUNTERFOIL_TEST_LOG_LEVEL';

/** The samples' credentials and settings, on a free port. */
export const systemEnvironment = (databaseUrl: string, dataDir: string): Environment => ({
  ...sampleConfiguration.variables,
  PORT: '0',
  DATABASE_URL: databaseUrl,
  DATA_DIR: dataDir,
  ADMIN_API_KEY: adminApiKey,
  LOG_LEVEL: readEnvironment()[logLevelVariable] ?? 'fatal',
});

export async function runningSystem(variables: Environment = {}): Promise<RunningSystem> {
  const { database, url: databaseUrl, drop } = await testDatabase({ connectionsMax: 2 });
  const dataDir = mkdtempSync(join(tmpdir(), 'counterfoil-e2e-'));
  const remove = async () => {
    await drop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  const environment = { ...systemEnvironment(databaseUrl, dataDir), ...variables };
  try {
    const running = await run(environment);
    return {
      url: running.url,
      api: httpApi(running.url, adminApiKey),
      database,
      databaseUrl,
      environment,
      stop: async () => {
        await running.lifecycle.stop('the test is over');
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
