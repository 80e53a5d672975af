import type { JsonObject } from '@counterfoil/domain';
import type { Deliver } from '../deliver.ts';
import type { Verdict } from '../retry-policy.ts';
import type { StoredMessage } from './message-batch.ts';

/** What one turn of a partition begins with. */
export type TurnInput = Readonly<{
  /** What follows the cursor, in order. */
  log: readonly StoredMessage[];
  /** Parked messages whose key is due, in order per key. */
  parked: readonly StoredMessage[];
  /** Whether messages of this key that follow the cursor must wait behind parked ones. */
  isHeldBack: (key: string) => boolean;
}>;

/** A message set aside: `delayMs` null when it waits behind another of its key. */
export type Parking = Readonly<{
  message: StoredMessage;
  attempts: number;
  delayMs: number | null;
  reason: string | null;
}>;

export type Letter = Readonly<{ message: StoredMessage; attempts: number; reason: string }>;

/** What one turn leads to; nothing of it holds until it is committed. */
export type TurnOutcome = Readonly<{
  /** Out of the log, or parked again with another attempt used up. */
  parkings: readonly Parking[];
  /** Parked messages that are done. */
  removals: readonly StoredMessage[];
  letters: readonly Letter[];
  /** Out of the log and not handled, because we are asked to finish. */
  unhandled: readonly StoredMessage[];
}>;

type Draft = {
  parkings: Parking[];
  removals: StoredMessage[];
  letters: Letter[];
  unhandled: StoredMessage[];
};

/** Handles the messages key by key, keys side by side, those of one key one after another. */
export async function takeTurn(
  input: TurnInput,
  deliver: Deliver,
  signal: AbortSignal,
): Promise<TurnOutcome> {
  const draft: Draft = { parkings: [], removals: [], letters: [], unhandled: [] };
  const queues = new Map<string, StoredMessage[]>();
  for (const message of input.parked) queueOf(queues, message.key).push(message);
  for (const message of input.log)
    if (input.isHeldBack(message.key)) draft.parkings.push(behind(message));
    else queueOf(queues, message.key).push(message);
  await Promise.all([...queues.values()].map((queue) => runKey(queue, draft, deliver, signal)));
  return draft;
}

function queueOf(queues: Map<string, StoredMessage[]>, key: string): StoredMessage[] {
  const queue = queues.get(key) ?? [];
  queues.set(key, queue);
  return queue;
}

const behind = (message: StoredMessage): Parking => ({
  message,
  attempts: 0,
  delayMs: null,
  reason: null,
});

async function runKey(
  queue: readonly StoredMessage[],
  draft: Draft,
  deliver: Deliver,
  signal: AbortSignal,
): Promise<void> {
  for (const [index, message] of queue.entries()) {
    const verdict = await deliverOne(message, deliver, signal);
    if (verdict === null) {
      draft.unhandled.push(...queue.slice(index).filter((each) => !each.isParked));
      return;
    }
    if (verdict.kind === 'retry') {
      draft.parkings.push({ message, ...verdict });
      draft.parkings.push(
        ...queue
          .slice(index + 1)
          .filter((each) => !each.isParked)
          .map(behind),
      );
      return;
    }
    if (verdict.kind === 'dead-letter') draft.letters.push({ message, ...verdict });
    if (message.isParked) draft.removals.push(message);
  }
}

/** Null when we are asked to finish before it was handled, or while it was and it failed. */
async function deliverOne(
  message: StoredMessage,
  deliver: Deliver,
  signal: AbortSignal,
): Promise<Verdict | null> {
  if (signal.aborted) return null;
  const payload = JSON.parse(message.payload) as JsonObject;
  const verdict = await deliver({ payload, attempt: message.attempts + 1 }, signal);
  return verdict.kind === 'retry' && signal.aborted ? null : verdict;
}
