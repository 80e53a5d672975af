import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalKafka, localKafka } from '@counterfoil/event-bus/testing';
import type { Environment } from '@counterfoil/runtime';
import { type CuttableProxy, cuttableProxy } from '@counterfoil/runtime/testing';
import { freePort } from '../support/child-system.ts';
import { type RunningCluster, runningCluster } from '../support/running-cluster.ts';
import type { Flow } from './flow.ts';
import { type OwnPostgres, ownPostgres } from './own-postgres.ts';

/** A cluster whose servers are its own and can be taken away, and the way to each a proxy. */
export type FaultedSystem = Readonly<{
  cluster: RunningCluster;
  /** What the processes of the cluster read, for one more of them. */
  environment: Environment;
  postgres: Readonly<{ server: OwnPostgres; proxy: CuttableProxy }>;
  /** Null on the PostgreSQL bus. */
  kafka: Readonly<{ broker: LocalKafka; proxy: CuttableProxy }> | null;
  stop: () => Promise<void>;
}>;

/** One way to harm a system under load. */
export type Fault = Readonly<{
  name: string;
  /** Resolves to the processes that it ended, when it harms no more. */
  inject: (system: FaultedSystem, flow: Flow) => Promise<readonly string[]>;
  /** What it does is done to a broker. */
  isOfKafka?: true;
  /** It takes some seconds, so that the ordinary suite has it too. */
  isShort?: true;
}>;

export const kafkaVersion = '4.1.1';

export async function faultedSystem(bus: 'kafka' | 'postgres'): Promise<FaultedSystem> {
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const folder = mkdtempSync(join(tmpdir(), 'counterfoil-faults-'));
    undo.push(async () => rmSync(folder, { recursive: true, force: true }));
    const server = await ownPostgres(folder);
    undo.push(server.stop);
    const proxy = await cuttableProxy(server.url);
    undo.push(proxy.close);
    const kafka = bus === 'kafka' ? await proxiedKafka(undo) : null;
    const variables: Environment = {
      CLUSTER_INSTANCES: 'ledger-writer=2',
      EVENT_BUS: bus,
      ...(kafka && {
        KAFKA_BROKERS: new URL(kafka.proxy.url).host,
        KAFKA_REPLICATION_FACTOR: '1',
      }),
    };
    const { database } = server;
    const cluster = await runningCluster(variables, {
      database,
      url: proxy.url,
      drop: async () => {},
    });
    undo.push(cluster.stop);
    return {
      cluster,
      environment: { ...variables, DATABASE_URL: proxy.url },
      postgres: { server, proxy },
      kafka,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The broker tells its clients to come to the proxy, so that none goes past it. */
async function proxiedKafka(
  undo: (() => Promise<unknown>)[],
): Promise<NonNullable<FaultedSystem['kafka']>> {
  const own = await freePort();
  const proxy = await cuttableProxy(`tcp://127.0.0.1:${own}`);
  undo.push(proxy.close);
  const advertised = Number.parseInt(new URL(proxy.url).port, 10);
  const broker = await localKafka(kafkaVersion, { own, advertised });
  undo.push(broker.remove);
  return { broker, proxy };
}
