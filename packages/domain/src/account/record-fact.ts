import type { CanonicalEvent } from '../canonical/events.ts';
import { difference, isEqualBooking } from '../ledger/booking.ts';
import { referenceKey } from '../reference/reference.ts';
import { err, ok, type Result } from '../result.ts';
import { cardIdOf, cardLifecycleId } from './card.ts';
import { directBooking } from './direct-booking.ts';
import { effectOf, type Outcome } from './effect.ts';
import { factEventType } from './fact-event.ts';
import type {
  AccountEvent,
  AccountRejection,
  LifecycleFact,
  Owner,
  Review,
  TransferSide,
} from './messages.ts';
import { isOrderEvent, orderNamesOf, orderReviews, orderTarget } from './order.ts';
import { joinedOrder } from './order-lifecycle.ts';
import { purchaseOutcome } from './purchase-outcome.ts';
import { type Account, type EffectMark, newCard } from './state.ts';

export type FactCommand = Readonly<{
  event: CanonicalEvent;
  side: TransferSide | null;
  aliases: readonly string[];
}>;

/** Under which key an effect is remembered: at most one event with this key posts. */
export const markOf = (event: CanonicalEvent, side: TransferSide | null): string =>
  `${event.effectKey ?? event.eventId}${side === null ? '' : `|${side}`}`;

/**
 * Records what a provider reports as done: it posts in full whatever the balance (R14), and once
 * whatever the number of events that report it (R5, R6).
 */
export function recordFact(
  account: Account,
  { event, side, aliases }: FactCommand,
): Result<readonly AccountEvent[], AccountRejection> {
  if (account.owner === null)
    return err({ code: 'account-not-found', message: 'There is no such account.' });
  const moved = [...event.owners.map(referenceKey), ...aliases].find((name) =>
    account.moved.get(name),
  );
  if (moved !== undefined)
    return err({ code: 'reference-moved', message: `${moved} belongs to another account now.` });
  const known = account.marks.get(markOf(event, side));
  if (known?.eventId === event.eventId || account.marks.get(event.eventId)) return ok([]);
  if (known) return ok([repeated(account, account.owner, event, side, aliases, known)]);
  const outcome = outcomeOf(account, event, side);
  const effect = effectOf(account, account.owner, event.source.provider, outcome, {
    transactionId: `${event.eventId}${side === null ? '' : `:${side}`}`,
    effectiveAt: event.occurredAt,
  });
  return ok([
    { type: factEventType(event.type, side), data: { cause: event, side, aliases, effect } },
  ]);
}

function outcomeOf(account: Account, event: CanonicalEvent, side: TransferSide | null): Outcome {
  const fact: LifecycleFact = { kind: 'reported', event };
  const lifecycleId = cardLifecycleId(event);
  if (lifecycleId !== null) {
    const card = account.cards.get(lifecycleId) ?? newCard(lifecycleId, cardIdOf(event) ?? '');
    return purchaseOutcome(account, card, fact);
  }
  if (isOrderEvent(event)) return orderOutcome(account, orderNamesOf(event), fact);
  return { booking: directBooking(event, side), reviews: contradictions(account, event) };
}

/** What the order's facts now call for, less what it has done already. */
export function orderOutcome(
  account: Account,
  names: readonly string[],
  fact: LifecycleFact,
): Outcome {
  const { lifecycleId, facts, booked } = joinedOrder(account, names, fact);
  const target = orderTarget(facts);
  return {
    booking: difference(target.booking, booked),
    reviews: orderReviews(lifecycleId, target),
  };
}

/** A second event for one effect posts nothing; where the money differs, a person rules (R6). */
function repeated(
  account: Account,
  owner: Owner,
  event: CanonicalEvent,
  side: TransferSide | null,
  aliases: readonly string[],
  known: EffectMark,
): AccountEvent {
  const isSame = isEqualBooking(moneyOf(event, side), known.booking);
  const review: Review = {
    reviewId: `variant-differs|${event.eventId}`,
    reason: 'variant-differs',
    subject: markOf(event, side),
    deliveryIds: [known.deliveryId, event.source.deliveryId],
  };
  const effect = effectOf(
    account,
    owner,
    event.source.provider,
    { booking: [], reviews: isSame ? [] : [review] },
    { transactionId: event.eventId, effectiveAt: event.occurredAt },
  );
  return { type: 'EffectRepeated', data: { cause: event, side, aliases, effect } };
}

/** The money an event states, for telling a harmless repeat from one that differs. */
export function moneyOf(event: CanonicalEvent, side: TransferSide | null) {
  const direct = directBooking(event, side);
  if (direct.length > 0) return direct;
  const { data } = event;
  if ('holdTotal' in data) return [{ place: 'held' as const, amount: data.holdTotal }];
  if (!('amount' in data) || data.amount === null) return [];
  const fees = 'fees' in data ? data.fees : [];
  return [
    { place: 'account' as const, amount: data.amount },
    ...fees.map(({ amount }) => ({ place: 'fees' as const, amount })),
  ];
}

/** A deposit that was credited and also refused: the credit counts, and a person looks (R12). */
function contradictions(account: Account, event: CanonicalEvent): readonly Review[] {
  const depositId = 'depositId' in event.data ? event.data.depositId : null;
  if (depositId === null) return [];
  const { provider } = event.source;
  const marks = ['confirmed', 'delivered', 'failed', 'declined'].map((outcome) =>
    account.marks.get(`${provider}|deposit|${depositId}|${outcome}`),
  );
  const [confirmed, delivered, failed, declined] = marks;
  const credited = isCredit(event) ? event.source.deliveryId : (confirmed ?? delivered)?.deliveryId;
  const refusedNow = event.type === 'DepositFailed' || isComplianceDecline(event);
  const refused = refusedNow ? event.source.deliveryId : (failed ?? declined)?.deliveryId;
  if (credited === undefined || refused === undefined) return [];
  const reason =
    declined || isComplianceDecline(event)
      ? 'compliance-after-credit'
      : 'contradicting-final-states';
  const subject = `${provider}|deposit|${depositId}`;
  const reviewId = `${reason}|${subject}`;
  return [{ reviewId, reason, subject, deliveryIds: [credited, refused] }];
}

const isCredit = ({ type }: CanonicalEvent): boolean =>
  type === 'DepositConfirmed' || type === 'FundsDelivered';

export const isComplianceDecline = (event: CanonicalEvent): boolean =>
  event.type === 'ComplianceStatusChanged' && event.data.status === 'declined';
