import type { AuthorizationRequested } from '@counterfoil/domain';
import type { AuthorizationDecision } from '@counterfoil/providers';
import { retry } from '@counterfoil/runtime';
import type { StoreOutcome } from '../inbox/inbox.ts';
import { archive, type Received } from './archive.ts';

/** An answer that was given in the place of the authorizer's, whose outcome may not be known. */
export type StandIn = Readonly<{
  authorization: AuthorizationRequested;
  /** What was answered to the first delivery of the request that got an answer. */
  answer: AuthorizationDecision;
  /** The archive held an answer to the same request, and this is it. */
  isRepeated: boolean;
  deciding: Promise<AuthorizationDecision>;
  storing: Promise<StoreOutcome>;
}>;

/** With these delays a quarter of an hour: long enough for a database to come back. */
const attemptsMax = 180;
const delayMsFirst = 100;
const delayMsMax = 5_000;

/**
 * Settles what a stand-in answer left open, and goes on after it was given: the request comes into
 * the archive with its answer, so that a repeat gets the same, and an approval that nobody heard of
 * is withdrawn. What failed may have been done all the same, so an unknown outcome is looked up,
 * again and again while the database is away.
 */
export async function followUp(received: Received, standIn: StandIn): Promise<void> {
  const { inbox, authorizer } = received.ports;
  const { answer, authorization, isRepeated } = standIn;
  const stored = await standIn.storing.catch(() => null);
  const isRepeat =
    stored === null
      ? await untilDone(received, () => archiveAtLast(received, answer))
      : stored.outcome === 'duplicate';
  const remember = async (): Promise<void> => {
    if (stored === null || isRepeat) return;
    await untilDone(received, () => inbox.recordAnswer(received.webhook.deliveryId, answer));
  };
  const withdraw = async (): Promise<void> => {
    // An approval can be durable although we were told of a fault.
    const maybeApproved = await standIn.deciding.then(
      ({ kind }) => kind === 'approved',
      () => true,
    );
    // The first delivery of a repeat may have been answered with this very approval: it stands.
    const mayStand = isRepeat && !isRepeated;
    if (!maybeApproved || mayStand || answer.kind !== 'declined') return;
    await untilDone(received, async () => authorizer.withdraw?.(authorization));
  };
  await Promise.all([remember(), withdraw()]);
}

const untilDone = <Value>({ ports }: Received, work: () => Promise<Value>): Promise<Value> =>
  retry(work, { clock: ports.clock, signal: ports.signal, attemptsMax, delayMsFirst, delayMsMax });

/** With its answer. True when the archive knows the request by an earlier delivery. */
async function archiveAtLast(received: Received, answer: AuthorizationDecision): Promise<boolean> {
  const { receivedAt, ports } = received;
  const { deliveryId } = received.webhook;
  const found = await ports.inbox.find(deliveryId);
  if (found === null) {
    const arrival = { availableAt: receivedAt, reason: null };
    return (await archive(received, arrival, answer)).outcome === 'duplicate';
  }
  if (found.status === 'duplicate') return true;
  await ports.inbox.recordAnswer(deliveryId, answer);
  return false;
}
