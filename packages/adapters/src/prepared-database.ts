import {
  type Clock,
  type Database,
  isUnavailable,
  type Logger,
  migrate,
  type MigrationSet,
  retry,
} from '@counterfoil/runtime';

/**
 * Waits for a database that is away, saying so, then brings tables up to date: those of
 * `migrations`, then what `prepare` makes. Safe from several processes at once. Rejects when the
 * signal aborts first, or when a newer build has changed the tables.
 */
export async function preparedDatabase(
  options: Readonly<{
    database: Database;
    migrations: readonly MigrationSet[];
    prepare?: (database: Database) => Promise<void>;
    clock: Clock;
    logger: Logger;
    signal: AbortSignal;
  }>,
): Promise<void> {
  const { database, migrations, prepare, clock, logger, signal } = options;
  await retry(
    async () => {
      for (const set of migrations) await migrate(database, set);
      await prepare?.(database);
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
