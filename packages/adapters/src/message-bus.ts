import {
  canonicalTopic,
  deadLetterTopic,
  type EventBus,
  eventBusMigrations,
  inMemoryEventBus,
  kafkaConfig,
  kafkaEventBus,
  kafkaOptionsOf,
  KafkaTopicUnfit,
  ledgerTopic,
  postgresEventBus,
} from '@counterfoil/event-bus';
import {
  choiceText,
  type Clock,
  ConfigError,
  type ConfigFault,
  type ConfigOf,
  type Database,
  defineConfig,
  type Environment,
  type Logger,
  type Metrics,
  type MigrationSet,
  parseConfig,
  variable,
} from '@counterfoil/runtime';

/** What carries messages between processes. */
export const eventBusConfig = defineConfig({
  EVENT_BUS: variable(choiceText(['postgres', 'kafka']), {
    default: 'postgres',
    meaning: 'What carries canonical events from the gateways to the ledger-writers',
  }),
  ...kafkaConfig,
});

export type EventBusConfig = Omit<ConfigOf<typeof eventBusConfig>, 'EVENT_BUS'> &
  Readonly<{ EVENT_BUS: 'postgres' | 'kafka' | 'memory' }>;

/** What no variable is at fault for alone. */
export function eventBusFaults(environment: Environment): readonly ConfigFault[] {
  if (environment['EVENT_BUS'] !== 'kafka') return [];
  try {
    kafkaOptionsOf(parseConfig(kafkaConfig, environment));
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // A variable that is at fault alone is told by its definition.
    return error.faults.filter(({ variable: name }) => isWellFormed(name, environment));
  }
}

const isWellFormed = (name: string, environment: Environment): boolean =>
  Object.entries(kafkaConfig).every(
    ([known, definition]) => known !== name || definition.parse(environment[name]).ok,
  );

/** The bus as a process uses it; `migrations` make its tables, and come before its first use. */
export type MessageBus = Readonly<{
  bus: EventBus;
  migrations: readonly MigrationSet[];
  /** Begins to reach the servers of its own, and says when they are away; waits for nothing. */
  start: () => void;
  /** Rejects while messages cannot be sent, or do not come. */
  check: () => Promise<void>;
  /** Lets go of servers of its own; bounded. */
  stop: () => Promise<void>;
}>;

type BusPorts = Readonly<{
  /** What the process is called at the broker. */
  clientId: string;
  database: Database;
  clock: Clock;
  logger: Logger;
  metrics?: Metrics;
}>;

/** The bus that `EVENT_BUS` names; `memory` reaches no further than the process. */
export function messageBus(config: EventBusConfig, ports: BusPorts): MessageBus {
  const { clientId: _, ...reached } = ports;
  const own = { start: () => {}, check: async () => {}, stop: async () => {} };
  switch (config.EVENT_BUS) {
    case 'memory':
      return { bus: inMemoryEventBus({ clock: ports.clock }), migrations: [], ...own };
    case 'postgres': {
      const bus = postgresEventBus(reached);
      return { bus, migrations: [eventBusMigrations], ...own };
    }
    case 'kafka':
      return busOnKafka(config, ports);
  }
}

const topicNames = [canonicalTopic.name, ledgerTopic.name, deadLetterTopic.name];

function busOnKafka(config: EventBusConfig, { database: _, ...ports }: BusPorts): MessageBus {
  const { logger } = ports;
  const bus = kafkaEventBus({ ...kafkaOptionsOf(config), ...ports });
  return {
    bus,
    migrations: [],
    // A gateway acknowledges without a broker: nothing waits for it, and every use tries again.
    start: () => {
      bus.connect(topicNames).catch((error: unknown) => {
        if (error instanceof KafkaTopicUnfit) logger.error('a topic of Kafka is unfit', { error });
        else logger.warn('Kafka could not be checked at start; it is tried at each use', { error });
      });
    },
    check: bus.health,
    stop: bus.disconnect,
  };
}
