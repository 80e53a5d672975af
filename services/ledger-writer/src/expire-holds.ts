import { accountId, commandId, correlationId, type Instant, instant } from '@counterfoil/domain';
import { booksOf, derivedCommandId, type Ledger } from '@counterfoil/ledger';
import type { Clock, Logger } from '@counterfoil/runtime';

/** A hold whose time is over, as the read models know it. */
export type DueHold = Readonly<{ accountId: string; holdId: string }>;

/** Open holds whose end has come, oldest first, at most `limit`. May be behind the log. */
export type DueHolds = (dueAt: Instant, limit: number) => Promise<readonly DueHold[]>;

// Holds live for days: a minute more or less is nobody's loss, and each round is bounded.
const roundMs = 60_000;
const holdsPerRound = 500;

/** Releases holds that nobody cleared (R18) until the signal aborts. The account has the last word. */
export async function expireHolds(
  options: Readonly<{
    ledger: Ledger;
    dueHolds: DueHolds;
    clock: Clock;
    logger: Logger;
    signal: AbortSignal;
  }>,
): Promise<void> {
  const { clock, logger, signal } = options;
  while (!signal.aborted) {
    try {
      await expireRound(options);
    } catch (error) {
      logger.warn('expiring holds failed and will be tried again', { error });
    }
    await clock.sleep(roundMs, signal);
  }
}

/** One round; returns how many holds expired. */
export async function expireRound(
  options: Readonly<{ ledger: Ledger; dueHolds: DueHolds; clock: Clock; logger: Logger }>,
): Promise<number> {
  const { ledger, dueHolds, clock } = options;
  const now = instant(clock.now());
  let expired = 0;
  for (const due of await dueHolds(now, holdsPerRound)) {
    const id = accountId(due.accountId);
    const result = await booksOf(ledger, id).handle(id, {
      type: 'ExpireHold',
      data: { holdId: due.holdId },
      context: {
        commandId: derivedCommandId(commandId(due.holdId), `expire in ${id} at ${now}`),
        correlationId: correlationId(`expiry ${due.holdId}`),
        now,
      },
    });
    if (result.ok && result.value.events.length > 0) expired += 1;
  }
  if (expired > 0) options.logger.info('holds expired', { expired });
  return expired;
}
