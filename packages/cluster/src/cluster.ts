import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { adminApiKey } from '@counterfoil/adapters';
import {
  type Clock,
  embeddedPostgres,
  type Environment,
  type Lifecycle,
  type Logger,
  parseConfig,
} from '@counterfoil/runtime';
import { clusterPlan, type Ports } from './cluster-plan.ts';
import { type ClusterConfig, clusterConfig } from './config.ts';
import { freePort } from './free-port.ts';
import { localKafka } from './local-kafka.ts';
import { prefixed, readable } from './log-line.ts';
import { type ServiceName, serviceNames } from './service-names.ts';
import { type SupervisedProcess, supervisedProcess } from './supervised-process.ts';
import { untilReady } from './until-ready.ts';

export type ClusterPorts = Readonly<{
  environment: Environment;
  clock: Clock;
  logger: Logger;
  lifecycle: Lifecycle;
  /** For the person at the terminal, or a program that reads along. */
  write: (line: string) => void;
  isColoured: boolean;
}>;

export type RunningCluster = Readonly<{
  gatewayUrl: string;
  apiUrl: string;
  /** Ends every process at once. */
  kill: () => void;
}>;

/** A first start fetches, migrates and compiles; more than this is a fault that nobody waits out. */
const readyTimeoutMs = 180_000;
const own = 'cluster';

/**
 * Starts PostgreSQL and Kafka where none is given, then one process per service, and waits until all
 * are ready. Processes that end are started again. Rejects when one is not ready in time.
 */
export async function cluster(ports: ClusterPorts): Promise<RunningCluster> {
  const { environment, clock, lifecycle, isColoured } = ports;
  const config = parseConfig(clusterConfig, environment);
  const width = longest([own, ...serviceNames]) + 2;
  const say = (text: string): void =>
    ports.write(prefixed(own, text, { width, index: serviceNames.length, isColoured }));
  const admin = adminApiKey(config.ADMIN_API_KEY, config.DATA_DIR);
  const plan = clusterPlan(await portsOf(config), {
    inherited: environment,
    common: {
      DATABASE_URL: await databaseUrl(config, ports, say),
      ADMIN_API_KEY: admin.key,
      INTERNAL_API_KEY: config.INTERNAL_API_KEY ?? randomBytes(32).toString('base64url'),
      ...(await busVariables(config, ports, say)),
    },
  });
  const processes: SupervisedProcess[] = [];
  for (const [index, planned] of plan.entries()) {
    const show = (text: string): void =>
      ports.write(prefixed(planned.name, text, { width, index, isColoured }));
    await lifecycle.start(planned.name, async () => {
      const supervised = supervisedProcess(planned, {
        clock,
        onLine: (line) => show(readable(line, isColoured)),
        onChange: (what) => say(`${planned.name} ${what}`),
      });
      processes.push(supervised);
      return { value: null, stop: supervised.stop };
    });
  }
  const urls = plan.map(({ url }) => url);
  const signal = lifecycle.stopping;
  if (!(await untilReady(urls, { clock, signal, timeoutMs: readyTimeoutMs })) && !signal.aborted)
    throw new Error(`Not every service was ready in ${readyTimeoutMs / 1000} s`);
  const urlOf = (service: ServiceName) =>
    plan.find((planned) => planned.service === service)?.url ?? '';
  if (admin.isNew) say(`admin key ${admin.key} (kept in ${config.DATA_DIR}/admin-api-key)`);
  return {
    gatewayUrl: urlOf('ingest-gateway'),
    apiUrl: urlOf('query-api'),
    kill: () => processes.forEach((supervised) => supervised.kill()),
  };
}

const longest = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length));

async function portsOf(config: ClusterConfig): Promise<Ports> {
  const wanted: Partial<Record<ServiceName, number>> = {
    'ingest-gateway': config.GATEWAY_PORT,
    'query-api': config.API_PORT,
  };
  const chosen = {} as Record<ServiceName, number[]>;
  for (const service of serviceNames) {
    chosen[service] = [];
    for (let index = 0; index < (config.CLUSTER_INSTANCES.get(service) ?? 1); index += 1)
      chosen[service].push((index === 0 && wanted[service]) || (await freePort()));
  }
  return chosen;
}

async function databaseUrl(
  config: ClusterConfig,
  { clock, logger, lifecycle }: ClusterPorts,
  say: (text: string) => void,
): Promise<string> {
  if (config.DATABASE_URL !== null) return config.DATABASE_URL;
  say(`PostgreSQL is started under ${config.DATA_DIR}`);
  return lifecycle.start('PostgreSQL', async () => {
    const dataDir = resolve(config.DATA_DIR);
    const { url, stop } = await embeddedPostgres({ dataDir, clock, logger });
    return { value: url, stop };
  });
}

/** Which bus, and where: said aloud, since it decides what this cluster shows. */
async function busVariables(
  config: ClusterConfig,
  { lifecycle }: ClusterPorts,
  say: (text: string) => void,
): Promise<Environment> {
  if (config.EVENT_BUS === 'postgres') return { EVENT_BUS: 'postgres' };
  if (config.KAFKA_BROKERS.length > 0)
    return { EVENT_BUS: 'kafka', KAFKA_BROKERS: config.KAFKA_BROKERS.join(',') };
  say('a local Kafka is started (the first time its jars are fetched)');
  const folder = resolve(config.DATA_DIR, 'kafka');
  const kafka = await lifecycle.start('Kafka', async () => {
    const started = await localKafka(folder, say);
    return { value: started, stop: 'missing' in started ? async () => {} : started.stop };
  });
  if (!('missing' in kafka)) {
    say(`Kafka ${kafka.version} takes requests on ${kafka.brokers}`);
    return { EVENT_BUS: 'kafka', KAFKA_BROKERS: kafka.brokers, KAFKA_REPLICATION_FACTOR: '1' };
  }
  if (config.EVENT_BUS === 'kafka') throw new Error(`There is no Kafka: ${kafka.missing}`);
  say(`EVENT_BUS=postgres, since no Kafka can be started here: ${kafka.missing}`);
  return { EVENT_BUS: 'postgres' };
}
