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
   * Resolves when the decision is durable. The same request gets the same decision; another body
   * under its id a decline. An approval that became durable after `deadlineAt` (a reading of the
   * clock's `monotonic`) is taken back in the same stream, and answered as declined.
   */
  readonly decide: (request: Request, deadlineAt: number) => Promise<Decision>;
  /**
   * An approval that could not be given as the answer: what it holds is released. One that was given
   * to another body under the same id stands.
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

  const withdraw = async (request: Request) => {
    const context = contextOf(request, clock);
    for (let attempt = 0; attempt < resolutionsMax; attempt += 1)
      if (await withdrawAt(ledger, request, context)) return;
    logger.warn('an approval to withdraw was not found', { eventId: request.eventId });
  };

  return {
    withdraw,
    decide: async (request, deadlineAt) => {
      const answer = await answerOf(ledger, request, contextOf(request, clock));
      const isLate = clock.monotonic() > deadlineAt;
      if (answer.isApproved && isLate) {
        logger.warn('an approval came too late and is withdrawn', { eventId: request.eventId });
        await withdraw(request);
      }
      const reason = isLate ? 'deadline-passed' : answer.reason;
      const isApproved = answer.isApproved && !isLate;
      decisions.add(1, { outcome: isApproved ? 'approved' : (reason ?? 'declined') });
      return isApproved
        ? { kind: 'approved' }
        : { kind: 'declined', reason: reason ?? 'refused-by-rule' };
    },
  };
}

const contextOf = (request: Request, clock: Clock): CommandContext => ({
  commandId: commandId(request.eventId),
  correlationId: correlationId(request.source.deliveryId),
  now: instant(clock.now()),
});

async function answerOf(
  ledger: Ledger,
  request: Request,
  context: CommandContext,
): Promise<AuthorizationAnswer> {
  for (let attempt = 0; attempt < resolutionsMax; attempt += 1) {
    const owner = await resolveOwner(ledger, request.owners);
    if (!(await prepareOwner(ledger, owner, context))) continue;
    const answer = await decideAt(ledger, owner, request, context);
    if (answer !== null) return answer;
  }
  throw new Error('The owner of a card changed again and again');
}

/** Null: the card was linked to another account between look-up and decision. */
async function decideAt(
  ledger: Ledger,
  owner: ResolvedOwner,
  request: Request,
  context: CommandContext,
): Promise<AuthorizationAnswer | null> {
  const books = booksOf(ledger, owner.accountId);
  const decided = await books.handle(owner.accountId, {
    type: 'DecideAuthorization',
    data: {
      event: request,
      ...foundBy(owner),
      isCardLinked: owner.isLinked,
      declineBecause: null,
    },
    // The ledger-writer records an unanswered request under the same id: one of the two counts.
    context: derivedContext(context, owner.accountId),
  });
  if (!decided.ok) return null;
  return answerTo(await books.load(owner.accountId), request);
}

/** False: the card was moved to another account between look-up and withdrawal. */
async function withdrawAt(
  ledger: Ledger,
  request: Request,
  context: CommandContext,
): Promise<boolean> {
  const { accountId } = await resolveOwner(ledger, request.owners);
  const purchaseKey = purchaseKeyOf(request.data.authorizationId);
  const withdrawn = await booksOf(ledger, accountId).handle(accountId, {
    type: 'WithdrawApproval',
    data: {
      holdId: holdIdOf(cardLifecycleId(request) ?? '', purchaseKey),
      eventId: request.eventId,
    },
    context: derivedContext(context, `withdraw at ${accountId}`),
  });
  return withdrawn.ok;
}
