export { queryApiConfig } from './config.ts';
export { queryApi } from './query-api.ts';
export type { QueryApiOptions } from './query-api.ts';
export { queryApiMigrations } from './migrations.ts';
export { bodyText } from './routes/body-text.ts';
export { scopes } from './access/scope.ts';
export type { Scope } from './access/scope.ts';
export type { ReadModels } from './read-models.ts';
export { inboundWebhookStatuses } from './ports.ts';
export type {
  ArchivedWebhook,
  CommandOutcome,
  CommandReceipt,
  CommandRejection,
  CommandRequest,
  InboundWebhook,
  InboundWebhooks,
  InboundWebhookSelection,
  InboundWebhookStatus,
  LedgerCommands,
  RecordedEvents,
  RetriedInboundWebhooks,
} from './ports.ts';
