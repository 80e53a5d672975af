import type { KeptEvent } from '../canonical/kept-event.ts';
import { type Booking, difference, sum } from '../ledger/booking.ts';
import { jointBooking, ownBooking } from './card-booking.ts';
import { feeReviews } from './card-fees.ts';
import { withCardFact } from './card.ts';
import { type Outcome, withReviewsOf } from './effect.ts';
import type { Ruling, Variant } from './messages.ts';
import { matchPurchases } from './purchase-matching.ts';
import { summariesOf, withHolds } from './purchase-outcome.ts';
import type { Account, Card, EffectMark } from './state.ts';
import { withoutCardFact } from './without-card-fact.ts';

/** `own`: what the ruling posts by itself, whatever else is known of the card. */
export type RuledCard = Readonly<{ before: Card; after: Card; own: Booking }>;

/**
 * The card with the facts as a person ruled them. Null where the body is about no card, or where the
 * first one is of a purchase that is forgotten, so that nothing can follow from it any more.
 */
export function ruledCard(
  account: Account,
  subject: string,
  { cause }: Variant,
  ruling: Ruling,
): RuledCard | null {
  const before = cardOf(account, subject, cause);
  const mark = account.marks.get(subject);
  if (!before || !mark || !isRuledByFacts(cause)) return null;
  const second = { kind: 'reported', event: cause } as const;
  if (ruling === 'separate')
    return { before, after: withCardFact(before, second), own: ownBooking(cause) };
  const first = factIn(before, mark.eventId);
  if (first === null) return null;
  const after = withCardFact(withoutCardFact(before, first), second);
  return { before, after, own: difference(ownBooking(cause), postedFor(first, mark)) };
}

/** Of authorizations what is held follows from all of them; a transfer posts beside its card. */
const isRuledByFacts = ({ type }: KeptEvent): boolean =>
  type === 'ClearingReceived' ||
  type === 'AuthorizationReversed' ||
  type === 'RefundReceived' ||
  type === 'FeeCharged';

/** By its mark, which knows what an earlier build has ruled about it. */
const postedFor = (first: KeptEvent, { booking }: EffectMark): Booking =>
  ownBooking(first).length === 0 ? [] : booking;

function factIn({ otherFacts, purchases }: Card, eventId: string): KeptEvent | null {
  const known = otherFacts.get(eventId);
  const facts = known ? [known] : purchases.entries().flatMap(([, purchase]) => purchase.facts);
  const events = facts.flatMap((fact) => (fact.kind === 'reported' ? [fact.event] : []));
  return events.find((event) => event.eventId === eventId) ?? null;
}

export function cardOf(
  { cards, marks }: Account,
  subject: string,
  { data, source }: KeptEvent,
): Card | undefined {
  if ('cardId' in data) return cards.get(`card|${source.provider}|${data.cardId}`);
  // What is kept of a fee does not say its card, but the card knows of the fee.
  const first = marks.get(subject)?.eventId ?? '';
  const known = cards.entries().find(([, { otherFacts }]) => otherFacts.get(first));
  return known?.[1];
}

/** What a ruling does: what the card's facts call for now, less what they called for before. */
export function ruledCardOutcome(account: Account, { before, after, own }: RuledCard): Outcome {
  const matching = matchPurchases(after, summariesOf(after));
  // A review of what counts no longer is over as well.
  const summaries = [...matching.summaries, ...summariesOf(before)];
  const direct = sum(own, difference(jointBooking(after), jointBooking(before)));
  const outcome = withHolds(account, before, { ...matching, summaries }, direct);
  const reviews = feeReviews(after, null);
  const calledFor = new Set(reviews.map(({ reviewId }) => reviewId));
  const reviewsClosed = feeReviews(before, null)
    .map(({ reviewId }) => reviewId)
    .filter((id) => account.reviews.get(id) !== undefined && !calledFor.has(id));
  return withReviewsOf(outcome, { reviews, reviewsClosed });
}
