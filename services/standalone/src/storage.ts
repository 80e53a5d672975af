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
import { eventBusMigrations, type EventBus, inMemoryEventBus, postgresEventBus } from '@counterfoil/event-bus';
import { inboxMigrations } from '@counterfoil/ingest-gateway';
import { ledgerWriterMigrations } from '@counterfoil/ledger-writer';
import { queryApiMigrations } from '@counterfoil/query-api';
import { allProjections, ensureModels } from '@counterfoil/read-models';
import {
  type Clock,
  type Database,
  isUnavailable,
  type Logger,
  migrate,
  retry,
} from '@counterfoil/runtime';
import type { StandaloneConfig } from './config.ts';

export type Storage = Readonly<{
  store: EventStore;
  snapshots: SnapshotStore | null;
  recordedEvents: RecordedEvents;
  bus: EventBus;
}>;

/**
 * Waits for a database that is away, saying so, then brings its tables up to date. Rejects when the
 * signal aborts first, or when a newer version of Counterfoil has changed the tables.
 */
export async function preparedDatabase(
  options: Readonly<{ database: Database; clock: Clock; logger: Logger; signal: AbortSignal }>,
): Promise<void> {
  const { database, clock, logger, signal } = options;
  await retry(
    async () => {
      for (const migrations of migrationSets) await migrate(database, migrations);
      await ensureModels(database, allProjections);
    },
    {
      clock,
      signal,
      attemptsMax: Number.POSITIVE_INFINITY,
      delayMsFirst: 200,
      delayMsMax: 5_000,
      isRetriable: isUnavailable,
      onRetry: ({ error, attempt }) =>
        logger.warn('the database is away; waiting for it', { attempt, error }),
    },
  );
}

const migrationSets = [
  eventLogMigrations(),
  eventBusMigrations,
  inboxMigrations,
  ledgerWriterMigrations,
  queryApiMigrations,
];

/** The adapters that the configuration names. */
export function storage(config: StandaloneConfig, database: Database, clock: Clock, logger: Logger): Storage {
  const bus =
    config.EVENT_BUS === 'postgres'
      ? postgresEventBus({ database, clock, logger })
      : inMemoryEventBus({ clock });
  if (config.EVENT_STORE === 'memory') {
    const store = inMemoryEventStore({ clock });
    return { store, snapshots: null, recordedEvents: scannedRecordedEvents(store), bus };
  }
  return {
    store: postgresEventStore({ database, clock }),
    snapshots: postgresSnapshotStore({ database }),
    recordedEvents: postgresRecordedEvents({ database }),
    bus,
  };
}
