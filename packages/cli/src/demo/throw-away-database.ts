import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresDatabase } from '@counterfoil/runtime';
import type { CommandEnvironment } from '../command-environment.ts';

/** `url` is null where the embedded PostgreSQL keeps the data in `dataDir`. */
export type ThrowAwayDatabase = Readonly<{
  url: string | null;
  dataDir: string;
  /** Removes the data; after the system has stopped. */
  drop: () => Promise<void>;
}>;

/** A new database on the server of DATABASE_URL, or a temporary folder for an embedded one. */
export async function throwAwayDatabase({
  environment,
  clock,
}: Pick<CommandEnvironment, 'environment' | 'clock'>): Promise<ThrowAwayDatabase> {
  const server = environment['DATABASE_URL'];
  const dataDir = await mkdtemp(join(tmpdir(), 'counterfoil-demo-'));
  if (!server) return { url: null, dataDir, drop: () => removeFolder(dataDir) };
  const name = `counterfoil_demo_${clock.randomId().replaceAll('-', '')}`;
  try {
    await onServer(server, `create database ${name}`);
  } catch (error) {
    await removeFolder(dataDir);
    throw error;
  }
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.toString(),
    dataDir,
    drop: async () => {
      await onServer(server, `drop database if exists ${name} with (force)`);
      await removeFolder(dataDir);
    },
  };
}

/** As root the server's files may lie elsewhere, behind a link. */
async function removeFolder(folder: string): Promise<void> {
  const data = await realpath(join(folder, 'postgres')).catch(() => null);
  if (data !== null) await rm(data, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
}

async function onServer(url: string, statement: string): Promise<void> {
  const database = postgresDatabase({
    url,
    connectionsMax: 1,
    applicationName: 'counterfoil-demo',
  });
  try {
    await database.query(statement);
  } finally {
    await database.close();
  }
}
