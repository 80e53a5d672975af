import {
  type EventStore,
  eventLogMigrations,
  inMemoryEventStore,
  postgresEventStore,
  postgresRecordedEvents,
  postgresSnapshotStore,
  type RecordedEvents,
  scannedRecordedEvents,
  type SnapshotStore,
} from '@counterfoil/event-store';
import {
  choiceText,
  type Clock,
  type ConfigOf,
  type Database,
  defineConfig,
  type MigrationSet,
  variable,
} from '@counterfoil/runtime';

/** Where the log is kept, for processes that share it. */
export const eventLogConfig = defineConfig({
  EVENT_STORE: variable(choiceText(['postgres']), {
    default: 'postgres',
    meaning: 'Where events are kept',
  }),
});

export type EventLogConfig =
  | ConfigOf<typeof eventLogConfig>
  | Readonly<{ EVENT_STORE: 'postgres' | 'memory' }>;

/** The log as a process uses it; `migrations` make its tables, and come before its first use. */
export type EventLog = Readonly<{
  store: EventStore;
  /** Null where a fold is never far from its stream. */
  snapshots: SnapshotStore | null;
  recordedEvents: RecordedEvents;
  migrations: readonly MigrationSet[];
}>;

/** The store that `EVENT_STORE` names; `memory` forgets everything when the process ends. */
export function eventLog(
  config: EventLogConfig,
  { database, clock }: Readonly<{ database: Database; clock: Clock }>,
): EventLog {
  if (config.EVENT_STORE === 'memory') {
    const store = inMemoryEventStore({ clock });
    const recordedEvents = scannedRecordedEvents(store);
    return { store, snapshots: null, recordedEvents, migrations: [] };
  }
  return {
    store: postgresEventStore({ database, clock }),
    snapshots: postgresSnapshotStore({ database }),
    recordedEvents: postgresRecordedEvents({ database }),
    migrations: [eventLogMigrations()],
  };
}
