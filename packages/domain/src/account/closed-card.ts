import { type Booking, isBucket, line, sum } from '../ledger/booking.ts';
import type { Outcome } from './effect.ts';
import type { Review } from './messages.ts';
import { type Account, balancesOf, type Card } from './state.ts';

/**
 * 4pay keeps money on its cards: a card that is closed while the books have a balance for it wants a
 * person (4pay decision 19). The balance is its account's, so it counts while no other card of that
 * account can be used. `account` has its cards as they will be, `booking` is about to post.
 */
export function closedCardReviews(
  account: Account,
  booking: Booking,
): Required<Pick<Outcome, 'reviews' | 'reviewsClosed'>> {
  const cards = account.cards
    .entries()
    .map(([, card]) => card)
    .filter((card) => card.lifecycleId.startsWith('card|4pay|'));
  const closed = cards.flatMap(closingOf);
  const isUsable = closed.length < cards.length;
  const reviews = isUsable || isEmptyAfter(account, booking) ? [] : closed.map(reviewOf);
  const calledFor = new Set(reviews.map(({ reviewId }) => reviewId));
  const reviewsClosed = closed
    .map((card) => reviewOf(card).reviewId)
    .filter((id) => account.reviews.get(id) !== undefined && !calledFor.has(id));
  return { reviews, reviewsClosed };
}

type Closing = Readonly<{ lifecycleId: string; deliveryId: string }>;

function closingOf({ lifecycleId, status, otherFacts }: Card): readonly Closing[] {
  const fact = otherFacts.get('status');
  if (status?.status !== 'closed' || fact?.kind !== 'reported') return [];
  return [{ lifecycleId, deliveryId: fact.event.source.deliveryId }];
}

const reviewOf = ({ lifecycleId, deliveryId }: Closing): Review => ({
  reviewId: `card-closed-with-balance|${lifecycleId}`,
  reason: 'card-closed-with-balance',
  subject: lifecycleId,
  deliveryIds: [deliveryId],
});

function isEmptyAfter(account: Account, booking: Booking): boolean {
  const moved = booking.filter(({ place }) => isBucket(place));
  const total = sum(balancesOf(account), moved).map(({ amount }) => line('available', amount));
  return sum(total).length === 0;
}
