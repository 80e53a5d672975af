import type { Fault, FaultedSystem } from './faulted-system.ts';

const brokerAwayMs = 20_000;
const cutMs = 3_000;
const cuts = 2;
/** Taken in less time than a session lasts. */
const backlog = 60;

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export const brokerAway: Fault = {
  name: 'the Kafka broker was stopped for 20 s',
  isOfKafka: true,
  inject: async ({ kafka }) => {
    await kafka?.broker.stop();
    await sleep(brokerAwayMs);
    await kafka?.broker.start();
    return [];
  },
};

export const brokerKilled: Fault = {
  name: 'kill -9 of the Kafka broker',
  isOfKafka: true,
  inject: async ({ kafka }) => {
    await kafka?.broker.kill();
    await kafka?.broker.start();
    return [];
  },
};

export const postgresRestarted: Fault = {
  name: 'a restart of PostgreSQL',
  isShort: true,
  inject: async ({ postgres }) => {
    await postgres.server.restart();
    return [];
  },
};

export const connectionsCut: Fault = {
  name: 'every connection to the servers was cut, and new ones were refused for 3 s',
  isShort: true,
  inject: async (system, flow) => {
    for (let cut = 0; cut < cuts; cut += 1)
      for (const proxy of proxiesOf(system)) {
        await proxy.cut();
        await sleep(cutMs);
        await proxy.restore();
        await flow.untilMore(1);
      }
    return [];
  },
};

/** Only where the bus is another server: what cannot be recorded keeps coming then. */
export const databaseAwayFromBacklog: Fault = {
  name: 'ledger-writers found PostgreSQL away for 3 s with a backlog before them',
  isOfKafka: true,
  inject: async ({ cluster, postgres }, flow) => {
    const writers = ['ledger-writer-1', 'ledger-writer-2'].map(cluster.processOf);
    for (const { pid } of writers) process.kill(pid, 'SIGSTOP');
    try {
      await flow.untilMore(backlog);
      await postgres.proxy.cut();
    } finally {
      for (const { pid } of writers) process.kill(pid, 'SIGCONT');
    }
    await sleep(cutMs);
    await postgres.proxy.restore();
    return [];
  },
};

export const connectionsHalfOpen: Fault = {
  name: 'every connection to the servers was left half open',
  inject: async (system, flow) => {
    for (const proxy of proxiesOf(system)) {
      if (proxy.silence() === 0) throw new Error(`Nobody was connected through ${proxy.url}`);
      await flow.untilMore(1);
    }
    return [];
  },
};

const proxiesOf = ({ postgres, kafka }: FaultedSystem) => [
  postgres.proxy,
  ...(kafka ? [kafka.proxy] : []),
];
