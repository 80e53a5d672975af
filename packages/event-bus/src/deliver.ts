import type { JsonObject } from '@counterfoil/domain';
import { chanceOf, type Clock, isUnavailable } from '@counterfoil/runtime';
import type { Handle, Topic } from './event-bus.ts';
import { type HandlingOutcome, type RetryPolicy, type Verdict, verdictOn } from './retry-policy.ts';

export type DeliverOptions = Readonly<{
  clock: Clock;
  policy: RetryPolicy;
  /** Whether a handler's throw says that a server is away, and nothing of the message. */
  isUnavailable?: (error: unknown) => boolean;
}>;

/** One delivery of a stored message to a handler of its topic. */
export type Deliver = (
  stored: Readonly<{ payload: JsonObject; attempt: number }>,
  signal: AbortSignal,
) => Promise<Verdict>;

/** Never rejects: a payload that cannot be read is a dead letter, a throw of the handler a retry. */
export function deliverTo<Message>(
  topic: Topic<Message>,
  handle: Handle<Message>,
  options: DeliverOptions,
): Deliver {
  return async ({ payload, attempt }, signal) => {
    const chance = chanceOf(options.clock);
    const outcome = await outcomeOf(payload, attempt, signal);
    return verdictOn(outcome, { policy: options.policy, attempt, chance });
  };

  async function outcomeOf(
    payload: JsonObject,
    attempt: number,
    signal: AbortSignal,
  ): Promise<HandlingOutcome> {
    let message: Message;
    try {
      message = topic.decode(payload);
    } catch (error) {
      return { kind: 'dead-letter', reason: `cannot be read: ${reasonOf(error)}` };
    }
    try {
      return await handle({ message, attempt }, signal);
    } catch (error) {
      const isAway = (options.isUnavailable ?? isUnavailable)(error);
      return { kind: 'fault', reason: reasonOf(error), isUnavailable: isAway };
    }
  }
}

/** Whoever reads a dead letter needs the first lines, not a stack of a megabyte. */
const reasonLengthMax = 1_000;

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(
    0,
    reasonLengthMax,
  );
