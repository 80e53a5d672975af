import {
  eventLogMigrations,
  eventStoreDbConfig,
  eventStoreDbEventStore,
  indexedRecordedEvents,
  type EventStore,
  inMemoryEventStore,
  postgresEventStore,
  postgresRecordedEvents,
  postgresSnapshotStore,
  type RecordedEvents,
  recordedEventsIndexMigrations,
  scannedRecordedEvents,
  type SnapshotStore,
} from '@counterfoil/event-store';
import {
  choiceText,
  type Clock,
  type ConfigFault,
  type ConfigOf,
  type Database,
  defineConfig,
  type Environment,
  type Logger,
  type MigrationSet,
  variable,
} from '@counterfoil/runtime';

/** Where the log is kept, for processes that share it. */
export const eventLogConfig = defineConfig({
  EVENT_STORE: variable(choiceText(['postgres', 'eventstoredb']), {
    default: 'postgres',
    meaning: 'Where events are kept',
  }),
  ...eventStoreDbConfig,
});

export type EventLogConfig = Omit<ConfigOf<typeof eventLogConfig>, 'EVENT_STORE'> &
  Readonly<{ EVENT_STORE: 'postgres' | 'eventstoredb' | 'memory' }>;

/** What no variable is at fault for alone. */
export const eventLogFaults = (environment: Environment): readonly ConfigFault[] =>
  environment['EVENT_STORE'] === 'eventstoredb' && !environment['EVENTSTOREDB_URL']
    ? [{ variable: 'EVENTSTOREDB_URL', message: 'must be set, as EVENT_STORE is eventstoredb' }]
    : [];

/** The log as a process uses it; `migrations` make its tables, and come before its first use. */
export type EventLog = Readonly<{
  store: EventStore;
  /** Null where a fold is never far from its stream. */
  snapshots: SnapshotStore | null;
  recordedEvents: RecordedEvents;
  migrations: readonly MigrationSet[];
  /** Whether each position is the one before it and one. */
  arePositionsContiguous: boolean;
  /** Lets go of a server of its own. */
  stop: () => Promise<void>;
}>;

/** The store that `EVENT_STORE` names; `memory` forgets everything when the process ends. */
export function eventLog(
  config: EventLogConfig,
  { database, clock, logger }: Readonly<{ database: Database; clock: Clock; logger: Logger }>,
): EventLog {
  switch (config.EVENT_STORE) {
    case 'memory': {
      const store = inMemoryEventStore({ clock });
      return {
        store,
        snapshots: null,
        recordedEvents: scannedRecordedEvents(store),
        migrations: [],
        arePositionsContiguous: true,
        stop: async () => {},
      };
    }
    case 'postgres':
      return {
        store: postgresEventStore({ database, clock }),
        snapshots: postgresSnapshotStore({ database }),
        recordedEvents: postgresRecordedEvents({ database }),
        migrations: [eventLogMigrations()],
        arePositionsContiguous: true,
        stop: async () => {},
      };
    case 'eventstoredb': {
      const store = eventStoreDbEventStore({
        url: config.EVENTSTOREDB_URL ?? '',
        connections: config.EVENTSTOREDB_CONNECTIONS,
        deadlineMs: config.EVENTSTOREDB_DEADLINE_MS,
        clock,
        logger,
      });
      return {
        store,
        // In the database, beside the read models; their table comes with the log's.
        snapshots: postgresSnapshotStore({ database }),
        recordedEvents: indexedRecordedEvents({ store, database }),
        migrations: [eventLogMigrations(), recordedEventsIndexMigrations],
        arePositionsContiguous: false,
        stop: store.close,
      };
    }
  }
}
