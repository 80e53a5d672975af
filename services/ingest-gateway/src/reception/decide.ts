import type { AuthorizationRequested } from '@counterfoil/domain';
import { instant } from '@counterfoil/domain';
import type { Answer, AuthorizationDecision, AuthorizationResponder } from '@counterfoil/providers';
import type { StandInCause } from '../gateway-metrics.ts';
import type { StoreOutcome } from '../inbox/inbox.ts';
import { untilDeadline } from './deadline.ts';
import { archive, type Received } from './archive.ts';
import { followUp } from './follow-up.ts';
import type { GivenAnswers } from './given-answers.ts';

/**
 * The relay leaves a request alone for so many deadlines, so that the authorizer has decided it
 * before the ledger-writer sees it.
 */
const deadlinesBeforeRelay = 2;

/** Answers may need the processor for a moment: the wait ends so long before the deadline. */
const answerReserveMs = 5;

type Outcome = Readonly<{ decision: AuthorizationDecision; standIn: StandInCause | null }>;

const declined = (standIn: StandInCause): Outcome => ({
  decision: {
    kind: 'declined',
    reason: standIn === 'variant-of-request' ? 'variant-of-request' : 'deadline-passed',
  },
  standIn,
});

/**
 * Answers a provider that waits for our decision, always with a decision and never with an error:
 * archive and authorizer work side by side, an approval goes out only when both are durable, and in
 * any doubt, or past our deadline, the answer is a decline. What was declined stays declined for
 * every delivery of the request.
 */
export async function decide(
  received: Received,
  responder: AuthorizationResponder,
  given: GivenAnswers,
): Promise<Answer> {
  const { ports, adapter, request } = received;
  const parsed = responder.parse(received.webhook);
  const outcome = parsed.ok
    ? await decideRequest(received, parsed.value, given)
    : await quarantineRequest(received, parsed.error);
  const { decision, standIn } = outcome;
  if (standIn !== null) ports.metrics.stoodIn(adapter.provider, standIn);
  const durationMs = ports.clock.monotonic() - request.startedAt;
  ports.metrics.authorized(adapter.provider, decision.kind, durationMs);
  return responder.respond(decision);
}

const deadlineOf = ({ ports, request }: Received): number =>
  request.startedAt + ports.settings.authorizationDeadlineMs - answerReserveMs;

async function quarantineRequest(
  received: Received,
  reason: Exclude<Parameters<typeof archive>[1]['reason'], null>,
): Promise<Outcome> {
  const { ports, receivedAt } = received;
  const decision = { kind: 'declined', reason: 'malformed' } as const;
  const stored = archive(received, { availableAt: receivedAt, reason });
  const settled = await settledBy(received, stored);
  if (settled.kind === 'done') return { decision, standIn: null };
  noteFault(received, 'a refused authorization request could not be archived', settled.fault);
  ports.metrics.received(received.adapter.provider, 'unavailable');
  return { decision, standIn: 'archive-failed' };
}

async function decideRequest(
  received: Received,
  authorization: AuthorizationRequested,
  given: GivenAnswers,
): Promise<Outcome> {
  const { ports, receivedAt } = received;
  const known = given.join(received);
  const relayDelayMs = deadlinesBeforeRelay * ports.settings.authorizationDeadlineMs;
  const deciding = askAuthorizer(received, authorization);
  const storing = archive(received, {
    availableAt: instant(receivedAt + relayDelayMs),
    reason: null,
  });
  const [decided, stored] = await Promise.all([
    settledBy(received, deciding),
    settledBy(received, storing),
  ]);
  const own = outcomeOf(decided, stored);
  const first = known.first(own.decision);
  const outcome = first.kind === 'declined' ? sameAs(first, own) : own;
  if (decided.kind === 'failed')
    noteFault(received, 'an authorization could not be decided', decided.fault);
  if (stored.kind === 'failed')
    noteFault(received, 'an authorization request could not be archived', stored.fault);
  if (outcome.standIn === null) {
    known.leave();
    return outcome;
  }
  const isRepeated = own.standIn === 'answered-before';
  followUp(received, { authorization, answer: first, isRepeated, deciding, storing })
    .catch((fault) => noteFault(received, 'a stand-in answer could not be followed up', fault))
    .finally(known.leave);
  return outcome;
}

const sameAs = (first: AuthorizationDecision, own: Outcome): Outcome =>
  first === own.decision ? own : { decision: first, standIn: own.standIn ?? 'answered-before' };

/** A promise also where the authorizer throws at once: the archive still gets the request. */
const askAuthorizer = async (
  received: Received,
  authorization: AuthorizationRequested,
): Promise<AuthorizationDecision> =>
  received.ports.authorizer.decide(authorization, deadlineOf(received));

function outcomeOf(
  decided: Settled<AuthorizationDecision>,
  stored: Settled<StoreOutcome>,
): Outcome {
  if (stored.kind === 'failed') return declined('archive-failed');
  if (stored.kind === 'late') return declined('deadline-passed');
  const { outcome, answer } = stored.value;
  if (answer !== null) return { decision: answer, standIn: 'answered-before' };
  if (decided.kind === 'failed') return declined('authorizer-failed');
  if (decided.kind === 'late') return declined('deadline-passed');
  if (outcome === 'variant' && decided.value.kind === 'approved')
    return declined('variant-of-request');
  return { decision: decided.value, standIn: null };
}

type Settled<Value> =
  | Readonly<{ kind: 'done'; value: Value }>
  | Readonly<{ kind: 'late'; fault: null }>
  | Readonly<{ kind: 'failed'; fault: unknown }>;

async function settledBy<Value>(received: Received, work: Promise<Value>): Promise<Settled<Value>> {
  try {
    const timed = await untilDeadline(received.ports.clock, deadlineOf(received), work);
    return timed.inTime ? { kind: 'done', value: timed.value } : { kind: 'late', fault: null };
  } catch (fault) {
    return { kind: 'failed', fault };
  }
}

function noteFault({ ports, adapter, webhook }: Received, message: string, error: unknown): void {
  const { deliveryId } = webhook;
  ports.logger.error(message, { provider: adapter.provider, deliveryId, error });
}
