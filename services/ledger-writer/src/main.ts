import { eventLog, messageBus, runService } from '@counterfoil/adapters';
import type { Instant } from '@counterfoil/domain';
import { ledger } from '@counterfoil/ledger';
import { ensureModels, expiringHolds, overdueIn, projectionOf } from '@counterfoil/read-models';
import { untilStopped } from '@counterfoil/runtime';
import { ledgerWriterMigrations } from './checkpoints.ts';
import { ledgerWriterConfig } from './config.ts';
import { ledgerWriter } from './ledger-writer.ts';
import { gaugeOverdue } from './overdue-gauges.ts';
import { publishing } from './publishing.ts';
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
    const { bus, ...carrier } = messageBus(config, {
      clientId: 'counterfoil-ledger-writer',
      database,
      clock,
      logger,
      metrics,
    });
    const { store, snapshots } = log;
    const books = ledger({
      store,
      unknownAccounts: config.UNKNOWN_ACCOUNTS,
      ...(snapshots && { snapshots }),
    });
    return {
      migrations: [...log.migrations, ...carrier.migrations, ledgerWriterMigrations],
      // What is due or overdue is read from the models.
      prepare: (prepared) =>
        ensureModels(prepared, [projectionOf.holds, projectionOf.orders, projectionOf.reviews]),
      checks: [{ name: 'bus', check: carrier.check }],
      start: async () => {
        await lifecycle.start('log', async () => ({ value: store, stop: log.stop }));
        await lifecycle.start('bus', async () => ({ value: carrier.start(), stop: carrier.stop }));
        await lifecycle.start('recording', async () => {
          const consuming = await ledgerWriter({ ledger: books, bus, clock, logger, metrics });
          return { value: consuming, stop: async () => consuming[Symbol.asyncDispose]() };
        });
        gaugeOverdue({ overdue: overdueIn(database), metrics, clock });
        await lifecycle.start('upkeep', () =>
          untilStopped((signal) => {
            const dueHolds = (dueAt: Instant, limit: number) =>
              expiringHolds(database, dueAt, limit);
            return upkeep({ ledger: books, store, database, dueHolds, clock, logger, signal });
          }),
        );
        if (config.PUBLISH_LEDGER_EVENTS)
          await lifecycle.start('publishing', () =>
            untilStopped((signal) => publishing({ store, bus, database, clock, logger, signal })),
          );
      },
    };
  },
});
