import { realpath } from 'node:fs/promises';
import pg from 'pg';
import type { Clock } from '../../clock.ts';
import type { Logger } from '../../logger.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import type { ServerFolder } from './server-folder.ts';
import { chosenPort, runningPostmaster, startServer, stopServer } from './server-process.ts';

export type Server = Readonly<{
  folder: ServerFolder;
  binaries: PostgresBinaries;
  clock: Clock;
  logger: Logger;
}>;

export const urlOf = (server: Server, port: number, database: string): string =>
  `postgres://counterfoil:${server.folder.password}@127.0.0.1:${port}/${database}`;

/** One process's use of the server: a connection that holds a shared lock while it lasts. */
export type Membership = Readonly<{
  port: number;
  client: pg.Client;
  lost: (signal: AbortSignal) => Promise<void>;
}>;

/** Recovery after a crash included. */
const joinTimeoutMs = 120_000;
const joinDelayMs = 100;

/**
 * Finds the server or starts it, and counts us among its users. Two processes may do so at once:
 * PostgreSQL's own lock file lets one server start, and the other process finds that one.
 */
export async function joinServer(server: Server): Promise<Membership> {
  const { clock, folder } = server;
  const startedAt = clock.monotonic();
  let reason = 'it was not tried';
  while (clock.monotonic() - startedAt < joinTimeoutMs) {
    const running = await runningPostmaster(folder);
    if (running === null) {
      const refused = await startServer(folder, server.binaries, await chosenPort(folder));
      if (refused !== null) {
        reason = `the server did not start: ${refused}`;
        if (!isWorthRetrying(refused)) break;
      }
    } else if (running.isReady) {
      const joined = await enter(server, running.port).catch((error: unknown) => {
        reason = `process ${running.pid} holds ${folder.data} but does not let us in: ${String(error)}`;
        return null;
      });
      if (joined) return joined;
    } else {
      reason = `process ${running.pid} holds ${folder.data} but is not ready`;
    }
    await clock.sleep(joinDelayMs);
  }
  throw new Error(reason);
}

/** Another process was faster, or another program took the port since we looked. */
const isWorthRetrying = (output: string): boolean =>
  /lock file|could not bind|address already in use|another server/i.test(output);

/** The same in every process; the lock lives in the server's own database. */
const membersLock = '5207831264407125';

async function enter(server: Server, port: number): Promise<Membership> {
  const client = new pg.Client({
    connectionString: urlOf(server, port, 'postgres'),
    application_name: 'counterfoil-embedded',
    keepAlive: true,
  });
  const ended = new Promise<void>((resolve) => {
    client.on('end', resolve);
    client.on('error', () => resolve());
  });
  try {
    await client.connect();
    await client.query(`select pg_advisory_lock_shared(${membersLock})`);
    await refuseOtherCluster(client, server.folder);
    await createDatabase(client);
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
  return {
    port,
    client,
    lost: (signal) =>
      Promise.race([
        ended,
        new Promise<void>((resolve) => {
          if (signal.aborted) resolve();
          signal.addEventListener('abort', () => resolve(), { once: true });
        }),
      ]),
  };
}

async function refuseOtherCluster(client: pg.Client, folder: ServerFolder): Promise<void> {
  const { rows } = await client.query<{ data_directory: string }>('show data_directory');
  const served = rows[0]?.data_directory ?? '';
  if ((await realpath(served)) !== (await realpath(folder.data)))
    throw new Error(`its port belongs to the server of ${served}`);
}

async function createDatabase(client: pg.Client): Promise<void> {
  const found = await client.query("select from pg_database where datname = 'counterfoil'");
  if (found.rowCount === 0)
    await client.query('create database counterfoil').catch((error: unknown) => {
      // Made by another process between the two statements.
      if (!isAlreadyThere(error)) throw error;
    });
}

const isAlreadyThere = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === '42P04' || error.code === '23505');

export async function leaveServer(server: Server, membership: Membership): Promise<void> {
  const isLast = await membership.client
    .query<{ last: boolean }>(`select pg_try_advisory_lock(${membersLock}) as last`)
    .then(
      ({ rows }) => rows[0]?.last === true,
      () => false,
    );
  await membership.client.end().catch(() => {});
  if (isLast && !(await stopServer(server.folder, server.binaries)))
    server.logger.error('the embedded database did not stop', { folder: server.folder.data });
}
