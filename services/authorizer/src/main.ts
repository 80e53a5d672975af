import { eventLog, runService } from '@counterfoil/adapters';
import { ledger } from '@counterfoil/ledger';
import { authorizationRoutes } from './authorization-routes.ts';
import { authorizer } from './authorizer.ts';
import { authorizerConfig } from './config.ts';

/** A canonical event is a few kilobytes; a provider's body may be up to one megabyte. */
const bodyLimitBytes = 1024 * 1024;

await runService({
  service: 'authorizer',
  title: 'Counterfoil authorizer',
  definition: authorizerConfig,
  bodyLimitBytes,
  compose: async ({ config, database, clock, logger, metrics, lifecycle }) => {
    const log = eventLog(config, { database, clock, logger });
    const { store, snapshots, migrations } = log;
    const books = ledger({
      store,
      unknownAccounts: config.UNKNOWN_ACCOUNTS,
      ...(snapshots && { snapshots }),
    });
    const decisions = authorizer({ ledger: books, clock, logger, metrics });
    return {
      migrations,
      register: (server) =>
        authorizationRoutes(server, {
          authorizer: decisions,
          clock,
          keys: config.INTERNAL_API_KEY,
        }),
      start: async () => {
        await lifecycle.start('log', async () => ({ value: store, stop: log.stop }));
      },
    };
  },
});
