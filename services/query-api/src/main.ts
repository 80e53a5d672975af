import { eventLog, runService } from '@counterfoil/adapters';
import { ledger, ledgerCommands } from '@counterfoil/ledger';
import { allProjections, ensureModels } from '@counterfoil/read-models';
import { internalClient } from '@counterfoil/runtime';
import { queryApiConfig } from './config.ts';
import { httpInboundWebhooks } from './http-inbound-webhooks.ts';
import { queryApiMigrations } from './migrations.ts';
import { queryApi } from './query-api.ts';

/** JSON of commands: a few hundred bytes each. */
const bodyLimitBytes = 64 * 1024;

await runService({
  service: 'query-api',
  title: 'Counterfoil',
  definition: queryApiConfig,
  bodyLimitBytes,
  compose: async ({ config, database, clock, logger, lifecycle }) => {
    const log = eventLog(config, { database, clock, logger });
    const { store, snapshots, recordedEvents, migrations } = log;
    const books = ledger({
      store,
      unknownAccounts: config.UNKNOWN_ACCOUNTS,
      ...(snapshots && { snapshots }),
    });
    const [key = ''] = config.INTERNAL_API_KEY;
    const client = internalClient({ urls: config.GATEWAY_URL, key, clock });
    return {
      migrations: [...migrations, queryApiMigrations],
      // It reads them before the projectors have come as far as making them.
      prepare: (prepared) => ensureModels(prepared, allProjections),
      register: (server) =>
        queryApi(server, {
          database,
          commands: ledgerCommands(books),
          inboundWebhooks: httpInboundWebhooks(client),
          recordedEvents,
          events: store,
          clock,
          adminApiKey: config.ADMIN_API_KEY,
          amountMax: config.AMOUNT_MAX,
        }),
      start: async () => {
        await lifecycle.start('log', async () => ({ value: store, stop: log.stop }));
      },
    };
  },
});
