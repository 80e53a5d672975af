import { localKafka, missingForKafka } from '@counterfoil/event-bus/testing';
import type { Environment } from '@counterfoil/runtime';

const kafkaVersion = '4.1.1';

/** A bus that a system may be started on, with the variables that say so. */
export type TestedBus = Readonly<{
  bus: string;
  /** Why it cannot be tested here; null when it can. */
  missing: string | null;
  start: () => Promise<Readonly<{ variables: Environment; stop: () => Promise<void> }>>;
}>;

/** For `describe.each`; what cannot be tested is said once, under the name of what is tested. */
export async function testedBuses(what: string): Promise<readonly TestedBus[]> {
  const missing = await missingForKafka(kafkaVersion);
  if (missing !== null) process.stderr.write(`${what} is not tested on Kafka: ${missing}\n`);
  return [
    {
      bus: 'PostgreSQL',
      missing: null,
      start: async () => ({ variables: {}, stop: async () => {} }),
    },
    { bus: missing === null ? 'Kafka' : `Kafka (not tested: ${missing})`, missing, start: onKafka },
  ];
}

async function onKafka() {
  const { brokers, remove } = await localKafka(kafkaVersion);
  const variables = {
    EVENT_BUS: 'kafka',
    KAFKA_BROKERS: brokers.join(','),
    KAFKA_REPLICATION_FACTOR: '1',
  };
  return { variables, stop: remove };
}
