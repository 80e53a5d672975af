import { eventLog, messageBus, preparedDatabase } from '@counterfoil/adapters';
import { authorizer } from '@counterfoil/authorizer';
import type { Instant } from '@counterfoil/domain';
import {
  gatewaySettings,
  inboxMigrations,
  inboxUpkeep,
  ingestGateway,
  postgresInbox,
  postgresRejectedDeliveries,
  providersFrom,
  rejectedBounds,
} from '@counterfoil/ingest-gateway';
import { ledger, ledgerCommands } from '@counterfoil/ledger';
import {
  gaugeOverdue,
  ledgerWriter,
  ledgerWriterMigrations,
  publishing,
  upkeep,
} from '@counterfoil/ledger-writer';
import { projector, requireWholeLog } from '@counterfoil/projector';
import { providerAdapters } from '@counterfoil/providers';
import { queryApi, queryApiMigrations } from '@counterfoil/query-api';
import { allProjections, ensureModels, expiringHolds, overdueIn } from '@counterfoil/read-models';
import {
  type Clock,
  type Database,
  type HttpServer,
  httpServer,
  type Lifecycle,
  type Logger,
  type Metrics,
  untilStopped,
} from '@counterfoil/runtime';
import type { StandaloneConfig } from './config.ts';
import { apiDescription } from './api-description.ts';
import { beginAnew } from './begin-anew.ts';

export type StandalonePorts = Readonly<{
  config: StandaloneConfig;
  database: Database;
  adminApiKey: string;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  lifecycle: Lifecycle;
}>;

export type Standalone = Readonly<{ url: string; providers: readonly string[] }>;

/** JSON of the API's commands: a few hundred bytes each. Webhooks have a bound of their own. */
const commandBodyMaxBytes = 64 * 1024;

/**
 * Every service in this process, on one port. What is started first is stopped last, so that a
 * request that is being answered finds everything it needs until it is answered.
 */
export async function standalone(ports: StandalonePorts): Promise<Standalone> {
  const { config, database, clock, logger, metrics, lifecycle } = ports;
  const { store, snapshots, recordedEvents, ...log } = eventLog(config, {
    database,
    clock,
    logger,
  });
  const { bus, ...carrier } = messageBus(config, {
    clientId: 'counterfoil',
    database,
    clock,
    logger,
    metrics,
  });
  await preparedDatabase({
    database,
    migrations: [
      ...log.migrations,
      ...carrier.migrations,
      inboxMigrations,
      ledgerWriterMigrations,
      queryApiMigrations,
    ],
    prepare: (prepared) => ensureModels(prepared, allProjections),
    clock,
    logger,
    signal: lifecycle.stopping,
  });
  await lifecycle.start('log', async () => ({ value: store, stop: log.stop }));
  const signal = lifecycle.stopping;
  const followed = { database, store, projections: allProjections, clock, logger, signal };
  if (config.EVENT_STORE === 'memory') await beginAnew(database);
  else await requireWholeLog(followed);
  await lifecycle.start('bus', async () => ({ value: carrier.start(), stop: carrier.stop }));
  const books = ledger({
    store,
    unknownAccounts: config.UNKNOWN_ACCOUNTS,
    ...(snapshots && { snapshots }),
  });
  const commands = ledgerCommands(books);
  const adapters = providerAdapters(providersFrom(config));
  const inbox = postgresInbox(database);
  const bounds = rejectedBounds(config);
  const rejected = postgresRejectedDeliveries({ database, clock, logger, bounds });
  const settings = gatewaySettings(config);
  const gateway = ingestGateway({
    inbox,
    rejected,
    adapters: [...adapters.values()],
    bus,
    authorizer: authorizer({ ledger: books, clock, logger, metrics }),
    clock,
    logger,
    metrics,
    settings,
  });

  await lifecycle.start('projector', async () => {
    const running = projector({
      store,
      database,
      clock,
      logger,
      metrics,
      projections: allProjections,
    });
    return { value: running, stop: running.stop };
  });
  await lifecycle.start('ledger-writer', async () => {
    const consuming = await ledgerWriter({ ledger: books, bus, clock, logger, metrics });
    return { value: consuming, stop: async () => consuming[Symbol.asyncDispose]() };
  });
  gaugeOverdue({ overdue: overdueIn(database), metrics, clock });
  await lifecycle.start('upkeep', () =>
    untilStopped((signal) => {
      const dueHolds = (dueAt: Instant, limit: number) => expiringHolds(database, dueAt, limit);
      return upkeep({ ledger: books, store, database, dueHolds, clock, logger, signal });
    }),
  );
  if (config.PUBLISH_LEDGER_EVENTS)
    await lifecycle.start('publishing', () =>
      untilStopped((signal) => publishing({ store, bus, database, clock, logger, signal })),
    );
  await lifecycle.start('ingest-gateway', async () => {
    gateway.start();
    return { value: gateway, stop: gateway.stop };
  });
  const { retention } = settings;
  await lifecycle.start('inbox upkeep', () =>
    untilStopped((signal) =>
      inboxUpkeep({ inbox, rejected, retention, database, metrics, clock, logger, signal }),
    ),
  );

  const server: HttpServer = await httpServer({
    logger,
    clock,
    bodyLimitBytes: commandBodyMaxBytes,
    description: apiDescription,
    metrics,
    checks: [{ name: 'database', check: async () => void (await database.query('select 1')) }],
  });
  gateway.registerRoutes(server);
  queryApi(server, {
    database,
    commands,
    inboundWebhooks: gateway.inboundWebhooks,
    recordedEvents,
    events: store,
    clock,
    adminApiKey: ports.adminApiKey,
    amountMax: config.AMOUNT_MAX,
  });
  const url = await lifecycle.start('http', async () => ({
    value: await server.listen({ host: config.HOST, port: config.PORT }),
    stop: () => server.close(),
  }));
  return { url, providers: [...adapters.keys()] };
}
