import type { ProviderName } from '@counterfoil/domain';
import { providerConfig, providersFrom } from '@counterfoil/ingest-gateway';
import { type ProviderAdapter, providerAdapters } from '@counterfoil/providers';
import { type Environment, type Logger, parseConfig } from '@counterfoil/runtime';
import { type Running, run } from '@counterfoil/standalone';
import type { CommandEnvironment } from '../command-environment.ts';
import { sampleVariables } from './sample-stories.ts';
import { throwAwayDatabase } from './throw-away-database.ts';

export type Adapters = ReadonlyMap<ProviderName, ProviderAdapter>;

/** `adapters` sign as the providers do, `forgers` with credentials that are not theirs. */
export type ThrowAwaySystem = Readonly<{
  running: Running;
  adapters: Adapters;
  forgers: Adapters;
  /** Stops every part and removes all data. */
  stop: () => Promise<void>;
}>;

/**
 * The whole system on a free port with an empty database. Of the environment only the database's
 * server counts: any other setting would change the stories' outcome.
 */
export async function throwAwaySystem(command: CommandEnvironment): Promise<ThrowAwaySystem> {
  const database = await throwAwayDatabase(command);
  const variables = sampleVariables();
  try {
    const running = await run(
      {
        ...variables,
        PORT: '0',
        DATA_DIR: database.dataDir,
        ...(database.url !== null && { DATABASE_URL: database.url }),
      },
      { logger: demoLogger(command) },
    );
    return {
      running,
      adapters: adaptersFor(variables),
      forgers: adaptersFor(forgedVariables(variables)),
      stop: async () => {
        await running.lifecycle.stop('the demo is over');
        await database.drop();
      },
    };
  } catch (error) {
    await database.drop();
    throw error;
  }
}

const adaptersFor = (environment: Environment): Adapters =>
  providerAdapters(providersFrom(parseConfig(providerConfig, environment)));

const forgedVariables = (variables: Environment): Environment =>
  Object.fromEntries(
    Object.entries(variables).map(([name, value = '']) => [
      name,
      /_(KEY|SECRET)$/.test(name) && name !== 'CALYPSO_API_KEY' ? forged(value) : value,
    ]),
  );

/** Another secret of the same form: what stands after its prefix, backwards. */
const forged = (secret: string): string =>
  secret.replace(/[^_]*$/, (text) => text.split('').reverse().join(''));

/** Refusals and quarantine are what the demo shows: warned about only where a level was asked for. */
function demoLogger({ environment, logger }: CommandEnvironment): Logger {
  if (environment['LOG_LEVEL'] !== undefined) return logger;
  const quiet = (loud: Logger): Logger => ({
    ...loud,
    warn: () => {},
    child: (fields) => quiet(loud.child(fields)),
  });
  return quiet(logger);
}
