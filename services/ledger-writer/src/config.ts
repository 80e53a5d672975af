import { eventBusConfig, eventLogConfig, ledgerConfig, processConfig } from '@counterfoil/adapters';
import { defineConfig, flagText, variable } from '@counterfoil/runtime';

/** Every variable of the ledger-writer's process. */
export const ledgerWriterConfig = defineConfig({
  ...processConfig({ port: 4003, databaseConnectionsMax: 12 }),
  ...eventLogConfig,
  ...eventBusConfig,
  ...ledgerConfig,
  PUBLISH_LEDGER_EVENTS: variable(flagText, {
    default: 'true',
    meaning: 'Whether every recorded event is published to counterfoil.ledger.v1',
  }),
});
