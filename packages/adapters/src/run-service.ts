import {
  type Clock,
  type ConfigDefinition,
  ConfigError,
  type ConfigFault,
  type ConfigOf,
  type Database,
  type Environment,
  httpServer,
  type HttpServer,
  jsonLogger,
  type Lifecycle,
  lifecycle,
  type Logger,
  type Metrics,
  type MigrationSet,
  parseConfig,
  postgresDatabase,
  problemError,
  processMetrics,
  readEnvironment,
  type ReadinessCheck,
  stopOnSignals,
  systemClock,
} from '@counterfoil/runtime';
import { eventLogFaults } from './event-log.ts';
import { eventBusFaults } from './message-bus.ts';
import { preparedDatabase } from './prepared-database.ts';
import type { ProcessConfig } from './process-config.ts';

/** What a service is composed of in a process of its own. */
export type ServiceProcess<Config> = Readonly<{
  config: Config;
  database: Database;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  lifecycle: Lifecycle;
}>;

/** A service before it runs: its adapters are built and nothing was asked of any server. */
export type ServiceParts = Readonly<{
  migrations: readonly MigrationSet[];
  /** Makes tables that no migration makes. */
  prepare?: (database: Database) => Promise<void>;
  /** Adds routes to the server before it listens. */
  register?: (server: HttpServer) => void;
  /** Beside the database's. */
  checks?: readonly ReadinessCheck[];
  /** Starts what runs by itself, as parts of the lifecycle. The tables are there. */
  start: () => Promise<void>;
}>;

export type ServiceOptions<Definition extends ConfigDefinition> = Readonly<{
  /** As it is called in logs and by the database. */
  service: string;
  title: string;
  definition: Definition;
  /** What no variable is at fault for alone. */
  faults?: (environment: Environment) => readonly ConfigFault[];
  /** JSON bodies above it are answered 413. */
  bodyLimitBytes: number;
  compose: (running: ServiceProcess<ConfigOf<Definition> & ProcessConfig>) => Promise<ServiceParts>;
}>;

const version = '0.1.0';

/**
 * The whole life of one service's process. Health and metrics answer from the first moment; other
 * requests are answered 503 until the database was there once and everything runs. SIGTERM and
 * SIGINT stop it in order: requests first, then what runs, then the connections. A faulty
 * configuration is told in one message; what cannot start ends the process with 1.
 */
export async function runService<Definition extends ConfigDefinition>(
  options: ServiceOptions<Definition>,
  environment: Environment = readEnvironment(),
): Promise<void> {
  const config = configOrExit(options, environment);
  if (config === null) return;
  const clock = systemClock();
  const logger = jsonLogger({ level: config.LOG_LEVEL, service: options.service });
  const parts = lifecycle({ clock, logger });
  stopOnSignals(parts, { clock, logger });
  // Started with a channel to its supervisor, it does not outlive it. Nobody reads its output then,
  // and an exit in order would wait for ever to write the last lines of its log.
  process.once('disconnect', () => {
    void parts.stop('the supervisor is gone').then(() => process.kill(process.pid, 'SIGKILL'));
  });
  try {
    await startService(options, config, { clock, logger, parts });
  } catch (error) {
    // Whoever stopped a process that was still waiting for its servers knows why it did not start.
    if (!parts.stopping.aborted) logger.error('the service did not start', { error });
    await parts.stop('the start failed');
    process.exit(1);
  }
}

async function startService<Definition extends ConfigDefinition>(
  options: ServiceOptions<Definition>,
  config: ConfigOf<Definition> & ProcessConfig,
  { clock, logger, parts }: Readonly<{ clock: Clock; logger: Logger; parts: Lifecycle }>,
): Promise<void> {
  const metrics = processMetrics();
  const database = await parts.start('database', async () => {
    const pool = postgresDatabase({
      url: config.DATABASE_URL,
      connectionsMax: config.DATABASE_CONNECTIONS_MAX,
      applicationName: `counterfoil-${options.service}`,
      logger,
    });
    return { value: pool, stop: pool.close };
  });
  const ports = { config, database, clock, logger, metrics, lifecycle: parts };
  const service = await options.compose(ports);
  let isStarted = false;
  const server = await httpServer({
    logger,
    clock,
    bodyLimitBytes: options.bodyLimitBytes,
    description: { title: options.title, version, description: options.title },
    metrics,
    checks: [
      { name: 'database', check: async () => void (await database.query('select 1')) },
      { name: 'started', check: async () => refuseUnless(isStarted) },
      ...(service.checks ?? []),
    ],
  });
  server.addHook('onRequest', async ({ routeOptions }) => {
    const isProbe = /^\/(health\/|metrics)/.test(routeOptions.url ?? '');
    if (!isStarted && !isProbe) throw problemError('unavailable', 'The service is starting.');
  });
  service.register?.(server);
  const url = await parts.start('http', async () => ({
    value: await server.listen({ host: config.HOST, port: config.PORT }),
    stop: () => server.close(),
  }));
  logger.info('listening', { url });
  const { migrations, prepare } = service;
  const signal = parts.stopping;
  await preparedDatabase({
    database,
    migrations,
    clock,
    logger,
    signal,
    ...(prepare && { prepare }),
  });
  await service.start();
  // Started last, so that requests end before what they need does; closing twice is closing once.
  await parts.start('requests', async () => ({ value: null, stop: () => server.close() }));
  isStarted = true;
  logger.info('ready', { url });
}

function refuseUnless(isStarted: boolean): void {
  if (!isStarted) throw new Error('not started');
}

function configOrExit<Definition extends ConfigDefinition>(
  { definition, faults }: ServiceOptions<Definition>,
  environment: Environment,
): (ConfigOf<Definition> & ProcessConfig) | null {
  const together = [
    ...('EVENT_STORE' in definition ? eventLogFaults(environment) : []),
    ...('EVENT_BUS' in definition ? eventBusFaults(environment) : []),
    ...(faults?.(environment) ?? []),
  ];
  try {
    // A service's definition contains that of a process; the compiler cannot see it through `Definition`.
    return parseConfig(definition, environment, together) as ConfigOf<Definition> & ProcessConfig;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
    return null;
  }
}
