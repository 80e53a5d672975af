export { gatewayConfig, gatewaySettings, ingestGatewayConfig, rejectedBounds } from './config.ts';
export type { GatewayConfig, GatewaySettings } from './config.ts';
export { ingestGateway } from './ingest-gateway.ts';
export type { IngestGateway, IngestGatewayPorts } from './ingest-gateway.ts';
export { anyDelivery } from './inbox/inbox.ts';
export { inMemoryInbox } from './inbox/in-memory-inbox.ts';
export { inboxMigrations } from './inbox/inbox-migrations.ts';
export type { DeliverySummary, Inbox, InboxSize } from './inbox/inbox.ts';
export { postgresInbox } from './inbox/postgres-inbox.ts';
export type { InboundWebhookArchive } from './quarantine/inbound-webhooks.ts';
export { quarantine } from './quarantine/quarantine.ts';
export type { Quarantine, RetrySelection } from './quarantine/quarantine.ts';
export { inboxUpkeep } from './upkeep/inbox-upkeep.ts';
export { takeReadDelivery } from './read/take-read-delivery.ts';
export type { Authorizer } from './reception/authorizer.ts';
export { foundBody } from './reception/readable-body.ts';
export { adaptersByCredential } from './rejected/adapters-by-credential.ts';
export { inMemoryRejectedDeliveries } from './rejected/in-memory-rejected-deliveries.ts';
export { postgresRejectedDeliveries } from './rejected/postgres-rejected-deliveries.ts';
export type { KeptDelivery, RejectedDeliveries } from './rejected/rejected-deliveries.ts';
export { verifyAgain } from './rejected/verify-again.ts';
export {
  type ProviderConfig,
  providerConfig,
  providerConfigFaults,
  providersFrom,
} from './provider-config.ts';
