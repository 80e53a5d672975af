import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Database,
  embeddedPostgres,
  postgresDatabase,
  silentLogger,
  systemClock,
} from '@counterfoil/runtime';

/** A PostgreSQL that nobody else uses, so that it may be stopped under its users. */
export type OwnPostgres = Readonly<{
  url: string;
  /** Straight to the server, for looking on. */
  database: Database;
  /** Ends every session and the server, which comes back at its address; resolves when it has. */
  restart: () => Promise<void>;
  stop: () => Promise<void>;
}>;

const pollMs = 50;
const restartTimeoutMs = 60_000;

export async function ownPostgres(dataDir: string): Promise<OwnPostgres> {
  const server = await embeddedPostgres({ dataDir, clock: systemClock(), logger: silentLogger });
  const database = postgresDatabase({
    url: server.url,
    connectionsMax: 2,
    applicationName: 'counterfoil-test',
  });
  const serverPid = async (): Promise<number> => {
    const text = await readFile(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8');
    return Number.parseInt(text, 10);
  };
  return {
    url: server.url,
    database,
    restart: async () => {
      const before = await serverPid();
      // PostgreSQL's "fast" shutdown; whoever watches over the server starts it again.
      process.kill(before, 'SIGINT');
      const giveUpAt = Date.now() + restartTimeoutMs;
      for (;;) {
        const now = await serverPid().catch(() => before);
        if (now !== before && (await answers(database))) return;
        if (Date.now() > giveUpAt) throw new Error('PostgreSQL did not come back');
        await new Promise((resolve) => setTimeout(resolve, pollMs));
      }
    },
    stop: async () => {
      await database.close();
      await server.stop();
    },
  };
}

const answers = (database: Database): Promise<boolean> =>
  database.query('select 1').then(
    () => true,
    () => false,
  );
