import { authorizerConfig } from '@counterfoil/authorizer';
import { ingestGatewayConfig } from '@counterfoil/ingest-gateway';
import { ledgerWriterConfig } from '@counterfoil/ledger-writer';
import { projectorConfig } from '@counterfoil/projector';
import { queryApiConfig } from '@counterfoil/query-api';
import type { ConfigDefinition } from '@counterfoil/runtime';

/** What each service's process reads from its environment, by the name of the service. */
export const serviceConfigs: Readonly<Record<string, ConfigDefinition>> = {
  'ingest-gateway': ingestGatewayConfig,
  authorizer: authorizerConfig,
  'ledger-writer': ledgerWriterConfig,
  projector: projectorConfig,
  'query-api': queryApiConfig,
};
