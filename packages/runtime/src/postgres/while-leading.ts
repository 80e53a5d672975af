import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import type { Database, SqlSession } from './database.ts';

export type LeadershipOptions = Readonly<{
  database: Pick<Database, 'withSession'>;
  /** What is led: processes that give the same text take turns. */
  work: string;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
  /** Runs while this process leads; its signal aborts when it no longer does, or must stop. */
  lead: (signal: AbortSignal) => Promise<void>;
}>;

/** How soon another process takes over when the leader's connection is gone. */
const standbyMs = 2_000;
/** How soon a leader notices that its own connection is gone; until then two may work. */
const heartbeatMs = 2_000;
/** No answer by then: the connection is gone, though nobody has said so. */
const heartbeatTimeoutMs = 5_000;
/**
 * The server gives the lead of a session away that it has not heard of for so long: a process that
 * stands still, or one whose connection was lost without a word, would keep it for hours. It is
 * longer than the process itself needs to notice.
 */
const silenceMsMax = 10_000;

/**
 * One process among several does the work. Leading saves work, and may overlap for a heartbeat when
 * a connection is lost: what two leaders do at once must be kept apart by other means. Resolves when
 * `signal` aborts; never rejects.
 */
export async function whileLeading(options: LeadershipOptions): Promise<void> {
  const { database, work, clock, logger, signal } = options;
  const lock = [`counterfoil ${work}`];
  while (!signal.aborted) {
    try {
      await database.withSession(async (session) => {
        if (!(await isTaken(session, lock))) return;
        logger.info('leading', { work });
        try {
          await session.query(`set idle_session_timeout = ${silenceMsMax}`);
          await leadWithHeartbeat(options, () =>
            session.query('select 1', [], { timeoutMs: heartbeatTimeoutMs }),
          );
        } catch (error) {
          // The fault that led here is the one to report, whatever becomes of a lost session.
          await letGo(session, lock).catch(() => {});
          throw error;
        }
        await letGo(session, lock);
      });
    } catch (error) {
      logger.warn('the lead was lost with its database and will be taken again', { work, error });
    }
    await clock.sleep(standbyMs, signal);
  }
}

async function isTaken(session: SqlSession, lock: readonly string[]): Promise<boolean> {
  const { rows } = await session.query(
    'select pg_try_advisory_lock(hashtextextended($1, 0)) as mine',
    lock,
  );
  return rows[0]?.['mine'] === true;
}

async function letGo(session: SqlSession, lock: readonly string[]): Promise<void> {
  await session.query('reset idle_session_timeout');
  await session.query('select pg_advisory_unlock(hashtextextended($1, 0))', lock);
}

async function leadWithHeartbeat(
  { clock, signal, lead }: LeadershipOptions,
  heartbeat: () => Promise<unknown>,
): Promise<void> {
  const leading = new AbortController();
  const stop = () => leading.abort();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const work = lead(leading.signal).finally(stop);
  try {
    while (!leading.signal.aborted) {
      await clock.sleep(heartbeatMs, leading.signal);
      if (!leading.signal.aborted) await heartbeat();
    }
  } finally {
    stop();
    signal.removeEventListener('abort', stop);
    await work;
  }
}
