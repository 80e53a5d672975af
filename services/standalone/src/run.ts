import { resolve } from 'node:path';
import {
  type AdminApiKey,
  adminApiKey,
  eventBusFaults,
  eventLogFaults,
} from '@counterfoil/adapters';
import { providerConfigFaults } from '@counterfoil/ingest-gateway';
import {
  type Database,
  embeddedPostgres,
  type Environment,
  jsonLogger,
  type Lifecycle,
  lifecycle,
  type Logger,
  parseConfig,
  postgresDatabase,
  processMetrics,
  type SignalSource,
  stopOnSignals,
  systemClock,
} from '@counterfoil/runtime';
import { type StandaloneConfig, standaloneConfig } from './config.ts';
import { type Standalone, standalone } from './standalone.ts';

export type Running = Standalone &
  Readonly<{
    adminApiKey: AdminApiKey;
    lifecycle: Lifecycle;
    database: Database;
    config: StandaloneConfig;
  }>;

// Gateway, relay, bus, ledger-writer, eleven projections and the API share them; PostgreSQL's own
// default is a hundred.
const connectionsMax = 40;

/**
 * Builds the adapters and starts the whole system from an environment. Throws `ConfigError` with
 * every fault of the environment in one message; nothing is left running when it throws. Logs go to
 * standard output unless a logger is given. Signals, where they are given, stop it in order and end
 * the process, also while it starts or waits for its database.
 */
export async function run(
  environment: Environment,
  options: Readonly<{ logger?: Logger; signals?: SignalSource }> = {},
): Promise<Running> {
  const config = parseConfig(standaloneConfig, environment, [
    ...eventLogFaults(environment),
    ...eventBusFaults(environment),
    ...providerConfigFaults(environment),
  ]);
  const clock = systemClock();
  const logger = options.logger ?? jsonLogger({ level: config.LOG_LEVEL, service: 'counterfoil' });
  const parts = lifecycle({ clock, logger });
  if (options.signals) stopOnSignals(parts, { clock, logger, source: options.signals });
  try {
    const key = adminApiKey(config.ADMIN_API_KEY, config.DATA_DIR);
    const url = config.DATABASE_URL ?? (await ownDatabase(config, parts, logger));
    const database = await parts.start('database', async () => {
      const pool = postgresDatabase({
        url,
        connectionsMax,
        applicationName: 'counterfoil',
        logger,
      });
      return { value: pool, stop: pool.close };
    });
    const started = await standalone({
      config,
      database,
      adminApiKey: key.key,
      clock,
      logger,
      metrics: processMetrics(),
      lifecycle: parts,
    });
    return { ...started, adminApiKey: key, lifecycle: parts, database, config };
  } catch (error) {
    await parts.stop('the start failed');
    throw error;
  }
}

const ownDatabase = (config: StandaloneConfig, parts: Lifecycle, logger: Logger): Promise<string> =>
  parts.start('embedded PostgreSQL', async () => {
    const { url, stop } = await embeddedPostgres({
      dataDir: resolve(config.DATA_DIR),
      clock: systemClock(),
      logger,
    });
    return { value: url, stop };
  });
