import { resolve } from 'node:path';
import { type EventLog, eventLog, messageBus } from '@counterfoil/adapters';
import type { EventBus } from '@counterfoil/event-bus';
import {
  type Clock,
  type Database,
  embeddedPostgres,
  type Environment,
  type Logger,
  parseConfig,
  postgresDatabase,
  sqlState,
} from '@counterfoil/runtime';
import { type StandaloneConfig, standaloneConfig } from '@counterfoil/standalone';

/** The books that the environment names, beside a running system or without one. */
export type Books = Readonly<{ config: StandaloneConfig; database: Database }> &
  Pick<EventLog, 'store' | 'arePositionsContiguous'>;

const connectionsMax = 8;

/** The database was reached, and no system was ever started on it. */
export class NoBooks extends Error {
  constructor(cause: unknown) {
    super(
      'There are no books in this database: npx counterfoil start makes them in the one that ' +
        'DATABASE_URL names, else in the embedded one under DATA_DIR.',
      { cause },
    );
    this.name = 'NoBooks';
  }
}

const noSuchTable = '42P01';

/** Opens the books for one command and closes them after it. Throws `NoBooks` where none are kept. */
export async function withBooks<Value>(
  options: Readonly<{ environment: Environment; clock: Clock; logger: Logger }>,
  work: (books: Books) => Promise<Value>,
): Promise<Value> {
  const { clock, logger } = options;
  const config = parseConfig(standaloneConfig, options.environment);
  const embedded =
    config.DATABASE_URL === null
      ? await embeddedPostgres({ dataDir: resolve(config.DATA_DIR), clock, logger })
      : null;
  const url = config.DATABASE_URL ?? embedded?.url ?? '';
  const database = postgresDatabase({
    url,
    connectionsMax,
    applicationName: 'counterfoil-cli',
    logger,
  });
  const { store, arePositionsContiguous, stop } = eventLog(config, { database, clock, logger });
  try {
    return await work({ config, database, store, arePositionsContiguous });
  } catch (error) {
    throw sqlState(error) === noSuchTable ? new NoBooks(error) : error;
  } finally {
    await stop();
    await database.close();
    await embedded?.stop();
  }
}

/** The bus of the running system: what is published elsewhere would never reach the books. */
export async function withBus<Value>(
  { clock, logger }: Readonly<{ clock: Clock; logger: Logger }>,
  { config, database }: Books,
  work: (bus: EventBus) => Promise<Value>,
): Promise<Value> {
  if (config.EVENT_BUS === 'memory')
    throw new Error(
      'EVENT_BUS=memory: the bus lives in the running process, out of reach of others',
    );
  const { bus, stop } = messageBus(config, {
    clientId: 'counterfoil-cli',
    database,
    clock,
    logger,
  });
  try {
    return await work(bus);
  } finally {
    await stop();
  }
}
