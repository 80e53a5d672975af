export { type AdminApiKey, adminApiKey } from './admin-api-key.ts';
export {
  type EventBusConfig,
  eventBusConfig,
  eventBusFaults,
  messageBus,
  type MessageBus,
} from './message-bus.ts';
export {
  type EventLog,
  eventLog,
  type EventLogConfig,
  eventLogConfig,
  eventLogFaults,
} from './event-log.ts';
export { internalKeyConfig, serviceUrls } from './internal-access-config.ts';
export { ledgerConfig } from './ledger-config.ts';
export { preparedDatabase } from './prepared-database.ts';
export { type ProcessConfig, processConfig } from './process-config.ts';
export { runService } from './run-service.ts';
export type { ServiceOptions, ServiceParts, ServiceProcess } from './run-service.ts';
