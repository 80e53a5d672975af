import type { EventStore } from '@counterfoil/event-store';
import type { Clock, Database, HttpServer } from '@counterfoil/runtime';
import { access } from './access/access.ts';
import { apiKeys } from './access/api-keys.ts';
import type { Api } from './api.ts';
import { commandRunner } from './commands/command-runner.ts';
import { postgresIdempotencyKeys } from './commands/idempotency-keys.ts';
import type { InboundWebhooks, LedgerCommands, RecordedEvents } from './ports.ts';
import { postgresReadModels, type ReadModels } from './read-models.ts';
import { positions } from './reading/positions.ts';
import { reader } from './reading/reader.ts';
import { accountCommandRoutes } from './routes/account-commands.ts';
import { accountHistoryRoutes } from './routes/account-history.ts';
import { accountRoutes } from './routes/accounts.ts';
import { adjustmentRoutes } from './routes/adjustments.ts';
import { assetRoutes } from './routes/assets.ts';
import { cardRoutes } from './routes/cards.ts';
import { eventRoutes } from './routes/events.ts';
import { inboundWebhookRoutes } from './routes/inbound-webhooks.ts';
import { invoiceRoutes } from './routes/invoices.ts';
import { orderRoutes } from './routes/orders.ts';
import { reviewRoutes } from './routes/reviews.ts';
import { suspenseRoutes } from './routes/suspense.ts';
import { transactionRoutes } from './routes/transactions.ts';

export type QueryApiOptions = Readonly<{
  /** With the tables of `queryApiMigrations` and of the read models. */
  database: Database;
  commands: LedgerCommands;
  inboundWebhooks: InboundWebhooks;
  recordedEvents: RecordedEvents;
  events: EventStore;
  clock: Clock;
  /** The bootstrap key with every scope. */
  adminApiKey: string;
  /** `AMOUNT_MAX`, in whole units of any asset. */
  amountMax: bigint;
  /** The read models of `database` when absent. */
  readModels?: ReadModels;
}>;

/** Registers every `/v1` route on the server, before it listens. */
export function queryApi(server: HttpServer, options: QueryApiOptions): void {
  const { database, clock, commands, inboundWebhooks, recordedEvents, events } = options;
  const readModels = options.readModels ?? postgresReadModels(database);
  const guard = access(apiKeys({ database, adminApiKey: options.adminApiKey }));
  const known = positions({ readModels, clock });
  const keys = postgresIdempotencyKeys({ database, clock });
  const api: Api = {
    access: guard,
    readModels,
    positions: known,
    read: reader(known),
    commands,
    runCommand: commandRunner({ access: guard, keys, clock }),
    inboundWebhooks,
    recordedEvents,
    events,
    amountMax: options.amountMax,
  };
  for (const register of resources) register(server, api);
}

const resources: readonly ((server: HttpServer, api: Api) => void)[] = [
  accountRoutes,
  accountCommandRoutes,
  accountHistoryRoutes,
  adjustmentRoutes,
  orderRoutes,
  cardRoutes,
  invoiceRoutes,
  transactionRoutes,
  suspenseRoutes,
  reviewRoutes,
  inboundWebhookRoutes,
  eventRoutes,
  assetRoutes,
];
