import { eventBusConfig, eventLogConfig, ledgerConfig, processConfig } from '@counterfoil/adapters';
import { defineConfig } from '@counterfoil/runtime';

/** Every variable of the ledger-writer's process. */
export const ledgerWriterConfig = defineConfig({
  ...processConfig({ port: 4003, databaseConnectionsMax: 12 }),
  ...eventLogConfig,
  ...eventBusConfig,
  ...ledgerConfig,
});
