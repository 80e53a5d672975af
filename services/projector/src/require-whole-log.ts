import type { EventStore } from '@counterfoil/event-store';
import { type ModelAhead, modelsAhead, type Projection } from '@counterfoil/read-models';
import { type Clock, type Database, type Logger, retry } from '@counterfoil/runtime';

/** The read models have applied events that the log does not hold. */
class LogTooShort extends Error {
  constructor(ahead: readonly ModelAhead[]) {
    const stands = ahead.map(({ model, position }) => `${model} at ${position}`).join(', ');
    super(
      `The log ends at ${ahead[0]?.head}, before what the read models have applied (${stands}): ` +
        'it is another log, or was restored to an earlier point. If it is the right one, derive ' +
        'them from it with npx counterfoil rebuild --all, and start again.',
    );
    this.name = 'LogTooShort';
  }
}

/**
 * Waits for a log that is away, saying so. Throws `LogTooShort` where read models are ahead of it:
 * they would answer for events that nobody can read, and skip as many new ones.
 */
export async function requireWholeLog(
  options: Readonly<{
    database: Database;
    store: EventStore;
    projections: readonly Projection[];
    clock: Clock;
    logger: Logger;
    signal: AbortSignal;
  }>,
): Promise<void> {
  const { database, store, projections, clock, logger, signal } = options;
  const ahead = await retry(() => modelsAhead({ database, store }, projections), {
    clock,
    signal,
    attemptsMax: Number.POSITIVE_INFINITY,
    delayMsFirst: 200,
    delayMsMax: 5_000,
    onRetry: ({ error, attempt }) =>
      logger.warn('the log is away; waiting for it', { attempt, error }),
  });
  if (ahead.length > 0) throw new LogTooShort(ahead);
}
