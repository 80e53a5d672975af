import {
  answerTo,
  type AuthorizationAnswer,
  type CanonicalOf,
  cardLifecycleId,
  type CommandContext,
  commandId,
  correlationId,
  type DeclineReason,
  holdIdOf,
  instant,
  purchaseKeyOf,
} from '@counterfoil/domain';
import {
  booksOf,
  derivedContext,
  foundBy,
  type Ledger,
  prepareOwner,
  type ResolvedOwner,
  resolveOwner,
} from '@counterfoil/ledger';
import type { Clock, Logger, Metrics } from '@counterfoil/runtime';
import { underWay } from './under-way.ts';

type Request = CanonicalOf<'AuthorizationRequested'>;

export type Decision =
  | Readonly<{ kind: 'approved' }>
  | Readonly<{ kind: 'declined'; reason: DeclineReason }>;

/**
 * Decides card authorizations from balances in memory. Structurally the `Authorizer` port of the
 * gateway.
 */
export interface Authorizer {
  /**
   * Resolves when the decision is durable. The same request gets the same decision, and so do all
   * who ask for it at once, by the earliest of their deadlines; another body under its id gets a
   * decline. An approval that this delivery of the request brought about, and that became durable
   * after `deadlineAt` (a reading of the clock's `monotonic`), is taken back in the same stream, and
   * answered as declined. One that an earlier delivery brought about stands, as it may have been its
   * answer: a caller that is past its deadline must decline all the same.
   */
  readonly decide: (request: Request, deadlineAt: number) => Promise<Decision>;
  /**
   * An approval that could not be given as the answer: what it holds is released. A request that is
   * not decided yet is recorded as declined, so that a decision which is still on its way finds it.
   * What was given to another body under the same id stands. Resolves when that is durable; throws
   * on a fault, and then it may be asked again. Nobody who asks this instance meanwhile gets the
   * approval; another instance may give it until then.
   */
  readonly withdraw: (request: Request) => Promise<void>;
}

// A reference that is linked in this very moment settles after a step or two.
const resolutionsMax = 3;

export function authorizer(
  options: Readonly<{ ledger: Ledger; clock: Clock; logger: Logger; metrics: Metrics }>,
): Authorizer {
  const { ledger, clock, logger } = options;
  const decisions = options.metrics.counter({
    name: 'counterfoil_authorization_decisions_total',
    help: 'Card authorizations decided, by outcome.',
    labels: ['outcome'],
  });

  const deciding = underWay<Decision>();
  const withdrawing = underWay<void>();

  const withdraw = (request: Request): Promise<void> =>
    withdrawing.share(request.eventId, async () => {
      const context = contextOf(request, clock);
      await atOwner(ledger, request, context, (owner) =>
        withdrawAt(ledger, owner, request, context),
      );
    });

  const decide = async (request: Request, deadlineAt: () => number): Promise<Decision> => {
    const { eventId } = request;
    const context = contextOf(request, clock);
    const { isApproved, isOwn, reason } = await atOwner(ledger, request, context, (owner) =>
      decideAt(ledger, owner, request, context, null),
    );
    const isLate = clock.monotonic() > deadlineAt();
    const isTakenBack = isApproved && ((isLate && isOwn) || withdrawing.has(eventId));
    if (isTakenBack) {
      logger.warn('an approval came too late and is withdrawn', { eventId });
      await withdraw(request);
    }
    if (isApproved && !isTakenBack) {
      decisions.add(1, { outcome: 'approved' });
      return { kind: 'approved' };
    }
    const declinedFor = isLate || isTakenBack ? 'deadline-passed' : reason;
    decisions.add(1, { outcome: declinedFor ?? 'declined' });
    return { kind: 'declined', reason: declinedFor ?? 'refused-by-rule' };
  };

  return {
    withdraw,
    decide: (request, deadlineAt) =>
      deciding.share(request.eventId, (earliestAt) => decide(request, earliestAt), deadlineAt),
  };
}

/** `isOwn`: this very delivery of the request brought it about. */
type Answered = AuthorizationAnswer & Readonly<{ isOwn: boolean }>;

const contextOf = (request: Request, clock: Clock): CommandContext => ({
  commandId: commandId(request.eventId),
  correlationId: correlationId(request.source.deliveryId),
  now: instant(clock.now()),
});

/** Works in the books of the card's owner, again where the card was moved to others meanwhile. */
async function atOwner<Outcome>(
  ledger: Ledger,
  request: Request,
  context: CommandContext,
  work: (owner: ResolvedOwner) => Promise<Outcome | null>,
): Promise<Outcome> {
  for (let attempt = 0; attempt < resolutionsMax; attempt += 1) {
    const owner = await resolveOwner(ledger, request.owners);
    if (!(await prepareOwner(ledger, owner, context))) continue;
    const outcome = await work(owner);
    if (outcome !== null) return outcome;
  }
  throw new Error('The owner of a card changed again and again');
}

/** Null: the card was linked to another account between look-up and decision. */
async function decideAt(
  ledger: Ledger,
  owner: ResolvedOwner,
  request: Request,
  context: CommandContext,
  declineBecause: DeclineReason | null,
): Promise<Answered | null> {
  const books = booksOf(ledger, owner.accountId);
  const decided = await books.handle(owner.accountId, {
    type: 'DecideAuthorization',
    data: { event: request, ...foundBy(owner), isCardLinked: owner.isLinked, declineBecause },
    // The ledger-writer records an unanswered request under the same id: one of the two counts.
    context: derivedContext(context, owner.accountId),
  });
  if (!decided.ok) return null;
  const answer = answerTo(await books.load(owner.accountId), request);
  const { deliveryId } = request.source;
  const isOwn = decided.value.events.some(
    ({ type, data }) => type === 'HoldPlaced' && data.cause.source.deliveryId === deliveryId,
  );
  return answer && { ...answer, isOwn };
}

/** Null: the card was moved to another account between look-up and withdrawal. */
async function withdrawAt(
  ledger: Ledger,
  owner: ResolvedOwner,
  request: Request,
  context: CommandContext,
): Promise<true | null> {
  const { accountId } = owner;
  // Where nothing is decided yet, a decision that is on its way elsewhere has to find this one.
  const answer = await decideAt(ledger, owner, request, context, 'deadline-passed');
  if (answer === null) return null;
  if (!answer.isApproved) return true;
  const purchaseKey = purchaseKeyOf(request.source.provider, request.data.authorizationId);
  const withdrawn = await booksOf(ledger, accountId).handle(accountId, {
    type: 'WithdrawApproval',
    data: {
      holdId: holdIdOf(cardLifecycleId(request) ?? '', purchaseKey),
      eventId: request.eventId,
    },
    context: derivedContext(context, `withdraw at ${accountId}`),
  });
  return withdrawn.ok ? true : null;
}
