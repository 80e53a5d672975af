import {
  choiceText,
  type ConfigOf,
  defineConfig,
  integerText,
  logLevels,
  portText,
  requiredVariable,
  urlText,
  variable,
} from '@counterfoil/runtime';
import { z } from 'zod';

/** What every process of a service needs, with the service's own port and number of connections. */
export const processConfig = (
  defaults: Readonly<{ port: number; databaseConnectionsMax: number }>,
) =>
  defineConfig({
    HOST: variable(z.string(), { default: '127.0.0.1', meaning: 'The address to listen on' }),
    PORT: variable(portText, {
      default: String(defaults.port),
      meaning: 'The port of its HTTP endpoints, health and metrics; 0 takes a free one',
    }),
    DATABASE_URL: requiredVariable(urlText(['postgres', 'postgresql']), {
      meaning: 'PostgreSQL 14 or newer, the same for every process',
      isSecret: true,
    }),
    DATABASE_CONNECTIONS_MAX: variable(integerText({ min: 2, max: 500 }), {
      default: String(defaults.databaseConnectionsMax),
      meaning: 'Connections of this process; those of all must fit into the server',
    }),
    LOG_LEVEL: variable(choiceText(logLevels), {
      default: 'info',
      meaning: 'The least level logged',
    }),
  });

export type ProcessConfig = ConfigOf<ReturnType<typeof processConfig>>;
