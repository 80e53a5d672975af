import type { Asset } from '../asset.ts';
import { keptEvent } from '../canonical/kept-event.ts';
import type { Bucket } from '../ledger/address.ts';
import { type Booking, bookingOf, isBucket } from '../ledger/booking.ts';
import type { Effect, Variant } from './messages.ts';
import { type Account, type Balance, zeroBalance } from './state.ts';

/**
 * What every event does, whatever it tells: balances by the recorded postings, and reviews. `told`: the
 * facts among which a review finds the variant that it is about.
 */
export function withEffect(
  account: Account,
  effect: Effect,
  told: readonly Variant[] = [],
): Account {
  const balances = balancesAfter(account, bookingIn(effect));
  return { ...withReviews(account, effect, told), balances };
}

export const bookingIn = ({ transaction }: Effect): Booking =>
  transaction === null ? [] : bookingOf(transaction.postings);

export function balancesAfter({ balances }: Account, booking: Booking): Account['balances'] {
  if (booking.length === 0) return balances;
  const changed = new Map<Asset, Balance>(balances);
  for (const { place, amount } of booking) {
    if (!isBucket(place)) continue;
    const before = changed.get(amount.asset) ?? zeroBalance;
    changed.set(amount.asset, balanceAfter(before, place, amount.units));
  }
  return changed;
}

// Not a spread with a computed key, which V8 looks up in its table of all names.
const balanceAfter = ({ available, held, reserved }: Balance, place: Bucket, units: bigint) => ({
  available: place === 'available' ? available + units : available,
  held: place === 'held' ? held + units : held,
  reserved: place === 'reserved' ? reserved + units : reserved,
});

export function withReviews(account: Account, effect: Effect, told: readonly Variant[]): Account {
  if (effect.reviewsOpened.length === 0 && effect.reviewsClosed.length === 0) return account;
  let { reviews } = account;
  for (const reviewId of effect.reviewsClosed) reviews = reviews.without(reviewId);
  for (const review of effect.reviewsOpened) {
    const isAbout = ({ cause }: Variant) => review.reviewId.endsWith(`|${cause.eventId}`);
    const about = review.reason === 'variant-differs' ? told.find(isAbout) : undefined;
    const variant = about ? { cause: keptEvent(about.cause), side: about.side } : null;
    reviews = reviews.with(review.reviewId, { review, variant });
  }
  return { ...account, reviews };
}
