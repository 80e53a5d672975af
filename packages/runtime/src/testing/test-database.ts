import type { Database } from '../postgres/database.ts';
import { postgresDatabase } from '../postgres/pool.ts';
import { systemClock } from '../system-clock.ts';
import { testServer, type TestServer } from './test-server.ts';

export type TestDatabase = Readonly<{
  database: Database;
  url: string;
  /** Closes `database`, ends every other connection to it and removes it. */
  drop: () => Promise<void>;
}>;

let server: Promise<TestServer> | null = null;

/** An empty database of its own, on the run's PostgreSQL. */
export async function testDatabase(
  options: Readonly<{ connectionsMax?: number }> = {},
): Promise<TestDatabase> {
  server ??= testServer();
  const { url: serverUrl } = await server;
  const name = `counterfoil_test_${systemClock().randomId().replaceAll('-', '')}`;
  await onServer(serverUrl, `create database ${name}`);
  const url = withDatabase(serverUrl, name);
  const database = postgresDatabase({
    url,
    connectionsMax: options.connectionsMax ?? 8,
    applicationName: 'counterfoil-test',
  });
  return {
    database,
    url,
    drop: async () => {
      await database.close();
      await onServer(serverUrl, `drop database if exists ${name} with (force)`);
    },
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const database = postgresDatabase({
    url,
    connectionsMax: 1,
    applicationName: 'counterfoil-test',
  });
  try {
    await database.query(statement);
  } finally {
    await database.close();
  }
}

function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.toString();
}
