import type { Clock, Database, Logger } from '@counterfoil/runtime';

export type LeadershipOptions = Readonly<{
  database: Pick<Database, 'withSession'>;
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

const leaderLock = `hashtextextended('counterfoil projector', 0)`;

/**
 * One process among several does the work. Leading saves work and nothing else: two leaders at once
 * are kept apart by the checkpoints. Resolves when `signal` aborts; never rejects.
 */
export async function whileLeading(options: LeadershipOptions): Promise<void> {
  const { database, clock, logger, signal } = options;
  while (!signal.aborted) {
    try {
      await database.withSession(async (session) => {
        const { rows } = await session.query(`select pg_try_advisory_lock(${leaderLock}) as mine`);
        if (rows[0]?.['mine'] !== true) return;
        logger.info('leading the projections');
        try {
          await leadWithHeartbeat(options, () => session.query('select 1'));
        } finally {
          await session.query(`select pg_advisory_unlock(${leaderLock})`);
        }
      });
    } catch (error) {
      logger.warn('the projections lost their database and will be led again', { error });
    }
    await clock.sleep(standbyMs, signal);
  }
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
