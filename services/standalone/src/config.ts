import { eventBusConfig, eventLogConfig, ledgerConfig } from '@counterfoil/adapters';
import { gatewayConfig, providerConfig } from '@counterfoil/ingest-gateway';
import {
  choiceText,
  type ConfigOf,
  defineConfig,
  flagText,
  logLevels,
  portText,
  urlText,
  variable,
} from '@counterfoil/runtime';
import { z } from 'zod';

/** Every variable of the one-process deployment. */
export const standaloneConfig = defineConfig({
  PORT: variable(portText, {
    default: '4000',
    meaning: 'The one port of gateway and API; 0 takes a free one and prints it',
  }),
  HOST: variable(z.string(), { default: '127.0.0.1', meaning: 'The address to listen on' }),
  DATABASE_URL: variable(urlText(['postgres', 'postgresql']), {
    default: null,
    defaultMeans: 'an embedded PostgreSQL under DATA_DIR',
    meaning: 'PostgreSQL 14 or newer',
    isSecret: true,
  }),
  DATA_DIR: variable(z.string(), {
    default: '.counterfoil',
    meaning: 'Where the embedded PostgreSQL and generated keys are kept',
  }),
  ...eventLogConfig,
  EVENT_STORE: variable(choiceText(['postgres', 'eventstoredb', 'memory']), {
    default: 'postgres',
    meaning:
      'Where events are kept; memory forgets them, and the read models, when the process ends',
  }),
  ...eventBusConfig,
  EVENT_BUS: variable(choiceText(['postgres', 'kafka', 'memory']), {
    default: 'postgres',
    meaning: 'What carries canonical events from the gateway to the ledger-writer',
  }),
  ADMIN_API_KEY: variable(z.string().min(16, 'must be at least 16 characters'), {
    default: null,
    defaultMeans: 'generated on first start, kept under DATA_DIR',
    meaning: 'The API key with every scope',
    isSecret: true,
  }),
  PUBLISH_LEDGER_EVENTS: variable(flagText, {
    default: 'false',
    meaning:
      'Whether every recorded event is published to counterfoil.ledger.v1; GET /v1/events has them either way',
  }),
  ...ledgerConfig,
  LOG_LEVEL: variable(choiceText(logLevels), {
    default: 'info',
    meaning: 'The least level logged',
  }),
  ...gatewayConfig,
  ...providerConfig,
});

export type StandaloneConfig = ConfigOf<typeof standaloneConfig>;
