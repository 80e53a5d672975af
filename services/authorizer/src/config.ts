import {
  eventLogConfig,
  internalKeyConfig,
  ledgerConfig,
  processConfig,
} from '@counterfoil/adapters';
import { defineConfig } from '@counterfoil/runtime';

/** Every variable of the authorizer's process. */
export const authorizerConfig = defineConfig({
  ...processConfig({ port: 4002, databaseConnectionsMax: 8 }),
  ...eventLogConfig,
  ...ledgerConfig,
  ...internalKeyConfig,
});
