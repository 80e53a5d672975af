import {
  type EventBus,
  eventBusMigrations,
  inMemoryEventBus,
  postgresEventBus,
} from '@counterfoil/event-bus';
import {
  choiceText,
  type Clock,
  type ConfigOf,
  type Database,
  defineConfig,
  type Logger,
  type MigrationSet,
  variable,
} from '@counterfoil/runtime';

/** What carries messages between processes. */
export const eventBusConfig = defineConfig({
  EVENT_BUS: variable(choiceText(['postgres']), {
    default: 'postgres',
    meaning: 'What carries canonical events from the gateways to the ledger-writers',
  }),
});

export type EventBusConfig =
  | ConfigOf<typeof eventBusConfig>
  | Readonly<{ EVENT_BUS: 'postgres' | 'memory' }>;

/** The bus as a process uses it; `migrations` make its tables, `stop` lets go of its servers. */
export type MessageBus = Readonly<{
  bus: EventBus;
  migrations: readonly MigrationSet[];
  stop: () => Promise<void>;
}>;

/** The bus that `EVENT_BUS` names; `memory` reaches no further than the process. */
export function messageBus(
  config: EventBusConfig,
  { database, clock, logger }: Readonly<{ database: Database; clock: Clock; logger: Logger }>,
): MessageBus {
  const stop = async () => {};
  if (config.EVENT_BUS === 'memory')
    return { bus: inMemoryEventBus({ clock }), migrations: [], stop };
  const bus = postgresEventBus({ database, clock, logger });
  return { bus, migrations: [eventBusMigrations], stop };
}
