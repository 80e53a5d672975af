import {
  eventLogConfig,
  internalKeyConfig,
  ledgerConfig,
  processConfig,
  serviceUrls,
} from '@counterfoil/adapters';
import { defineConfig, integerText, requiredVariable, variable } from '@counterfoil/runtime';
import { z } from 'zod';

const adminKeyLengthMin = 16;

/** Every variable of the query API's process. */
export const queryApiConfig = defineConfig({
  ...processConfig({ port: 4000, databaseConnectionsMax: 12 }),
  ...eventLogConfig,
  ...ledgerConfig,
  ...internalKeyConfig,
  GATEWAY_URL: serviceUrls(
    'Where the archive of inbound webhooks is asked for; several instances with commas',
  ),
  ADMIN_API_KEY: requiredVariable(
    z.string().min(adminKeyLengthMin, `must be at least ${adminKeyLengthMin} characters`),
    { meaning: 'The API key with every scope', isSecret: true },
  ),
  AMOUNT_MAX: variable(
    integerText({ min: 1, max: Number.MAX_SAFE_INTEGER }).transform((units) => BigInt(units)),
    { default: '1000000000', meaning: 'Larger amounts, in whole units of any asset, are refused' },
  ),
});
