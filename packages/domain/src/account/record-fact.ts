import type { CanonicalEvent } from '../canonical/events.ts';
import { difference, sum } from '../ledger/booking.ts';
import { referenceKey } from '../reference/reference.ts';
import { err, ok, type Result } from '../result.ts';
import { cardIdOf, cardLifecycleId, withCardFact } from './card.ts';
import { addressLifecycleId, closedAddressReviews } from './closed-address.ts';
import { closedCardReviews } from './closed-card.ts';
import { contradictions } from './contradictions.ts';
import { directBooking } from './direct-booking.ts';
import { effectOf, type Outcome, withReviewsOf } from './effect.ts';
import { factEventType } from './fact-event.ts';
import type {
  AccountEvent,
  AccountRejection,
  Effect,
  FactRecorded,
  LifecycleFact,
  Owner,
  TransferSide,
} from './messages.ts';
import { orderTarget } from './order.ts';
import { isOrderEvent, orderFactOf, orderNamesOf, repeatOf } from './order-fact.ts';
import { joinedOrder, orderReviews } from './order-lifecycle.ts';
import { purchaseOutcome } from './purchase-outcome.ts';
import { type Account, type EffectMark, type Lifecycle, newCard } from './state.ts';
import { cardOfTransferFee, transferFeeOutcome } from './transfer-fee.ts';
import { marksOf, ownerReview, variantReview } from './variant.ts';

export type FactCommand = Readonly<{
  event: CanonicalEvent;
  side: TransferSide | null;
  aliases: readonly string[];
  takers?: readonly string[] | undefined;
  isOwnerContested?: boolean | undefined;
}>;

/** Keys of the references that would take the money if somebody linked them. */
export const takersOf = (
  event: Pick<CanonicalEvent, 'owners'>,
  { aliases, takers }: Pick<FactCommand, 'aliases' | 'takers'>,
): readonly string[] => takers ?? [...event.owners.map(referenceKey), ...aliases];

/**
 * Records what a provider reports as done: it posts in full whatever the balance (R14), and once
 * whatever the number of events that report it (R5, R6).
 */
export function recordFact(
  account: Account,
  command: FactCommand,
): Result<readonly AccountEvent[], AccountRejection> {
  const { event, side } = command;
  if (account.owner === null)
    return err({ code: 'account-not-found', message: 'There is no such account.' });
  const moved = takersOf(event, command).find((name) => account.moved.get(name));
  if (moved !== undefined)
    return err({ code: 'reference-moved', message: `${moved} belongs to another account now.` });
  const marks = marksOf(event, side);
  const subject = marks.find((mark) => account.marks.get(mark)) ?? marks[0];
  const known = account.marks.get(subject);
  if (known?.eventId === event.eventId || account.marks.get(event.eventId)) return ok([]);
  if (known) return ok([repeated(account, account.owner, command, subject, known)]);
  const outcome = withClosedCards(account, command, outcomeOf(account, event, side));
  const effect = effectOf(account, account.owner, event.source.provider, outcome, {
    transactionId: `${event.eventId}${side === null ? '' : `:${side}`}`,
    effectiveAt: event.occurredAt,
  });
  return ok([{ type: factEventType(event.type, side), data: recordedAs(command, effect) }]);
}

/** One literal, and no spread with a member more, for which V8 makes a shape for every object. */
export const recordedAs = (
  { event, side, aliases, takers }: FactCommand,
  effect: Effect,
): FactRecorded => ({ cause: event, side, aliases, takers, effect });

function outcomeOf(account: Account, event: CanonicalEvent, side: TransferSide | null): Outcome {
  const fact: LifecycleFact = { kind: 'reported', event };
  const contradicting = contradictions(account, event);
  const lifecycleId = cardLifecycleId(event);
  if (lifecycleId !== null) {
    const card = account.cards.get(lifecycleId) ?? newCard(lifecycleId, cardIdOf(event) ?? '');
    return withReviewsOf(purchaseOutcome(account, card, fact), contradicting);
  }
  const names = orderNamesOf(event, side);
  const order: Outcome =
    names.length === 0 ? { booking: [] } : orderOutcome(account, names, orderFactOf(event, names));
  if (isOrderEvent(event)) return order;
  const fee = transferFeeOutcome(account, event, side);
  const booking = sum(directBooking(event, side), fee.booking, order.booking);
  const told = withReviewsOf({ ...order, booking }, { reviews: fee.reviews, reviewsClosed: [] });
  const outcome = withReviewsOf(told, contradicting);
  const addressId = addressLifecycleId(event);
  if (addressId === null) return outcome;
  const reviews = closedAddressReviews(account, addressId, [fact]);
  return withReviewsOf(outcome, { reviews, reviewsClosed: [] });
}

/** Only cards of 4pay keep money of their own. */
function withClosedCards(
  account: Account,
  { event, side }: FactCommand,
  outcome: Outcome,
): Outcome {
  if (event.source.provider !== '4pay') return outcome;
  const lifecycleId = cardLifecycleId(event);
  const known = lifecycleId !== null && account.cards.get(lifecycleId);
  const card =
    known ||
    (lifecycleId && newCard(lifecycleId, cardIdOf(event) ?? '')) ||
    cardOfTransferFee(account, event, side);
  const cards = card
    ? account.cards.with(card.lifecycleId, withCardFact(card, { kind: 'reported', event }))
    : account.cards;
  return withReviewsOf(outcome, closedCardReviews({ ...account, cards }, outcome.booking));
}

export const orderOutcome = (
  account: Account,
  names: readonly string[],
  fact: LifecycleFact | null,
): Outcome => outcomeOfOrder(account, joinedOrder(account, names, fact));

/** What the order's facts now call for, less what it has done already. */
export function outcomeOfOrder(account: Account, order: Lifecycle): Outcome {
  const target = orderTarget(order.facts);
  const booking = difference(target.booking, order.booked);
  return { booking, ...orderReviews(account, order, target) };
}

function repeated(
  account: Account,
  owner: Owner,
  command: FactCommand,
  subject: string,
  known: EffectMark,
): AccountEvent {
  const { event, side } = command;
  const reviews = [
    ...variantReview({ cause: event, side }, subject, known),
    ...(command.isOwnerContested ? [ownerReview(event, subject, known)] : []),
  ];
  const outcome = withReviewsOf(repeatedOutcome(account, command), { reviews, reviewsClosed: [] });
  const effect = effectOf(account, owner, event.source.provider, outcome, {
    transactionId: event.eventId,
    effectiveAt: event.occurredAt,
  });
  return { type: 'EffectRepeated', data: recordedAs(command, effect) };
}

/** Its money has posted, but a name or chain hash that the first event left out counts. */
function repeatedOutcome(account: Account, { event, side }: FactCommand): Outcome {
  const names = orderNamesOf(event, side);
  if (names.length === 0) return { booking: [] };
  return orderOutcome(account, names, repeatOf(event, names));
}
