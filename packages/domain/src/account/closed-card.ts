import type { CanonicalEvent } from '../canonical/events.ts';
import { type Booking, isBucket, line, sum } from '../ledger/booking.ts';
import { cardLifecycleId, withCardFact } from './card.ts';
import type { Review } from './messages.ts';
import { type Account, balancesOf, type Card } from './state.ts';

type Reviews = Readonly<{ reviews: readonly Review[]; reviewsClosed: readonly string[] }>;
const none: Reviews = { reviews: [], reviewsClosed: [] };

/**
 * 4pay keeps money on its cards: a card that is closed while the books have a balance for it wants a
 * person (4pay decision 19). The balance is its account's, so it counts while no other card of that
 * account can be used. `booking` is what the event is about to post.
 */
export function closedCardReviews(
  account: Account,
  event: CanonicalEvent,
  booking: Booking,
): Reviews {
  if (event.source.provider !== '4pay') return none;
  const lifecycleId = cardLifecycleId(event);
  const known = lifecycleId === null ? undefined : account.cards.get(lifecycleId);
  const changed = known && withCardFact(known, { kind: 'reported', event });
  const isFirstClosed =
    !known && event.type === 'CardStatusChanged' && event.data.status === 'closed';
  const cards = [...account.cards.entries()]
    .map(([id, card]) => (changed && id === lifecycleId ? changed : card))
    .filter((card) => card.lifecycleId.startsWith('card|4pay|'));
  const closed = cards.flatMap((card) => closingOf(card));
  if (isFirstClosed && lifecycleId !== null)
    closed.push({ lifecycleId, deliveryId: event.source.deliveryId });
  const isLast = closed.length > 0 && closed.length >= cards.length;
  const calledFor = isLast && !isEmptyAfter(account, booking) ? closed.map(reviewOf) : [];
  const ids = new Set(calledFor.map(({ reviewId }) => reviewId));
  const reviewsClosed = closed
    .map((card) => reviewOf(card).reviewId)
    .filter((id) => account.reviews.get(id) !== undefined && !ids.has(id));
  return { reviews: calledFor, reviewsClosed };
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
