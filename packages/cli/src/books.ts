import { resolve } from 'node:path';
import { type EventLog, eventLog } from '@counterfoil/adapters';
import {
  type Clock,
  type Database,
  embeddedPostgres,
  type Environment,
  type Logger,
  parseConfig,
  postgresDatabase,
} from '@counterfoil/runtime';
import { type StandaloneConfig, standaloneConfig } from '@counterfoil/standalone';

/** The books that the environment names, beside a running system or without one. */
export type Books = Readonly<{ config: StandaloneConfig; database: Database }> &
  Pick<EventLog, 'store' | 'arePositionsContiguous'>;

const connectionsMax = 8;

/** Opens the books for one command and closes them after it. */
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
  } finally {
    await stop();
    await database.close();
    await embedded?.stop();
  }
}
