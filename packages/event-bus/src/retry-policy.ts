import { type Backoff, backoffMs } from '@counterfoil/runtime';
import type { Disposition } from './event-bus.ts';

/** How often a message is tried before a group gives up on it, and how long between. */
export type RetryPolicy = Backoff &
  Readonly<{
    attemptsMax: number;
    /** Between tries while a server is away. */
    unavailableDelayMs: number;
  }>;

/**
 * About three minutes in all: long enough for a deployment next door, short enough that a poisonous
 * message is seen the same hour.
 */
export const defaultRetryPolicy: RetryPolicy = {
  attemptsMax: 12,
  delayMsFirst: 100,
  delayMsMax: 30_000,
  // Soon after the server is back, and few enough tries until then.
  unavailableDelayMs: 1_000,
};

/** How handling one message ended. */
export type HandlingOutcome =
  | Disposition
  | Readonly<{ kind: 'fault'; reason: string; isUnavailable: boolean }>;

/** What becomes of the message; `attempts` is how many are used up. */
export type Verdict =
  | Readonly<{ kind: 'ack' }>
  | Readonly<{ kind: 'retry'; delayMs: number; reason: string; attempts: number }>
  | Readonly<{ kind: 'dead-letter'; reason: string; attempts: number }>;

/**
 * Pure. `attempt` is 1 at the first delivery; `chance` is in [0, 1). What a server's absence broke
 * is tried again without end and uses up no attempt: the message is not to blame.
 */
export function verdictOn(
  outcome: HandlingOutcome,
  facts: Readonly<{ policy: RetryPolicy; attempt: number; chance: number }>,
): Verdict {
  const { policy, attempt, chance } = facts;
  switch (outcome.kind) {
    case 'ack':
      return { kind: 'ack' };
    case 'dead-letter':
      return { kind: 'dead-letter', reason: outcome.reason, attempts: attempt };
    case 'retry':
      return attempt >= policy.attemptsMax
        ? { kind: 'dead-letter', reason: outcome.reason, attempts: attempt }
        : { kind: 'retry', delayMs: outcome.delayMs, reason: outcome.reason, attempts: attempt };
    case 'fault':
      if (outcome.isUnavailable)
        return {
          kind: 'retry',
          delayMs: Math.round(policy.unavailableDelayMs * (0.5 + chance / 2)),
          reason: outcome.reason,
          attempts: attempt - 1,
        };
      return attempt >= policy.attemptsMax
        ? { kind: 'dead-letter', reason: outcome.reason, attempts: attempt }
        : {
            kind: 'retry',
            delayMs: backoffMs(policy, attempt, chance),
            reason: outcome.reason,
            attempts: attempt,
          };
  }
}
