import type { SimulatedAccount } from '@counterfoil/provider-simulator';
import type { Clock, Database } from '@counterfoil/runtime';
import { run } from '@counterfoil/standalone';
import type { BenchRow } from './bench-row.ts';
import { row } from './event-store-bench.ts';
import { latencySummary } from './latency-summary.ts';
import { closedLoop, type Measured, openLoop } from './load-generators.ts';
import { naivePipeline } from './naive-pipeline.ts';
import {
  benchCredential,
  simulatedDeliveries,
  type SimulatedDeliveries,
  webhookPath,
} from './simulated-deliveries.ts';
import { webhookClient } from './webhook-client.ts';

export type PipelineBenchOptions = Readonly<{
  /** An empty database of its own for the system under measurement. */
  databaseUrl: string;
  /** With `naivePipelineSchema`, for the baseline. */
  naiveDatabase: Database;
  clock: Clock;
  rates?: readonly number[];
  durationMs?: number;
}>;

const benchApiKey = 'bench-admin-api-key';
const workersAtSaturation = 64;
const warmUpMs = 1_000;
const durationMsDefault = 5_000;
const ratesDefault = [200, 1_000] as const;

/** What a system under measurement is told; its database and ports come beside it. */
export const benchVariables = {
  ADMIN_API_KEY: benchApiKey,
  ...benchCredential,
  LOG_LEVEL: 'error',
} as const;

/** Webhooks over HTTP from acknowledgement to the rows of the read model, beside the naive way. */
export async function pipelineBench(options: PipelineBenchOptions): Promise<readonly BenchRow[]> {
  const { clock, durationMs = durationMsDefault } = options;
  const naive = await naivePipeline(options.naiveDatabase);
  const naiveLoad = benchLoad(naive.url, simulatedDeliveries(clock), null);
  const saturation = { clock, durationMs, warmUpMs, workers: workersAtSaturation };
  const baseline = await closedLoop({ ...saturation, work: naiveLoad.deliver });
  naiveLoad.close();
  await naive.close();
  const name = 'webhook in one database transaction, to the answer';
  const rows = [row(name, 'saturation', baseline, null)];

  const system = await run({ ...benchVariables, DATABASE_URL: options.databaseUrl, PORT: '0' });
  const { url, database } = system;
  try {
    const measured = { gatewayUrl: url, apiUrl: url, database, baseline, named: '' };
    rows.push(...(await systemRows(measured, options)).rows);
  } finally {
    await system.lifecycle.stop('the benchmark is over');
  }
  return rows;
}

/** A running system, and what its figures are compared with. */
export type MeasuredSystem = Readonly<{
  gatewayUrl: string;
  apiUrl: string;
  /** Of its log and read models. */
  database: Database;
  baseline: Measured | null;
  /** Put before the name of each row. */
  named: string;
}>;

/** A system under open loads, then saturated; `most` is its acknowledgements at saturation. */
export async function systemRows(
  { gatewayUrl, apiUrl, database, baseline, named }: MeasuredSystem,
  options: Pick<PipelineBenchOptions, 'clock' | 'durationMs' | 'rates'>,
): Promise<Readonly<{ rows: readonly BenchRow[]; most: Measured }>> {
  const { clock, durationMs = durationMsDefault } = options;
  const rows: BenchRow[] = [];
  const deliveries = simulatedDeliveries(clock);
  await openPlayers(apiUrl, deliveries.accounts);
  const seen = visibility(database, clock);
  const load = benchLoad(gatewayUrl, deliveries, seen.acknowledged);
  const told = async (at: string, acknowledged: Measured) => {
    const visible = await seen.drain();
    rows.push(row(`${named}webhook to acknowledgement`, at, acknowledged, baseline));
    rows.push(row(`${named}acknowledgement to visible`, at, visible, null));
  };
  for (const perSecond of options.rates ?? ratesDefault) {
    const open = { clock, durationMs, warmUpMs, perSecond, work: load.deliver };
    await told(`${perSecond}/s`, await openLoop(open));
  }
  const saturation = { clock, durationMs, warmUpMs, workers: workersAtSaturation };
  const most = await closedLoop({ ...saturation, work: load.deliver });
  await told('saturation', most);
  load.close();
  seen.stop();
  return { rows, most };
}

/** Delivers what the simulator tells: to every system the same. */
function benchLoad(
  url: string,
  { next }: SimulatedDeliveries,
  onAcknowledged: ((bodySha256: string) => void) | null,
) {
  const client = webhookClient(url);
  const deliver = async () => {
    const { body, headers, bodySha256 } = next();
    const status = await client.post(webhookPath, headers, body);
    if (status !== 200) throw new Error(`A webhook was answered ${status}`);
    onAcknowledged?.(bodySha256());
  };
  return { deliver, close: client.close };
}

async function openPlayers(url: string, accounts: readonly SimulatedAccount[]): Promise<void> {
  const headers = { authorization: `Bearer ${benchApiKey}`, 'content-type': 'application/json' };
  for (const { accountId, kind, references } of accounts) {
    const body = JSON.stringify({ accountId, kind, references });
    const opened = await fetch(`${url}/v1/accounts`, { method: 'POST', headers, body });
    if (!opened.ok) throw new Error(await opened.text());
  }
}

const pollMs = 5;

/** Watches how far the statement's rows are and notes when each acknowledged body is among them. */
function visibility(database: Database, clock: Clock) {
  const waiting = new Map<string, number>();
  let latencies: number[] = [];
  let startedAt = clock.monotonic();
  let after = '0';
  const stopping = new AbortController();
  const poll = async () => {
    while (!stopping.signal.aborted) {
      const { rows } = await database.query(
        `select position, data->'cause'->'source'->>'bodySha256' as body
         from counterfoil_log.events
         where position > $1::bigint and position <= (select nullif(position, 'start')::bigint from read_statement.checkpoint)
         order by position`,
        [after],
        { name: 'bench_visible' },
      );
      const now = clock.monotonic();
      for (const { position, body } of rows) {
        after = String(position);
        const acknowledgedAt = waiting.get(String(body));
        if (acknowledgedAt === undefined) continue;
        latencies.push(now - acknowledgedAt);
        waiting.delete(String(body));
      }
      await clock.sleep(pollMs);
    }
  };
  void poll();
  return {
    acknowledged: (bodySha256: string) => waiting.set(bodySha256, clock.monotonic()),
    /** Resolves when everything acknowledged is visible: the pipeline's own rate. */
    drain: async (): Promise<Measured> => {
      while (waiting.size > 0) await clock.sleep(pollMs);
      const elapsedMs = clock.monotonic() - startedAt;
      const measured = {
        perSecond: (latencies.length / elapsedMs) * 1_000,
        latencyMs: latencySummary(latencies),
      };
      latencies = [];
      startedAt = clock.monotonic();
      return measured;
    },
    stop: () => stopping.abort(),
  };
}
