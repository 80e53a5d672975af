import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database, Environment, SqlSession } from '@counterfoil/runtime';
import { type TestDatabase, testDatabase } from '@counterfoil/runtime/testing';
import { childSystem } from './child-system.ts';
import { type HttpApi, httpApi } from './http-api.ts';
import { adminApiKey, systemEnvironment } from './running-system.ts';

const clusterMain = fileURLToPath(new URL('../../packages/cluster/dist/main.js', import.meta.url));
const readyTimeoutMs = 150_000;
const pollMs = 50;

/** One process per service, as `npm run cluster` starts them. */
export type RunningCluster = Readonly<{
  /** The gateway's. */
  url: string;
  api: HttpApi;
  database: Database;
  output: () => string;
  /**
   * Waits until every delivery is translated, every canonical event recorded and every linked
   * reference moved, on whatever bus. Resolves to the head of the log.
   */
  untilAtRest: () => Promise<string>;
  /** kill -9 of the process that runs for the service now; resolves when another one has come. */
  killService: (name: string) => Promise<void>;
  /** The process that runs for the service now. */
  processOf: (name: string) => ServiceProcess;
  processNames: () => readonly string[];
  /** Which processes ended so far, each as often as it did, in that order. */
  ended: () => readonly string[];
  /** Every process answers that it is ready. */
  untilHealthy: () => Promise<void>;
  stop: () => Promise<number | null>;
}>;

export type ServiceProcess = Readonly<{ pid: number; url: string }>;

/** On a database of its own unless one is given, whose `database` may take another way than its `url`. */
export async function runningCluster(
  variables: Environment = {},
  given: TestDatabase | null = null,
): Promise<RunningCluster> {
  const own = given ?? (await testDatabase({ connectionsMax: 2 }));
  const { database, url: databaseUrl, drop } = own;
  const dataDir = mkdtempSync(join(tmpdir(), 'counterfoil-cluster-'));
  const environment = {
    ...systemEnvironment(databaseUrl, dataDir),
    GATEWAY_PORT: '0',
    API_PORT: '0',
    ...variables,
  };
  const child = childSystem(environment, [], clusterMain);
  let hasExited = false;
  void child.exited.then(() => {
    hasExited = true;
  });
  const stop = async (): Promise<number | null> => {
    const exitCode = await child.terminate();
    await drop();
    rmSync(dataDir, { recursive: true, force: true });
    return exitCode;
  };
  const until = async <Value>(what: string, find: () => Value | null | Promise<Value | null>) => {
    const giveUpAt = Date.now() + readyTimeoutMs;
    for (;;) {
      const found = await find();
      if (found !== null) return found;
      if (hasExited || Date.now() > giveUpAt) throw new Error(`${what}:\n${child.output()}`);
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  };
  const started = (): ReadonlyMap<string, ServiceProcess> =>
    new Map(
      [...child.output().matchAll(/\| (\S+) runs as process (\d+) on (\S+)/g)].map(
        ([, name = '', pid = '', url = '']) => [name, { pid: Number.parseInt(pid, 10), url }],
      ),
    );
  const processOf = (name: string): ServiceProcess => {
    const found = started().get(name);
    if (found === undefined) throw new Error(`No process runs for ${name}`);
    return found;
  };

  try {
    const [, gatewayUrl = '', apiUrl = ''] = await until('never ready', () =>
      /^ready: gateway (\S+), api (\S+)$/m.exec(child.output()),
    );
    return {
      url: gatewayUrl,
      api: httpApi(apiUrl, adminApiKey),
      database,
      output: child.output,
      untilAtRest: () =>
        until('not at rest', async () => {
          const writer = started().get('ledger-writer-1')?.url ?? '';
          return (await isPublished(database)) && (await lagAt(writer)) === 0
            ? movedHead(database)
            : null;
        }),
      killService: async (name) => {
        const before = processOf(name);
        process.kill(before.pid, 'SIGKILL');
        await until(`${name} was not started again`, () => {
          const now = started().get(name);
          return now === undefined || now.pid === before.pid ? null : now;
        });
      },
      untilHealthy: async () => {
        for (const [name, { url }] of started())
          await until(`${name} is not ready`, async () => {
            const answer = await fetch(`${url}/health/ready`).catch(() => null);
            return answer?.ok ? true : null;
          });
      },
      processOf,
      processNames: () => [...started().keys()],
      ended: () => [...child.output().matchAll(/\| (\S+) ended \(/g)].map(([, name = '']) => name),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Also of requests whose decision was answered; they are relayed a little later. */
async function isPublished(database: SqlSession): Promise<boolean> {
  const { rows } = await database.query(
    'select not exists (select from counterfoil_inbox.deliveries where is_waiting) as "isPublished"',
  );
  return rows[0]?.['isPublished'] === true;
}

/** What the bus has and nobody has recorded, as a ledger-writer sees the whole group; -1 unknown. */
async function lagAt(ledgerWriterUrl: string): Promise<number> {
  const metrics = await fetch(`${ledgerWriterUrl}/metrics`).then(
    (answer) => answer.text(),
    () => '',
  );
  const [, lag = '-1'] = /^counterfoil_recording_lag_messages (\S+)$/m.exec(metrics) ?? [];
  return Number.parseInt(lag, 10);
}

async function movedHead(database: SqlSession): Promise<string | null> {
  const { rows } = await database.query(
    `select log.head::text as head, log.head = coalesce((select position::bigint
       from counterfoil_ledger_writer.checkpoints where reader = 'moves'), 0) as "isMoved"
     from (select coalesce(max(position), 0) as head from counterfoil_log.events) log`,
  );
  return rows[0]?.['isMoved'] === true ? String(rows[0]['head']) : null;
}
