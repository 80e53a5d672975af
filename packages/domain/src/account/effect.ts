import { type ProviderName, transactionId } from '../ids.ts';
import type { Instant } from '../ids.ts';
import { type Booking, postingsOf } from '../ledger/booking.ts';
import type { Effect, HoldChange, Owner, Review } from './messages.ts';
import type { Account } from './state.ts';

export const noEffect: Effect = {
  transaction: null,
  holds: [],
  reviewsOpened: [],
  reviewsClosed: [],
};

export type Outcome = Readonly<{
  booking: Booking;
  holds?: readonly HoldChange[];
  /** Every review that the facts call for now, of the kinds in `reviewsDecided`. */
  reviews?: readonly Review[];
  reviewsClosed?: readonly string[];
}>;

/** The outcome with more reviews to open and to close. */
export const withReviewsOf = (
  outcome: Outcome,
  { reviews, reviewsClosed }: Required<Pick<Outcome, 'reviews' | 'reviewsClosed'>>,
): Outcome => ({
  ...outcome,
  reviews: [...(outcome.reviews ?? []), ...reviews],
  reviewsClosed: [...(outcome.reviewsClosed ?? []), ...reviewsClosed],
});

/** Writes an outcome as what is recorded: postings at real addresses, and only new reviews. */
export function effectOf(
  account: Account,
  owner: Owner,
  provider: ProviderName | null,
  outcome: Outcome,
  posted: Readonly<{ transactionId: string; effectiveAt: Instant }>,
): Effect {
  const postings = postingsOf(outcome.booking, owner, provider);
  return {
    transaction: postings && {
      transactionId: transactionId(posted.transactionId),
      postings,
      effectiveAt: posted.effectiveAt,
    },
    holds: outcome.holds ?? [],
    reviewsOpened: (outcome.reviews ?? []).filter(
      ({ reviewId }) =>
        account.reviews.get(reviewId) === undefined &&
        account.done.get(`review|${reviewId}`) === undefined,
    ),
    reviewsClosed: outcome.reviewsClosed ?? [],
  };
}
