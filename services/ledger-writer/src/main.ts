import { eventLog, messageBus, runService } from '@counterfoil/adapters';
import { ledger } from '@counterfoil/ledger';
import { ensureModels, expiringHolds, projectionOf } from '@counterfoil/read-models';
import { ledgerWriterMigrations } from './checkpoints.ts';
import { ledgerWriterConfig } from './config.ts';
import { ledgerWriter } from './ledger-writer.ts';
import { upkeep } from './upkeep.ts';

/** It has no endpoint that takes a body. */
const bodyLimitBytes = 1024;

await runService({
  service: 'ledger-writer',
  title: 'Counterfoil ledger-writer',
  definition: ledgerWriterConfig,
  bodyLimitBytes,
  compose: async ({ config, database, clock, logger, metrics, lifecycle }) => {
    const log = eventLog(config, { database, clock, logger });
    const { bus, ...carrier } = messageBus(config, { database, clock, logger });
    const { store, snapshots } = log;
    const books = ledger({
      store,
      unknownAccounts: config.UNKNOWN_ACCOUNTS,
      ...(snapshots && { snapshots }),
    });
    return {
      migrations: [...log.migrations, ...carrier.migrations, ledgerWriterMigrations],
      // The holds that are due are read from their model.
      prepare: (prepared) => ensureModels(prepared, [projectionOf.holds]),
      start: async () => {
        await lifecycle.start('log', async () => ({ value: store, stop: log.stop }));
        await lifecycle.start('bus', async () => ({ value: bus, stop: carrier.stop }));
        await lifecycle.start('recording', async () => {
          const consuming = await ledgerWriter({ ledger: books, bus, clock, logger, metrics });
          return { value: consuming, stop: async () => consuming[Symbol.asyncDispose]() };
        });
        await lifecycle.start('upkeep', async () => {
          const stopping = new AbortController();
          const dueHolds = (dueAt: Parameters<typeof expiringHolds>[1], limit: number) =>
            expiringHolds(database, dueAt, limit);
          const { signal } = stopping;
          const work = upkeep({ ledger: books, store, database, dueHolds, clock, logger, signal });
          return {
            value: null,
            stop: async () => {
              stopping.abort();
              await work;
            },
          };
        });
      },
    };
  },
});
