import type { CanonicalOf } from '../canonical/events.ts';
import { err, ok, type Result } from '../result.ts';
import { cardLifecycleId } from './card.ts';
import { effectOf, noEffect, type Outcome } from './effect.ts';
import type {
  AccountEvent,
  AccountRejection,
  DeclineReason,
  Effect,
  Owner,
  Review,
} from './messages.ts';
import type { Decision } from './decision.ts';
import { purchaseKeyIn } from './purchase.ts';
import { purchaseOutcome } from './purchase-outcome.ts';
import { recordedAs, takersOf } from './record-fact.ts';
import { type Account, type Card, newCard, type Purchase, spendable } from './state.ts';

type Request = CanonicalOf<'AuthorizationRequested'>;

export type AuthorizationCommand = Readonly<{
  event: Request;
  aliases: readonly string[];
  takers?: readonly string[] | undefined;
  isCardLinked: boolean;
  declineBecause: DeclineReason | null;
}>;

/** What was answered to a request, once it is recorded; null before. */
export type AuthorizationAnswer = Readonly<{ isApproved: boolean; reason: DeclineReason | null }>;

/**
 * The stored answer to this very request. Another body under the same id is answered as declined
 * whatever was decided on the first (R6, CryptoMate decision 20).
 */
export function answerTo(account: Account, request: Request): AuthorizationAnswer | null {
  const card = account.cards.get(cardLifecycleId(request) ?? '');
  const purchase = card && purchaseOf(card, request);
  const decision = purchase?.decision ?? null;
  if (decision === null) return null;
  const isWithdrawn = purchase?.facts.some(({ kind }) => kind === 'withdrawn') ?? false;
  if (isWithdrawn && decision.eventId === request.eventId)
    return { isApproved: false, reason: 'deadline-passed' };
  return decision.eventId === request.eventId
    ? { isApproved: decision.isApproved, reason: decision.reason }
    : { isApproved: false, reason: 'variant-of-request' };
}

const purchaseOf = (card: Card, { source, data }: Request): Purchase | undefined =>
  card.purchases.get(purchaseKeyIn(card, source.provider, data.authorizationId, []));

/** Approve and hold, or decline with the most exact reason; both are recorded. */
export function decideAuthorization(
  account: Account,
  command: AuthorizationCommand,
): Result<readonly AccountEvent[], AccountRejection> {
  const { event, aliases, takers } = command;
  if (account.owner === null)
    return err({ code: 'account-not-found', message: 'There is no such account.' });
  const isMoved = (name: string) => account.moved.get(name) !== undefined;
  if (account.moved.size > 0 && takersOf(event, command).some(isMoved))
    return err({ code: 'reference-moved', message: 'The card belongs to another account now.' });
  const lifecycleId = cardLifecycleId(event) ?? '';
  const card = account.cards.get(lifecycleId) ?? newCard(lifecycleId, event.data.cardId);
  const decision = purchaseOf(card, event)?.decision ?? null;
  const fact = { event, side: null, aliases, takers };
  if (decision !== null)
    return ok(
      decision.eventId === event.eventId || account.marks.get(event.eventId)
        ? []
        : [
            {
              type: 'EffectRepeated',
              data: recordedAs(fact, variantOf(account, account.owner, event, decision)),
            },
          ],
    );
  const approval = purchaseOutcome(account, card, {
    kind: 'decided',
    event,
    isApproved: true,
    reason: null,
  });
  const reason = declineReason(account, card, command, approval);
  const outcome =
    reason === null
      ? approval
      : purchaseOutcome(account, card, { kind: 'decided', event, isApproved: false, reason });
  const effect = effectOf(account, account.owner, event.source.provider, outcome, {
    transactionId: event.eventId,
    effectiveAt: event.occurredAt,
  });
  return ok([
    reason === null
      ? { type: 'HoldPlaced', data: recordedAs(fact, effect) }
      : {
          type: 'AuthorizationDeclined',
          data: { cause: event, side: null, aliases, takers, effect, reason },
        },
  ]);
}

function declineReason(
  account: Account,
  card: Card,
  { event, isCardLinked, declineBecause }: AuthorizationCommand,
  approval: Outcome,
): DeclineReason | null {
  if (declineBecause !== null) return declineBecause;
  if (event.data.refusal !== null) return 'refused-by-rule';
  if (!isCardLinked || account.owner?.place !== 'account') return 'card-unknown';
  if (account.status === 'frozen') return 'account-frozen';
  if (account.status === 'closed') return 'account-closed';
  if (card.status !== null && card.status.status !== 'active') return 'card-not-active';
  const purchase = purchaseOf(card, event);
  const isDeclined = purchase?.facts.some(
    (fact) => fact.kind === 'reported' && fact.event.type === 'AuthorizationDeclined',
  );
  if (isDeclined) return 'declined-by-network';
  const { asset } = event.data.holdTotal;
  const needed = approval.booking.find(
    ({ place, amount }) => place === 'available' && amount.asset === asset,
  );
  const cost = -(needed?.amount.units ?? 0n);
  return cost > 0n && cost > spendable(account, asset) ? 'insufficient-funds' : null;
}

function variantOf(account: Account, owner: Owner, event: Request, first: Decision): Effect {
  const asked = first.holdTotal;
  const stated = event.data.holdTotal;
  if (asked.asset === stated.asset && asked.units === stated.units) return noEffect;
  const review: Review = {
    reviewId: `variant-differs|${event.eventId}`,
    reason: 'variant-differs',
    subject: event.effectKey ?? event.eventId,
    deliveryIds: [first.deliveryId, event.source.deliveryId],
  };
  return effectOf(
    account,
    owner,
    event.source.provider,
    { booking: [], reviews: [review] },
    { transactionId: event.eventId, effectiveAt: event.occurredAt },
  );
}
