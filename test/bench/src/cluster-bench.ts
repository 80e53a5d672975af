import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cluster } from '@counterfoil/cluster';
import { type Clock, type Database, lifecycle, silentLogger } from '@counterfoil/runtime';
import { run } from '@counterfoil/standalone';
import type { BenchRow } from './bench-row.ts';
import type { Measured } from './load-generators.ts';
import { benchVariables, systemRows } from './pipeline-bench.ts';

/** An empty database, by both of its names. */
type Own = Readonly<{ url: string; database: Database }>;

/**
 * One process per service with two ledger-writers, on Kafka where a broker can be started, beside
 * everything in one process on the PostgreSQL bus, on the same machine one after the other.
 */
export async function clusterBench(
  options: Readonly<{ embedded: Own; clustered: Own; clock: Clock }>,
): Promise<readonly BenchRow[]> {
  const inOneProcess = await embeddedRows(options.embedded, options.clock);
  const rows = await clusteredRows(options.clustered, options.clock, inOneProcess.most);
  return [...inOneProcess.rows, ...rows];
}

async function embeddedRows({ url, database }: Own, clock: Clock) {
  const system = await run({ ...benchVariables, DATABASE_URL: url, PORT: '0' });
  const measured = { gatewayUrl: system.url, apiUrl: system.url, database };
  try {
    return await systemRows({ ...measured, baseline: null, named: 'one process: ' }, { clock });
  } finally {
    await system.lifecycle.stop('the benchmark is over');
  }
}

async function clusteredRows(
  { url, database }: Own,
  clock: Clock,
  baseline: Measured,
): Promise<readonly BenchRow[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'counterfoil-bench-'));
  const parts = lifecycle({ clock, logger: silentLogger, partTimeoutMs: 30_000 });
  try {
    const { gatewayUrl, apiUrl } = await cluster({
      environment: {
        ...benchVariables,
        DATABASE_URL: url,
        DATA_DIR: dataDir,
        GATEWAY_PORT: '0',
        API_PORT: '0',
        CLUSTER_INSTANCES: 'ledger-writer=2',
      },
      clock,
      logger: silentLogger,
      lifecycle: parts,
      write: (line) => {
        if (line.startsWith('cluster')) process.stderr.write(`${line}\n`);
      },
      isColoured: false,
    });
    const measured = { gatewayUrl, apiUrl, database, baseline, named: 'cluster: ' };
    return (await systemRows(measured, { clock })).rows;
  } finally {
    await parts.stop('the benchmark is over');
    rmSync(dataDir, { recursive: true, force: true });
  }
}
