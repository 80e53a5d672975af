import { messageBus, runService } from '@counterfoil/adapters';
import { providerAdapters } from '@counterfoil/providers';
import { internalClient, untilStopped } from '@counterfoil/runtime';
import { gatewaySettings, ingestGatewayConfig, rejectedBounds } from './config.ts';
import { inboxMigrations } from './inbox/inbox-migrations.ts';
import { postgresInbox } from './inbox/postgres-inbox.ts';
import { ingestGateway } from './ingest-gateway.ts';
import { providerConfigFaults, providersFrom } from './provider-config.ts';
import { inboundWebhookRoutes } from './quarantine/inbound-webhook-routes.ts';
import { httpAuthorizer } from './reception/http-authorizer.ts';
import { postgresRejectedDeliveries } from './rejected/postgres-rejected-deliveries.ts';
import { inboxUpkeep } from './upkeep/inbox-upkeep.ts';

/** Of internal requests, which carry no body; webhooks have a bound of their own. */
const bodyLimitBytes = 1024;

await runService({
  service: 'ingest-gateway',
  title: 'Counterfoil gateway',
  definition: ingestGatewayConfig,
  faults: providerConfigFaults,
  bodyLimitBytes,
  compose: async ({ config, database, clock, logger, metrics, lifecycle }) => {
    const { bus, ...carrier } = messageBus(config, {
      clientId: 'counterfoil-gateway',
      database,
      clock,
      logger,
      metrics,
    });
    const keys = config.INTERNAL_API_KEY;
    const client = internalClient({ urls: config.AUTHORIZER_URL, key: keys[0] ?? '', clock });
    const adapters = providerAdapters(providersFrom(config));
    const inbox = postgresInbox(database);
    const bounds = rejectedBounds(config);
    const rejected = postgresRejectedDeliveries({ database, clock, logger, bounds });
    const settings = gatewaySettings(config);
    const { retention } = settings;
    const gateway = ingestGateway({
      inbox,
      rejected,
      adapters: [...adapters.values()],
      bus,
      authorizer: httpAuthorizer({ client, clock }),
      clock,
      logger,
      metrics,
      settings,
    });
    return {
      migrations: [...carrier.migrations, inboxMigrations],
      register: (server) => {
        gateway.registerRoutes(server);
        inboundWebhookRoutes(server, { archive: gateway.inboundWebhooks, keys });
      },
      start: async () => {
        logger.info('providers that are on', { providers: [...adapters.keys()] });
        await lifecycle.start('bus', async () => ({ value: carrier.start(), stop: carrier.stop }));
        await lifecycle.start('relay', async () => {
          gateway.start();
          return { value: gateway, stop: gateway.stop };
        });
        await lifecycle.start('upkeep', () =>
          untilStopped((signal) =>
            inboxUpkeep({ inbox, rejected, retention, database, metrics, clock, logger, signal }),
          ),
        );
      },
    };
  },
});
