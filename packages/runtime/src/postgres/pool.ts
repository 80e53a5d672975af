import pg from 'pg';
import type { Logger } from '../logger.ts';
import { columnTypes } from './column-types.ts';
import type { Database, SqlResult, SqlSession } from './database.ts';
import { isUnavailable } from './faults.ts';

export type PostgresOptions = Readonly<{
  url: string;
  connectionsMax: number;
  /** Shown in `pg_stat_activity`, so that an operator sees which service holds a lock. */
  applicationName: string;
  statementTimeoutMs?: number;
  logger?: Logger;
}>;

/** Longer than any statement of ours; a backup's lock must not pile up work for ever. */
const defaultStatementTimeoutMs = 30_000;
/** For a free connection and for a new one; callers retry, so failing soon beats waiting. */
const connectTimeoutMs = 10_000;
/** Beyond the server's own timeout, for a network that swallows the answer. */
const answerTimeoutMarginMs = 5_000;
/**
 * The server asks after a peer that is silent for so long: else a session whose connection was lost
 * without a word keeps its place and its locks for the two hours that systems wait by default.
 */
const silenceSecondsMax = 10;
const askAgainSeconds = 5;
/**
 * A session that forgets its transaction would hold row locks and stall vacuum. Longer than the relay
 * waits for the bus in its own, and no longer than a statement: its successor waits for its lock.
 */
const idleInTransactionTimeoutMs = 30_000;

const types = columnTypes();

/** A pool of connections. It connects on first use, so a database that is away does not stop it. */
export function postgresDatabase(options: PostgresOptions): Database {
  const statementTimeoutMs = options.statementTimeoutMs ?? defaultStatementTimeoutMs;
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connectionsMax,
    application_name: options.applicationName,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + answerTimeoutMarginMs,
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    types,
    // Instants arrive as text: they must read the same whatever the server's defaults are. A Unix
    // socket takes the keepalives too, and ignores them.
    // oxlint-disable-next-line typescript/no-misused-promises -- pg-pool waits for it, untold by its type
    onConnect: async (client) => {
      await client.query(
        `set timezone to 'UTC'; set datestyle to 'ISO, YMD';
         set tcp_keepalives_idle to ${silenceSecondsMax}; set tcp_keepalives_interval to ${askAgainSeconds}`,
      );
    },
  });
  // Without these two listeners a server that goes away ends the process.
  pool.on('error', (error) => {
    options.logger?.warn('a database connection was lost', { error });
  });
  pool.on('connect', (client) => {
    client.on('error', () => {});
  });

  let closing: Promise<void> | null = null;
  const withSession = <Value>(work: (session: SqlSession) => Promise<Value>) =>
    withClient(pool, work);
  return {
    query: (text, values, queryOptions) =>
      withSession((session) => session.query(text, values, queryOptions)),
    transaction: (work) => withSession((session) => inTransaction(session, work)),
    withSession,
    close: () => (closing ??= pool.end()),
  };
}

async function withClient<Value>(
  pool: pg.Pool,
  work: (session: SqlSession) => Promise<Value>,
): Promise<Value> {
  const client = await pool.connect();
  let isBroken = false;
  const session: SqlSession = {
    query: async (text, values, options = {}) => {
      // On a connection that fell silent, a rollback would wait for its answer as long again.
      if (isBroken) throw new Error('Connection lost earlier in this session');
      const given = values === undefined ? null : [...values];
      try {
        return resultOf(await client.query(queryConfig(text, given, options)));
      } catch (error) {
        if (isUnavailable(error)) isBroken = true;
        throw error;
      } finally {
        // The garbage collector may take queries that are done for alive until it goes over the whole
        // heap, which the bytes of their parameters would bring about much sooner.
        if (given !== null) given.length = 0;
      }
    },
  };
  try {
    return await work(session);
  } finally {
    client.release(isBroken);
  }
}

const queryConfig = (
  text: string,
  values: unknown[] | null,
  { name, timeoutMs }: NonNullable<Parameters<SqlSession['query']>[2]>,
): pg.QueryConfig => ({
  text,
  ...(values === null ? {} : { values }),
  ...(name === undefined ? {} : { name }),
  ...(timeoutMs === undefined ? {} : { query_timeout: timeoutMs }),
});

/** Several statements in one text give an array, of which the last is the answer. */
function resultOf(result: pg.QueryResult | pg.QueryResult[]): SqlResult {
  const last = Array.isArray(result) ? result.at(-1) : result;
  return { rows: last?.rows ?? [], rowCount: last?.rowCount ?? 0 };
}

async function inTransaction<Value>(
  session: SqlSession,
  work: (session: SqlSession) => Promise<Value>,
): Promise<Value> {
  await session.query('begin');
  try {
    const value = await work(session);
    // PostgreSQL answers COMMIT of a failed transaction with a silent rollback. A statement before
    // it, in the same round trip, makes a fault that `work` swallowed loud.
    await session.query('select 1; commit');
    return value;
  } catch (error) {
    await rollback(session);
    throw error;
  }
}

/** A lost connection rolls back by itself; the fault that led here is the one to report. */
async function rollback(session: SqlSession): Promise<void> {
  try {
    await session.query('rollback');
  } catch {
    // Nothing more can be done on this connection; the pool drops it.
  }
}
