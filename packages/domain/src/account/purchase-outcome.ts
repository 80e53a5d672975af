import { type Booking, line, sum } from '../ledger/booking.ts';
import { type Money, money } from '../money.ts';
import { factBooking } from './card-booking.ts';
import { feeReviews } from './card-fees.ts';
import { purchaseAfter, withCardFact, withStatedTotals } from './card.ts';
import type { Outcome } from './effect.ts';
import type { HoldChange, LifecycleFact } from './messages.ts';
import {
  expiresAt,
  holdIdOf,
  holdMoneyOf,
  isUnmatched,
  originOf,
  type PurchaseSummary,
  summarize,
} from './purchase.ts';
import {
  type Matching,
  matchPurchases,
  reviewsConsidered,
  type Standing,
} from './purchase-matching.ts';
import type { Account, Card } from './state.ts';

/**
 * What one more fact about a card does: the fact's own posting, and for every hold the difference
 * between what all facts now say it should be and what it is. Any order of the same facts ends in
 * the same books.
 */
export function purchaseOutcome(account: Account, card: Card, fact: LifecycleFact): Outcome {
  const matching = matchPurchases(card, summariesToMatch(card, fact));
  if (fact.kind !== 'reported') return withHolds(account, card, matching);
  const stated = withStatedTotals(card, fact);
  const outcome = withHolds(account, card, matching, factBooking(card, stated, fact.event));
  const fees = stated.fees === card.fees ? [] : feeReviews(stated, fact.event);
  return { ...outcome, reviews: [...(outcome.reviews ?? []), ...fees] };
}

/** Only of the purchase that the fact names, unless something has to find its purchase. */
function summariesToMatch(card: Card, fact: LifecycleFact): readonly PurchaseSummary[] {
  const named = purchaseAfter(card, fact, []);
  if (named === null) return [];
  const summary = summarize(named);
  const isWhole = card.unmatched.size > 0 || isUnmatched(summary);
  return isWhole ? summariesOf(withCardFact(card, fact)) : [summary];
}

export const summariesOf = (card: Card): readonly PurchaseSummary[] =>
  card.purchases.entries().map(([, purchase]) => summarize(purchase));

/** Adds what the holds become. In suspense nothing is held: there is nobody who could spend it. */
export function withHolds(
  account: Account,
  card: Card,
  matching: Matching,
  direct: Booking = [],
): Outcome {
  const reviews = matching.reviews.size === 0 ? [] : [...matching.reviews.values()];
  const reviewsClosed = overIn(account, matching);
  const [only] = matching.holds;
  // Nearly always it is one hold, and nothing else posts.
  if (only && matching.holds.length === 1 && direct.length === 0) {
    const change = changeOf(account, card, only);
    if (change === null) return { booking: [], holds: [], reviews, reviewsClosed };
    return { booking: change.booking, holds: [change.hold], reviews, reviewsClosed };
  }
  const changes = matching.holds.flatMap((standing) => changeOf(account, card, standing) ?? []);
  const booking = sum(direct, ...changes.map((change) => change.booking));
  return { booking, holds: changes.map(({ hold }) => hold), reviews, reviewsClosed };
}

type Change = Readonly<{ hold: HoldChange; booking: Booking }>;

/** Null where the hold stays as it is. */
function changeOf(
  account: Account,
  card: Card,
  { held, isConfirmed, summary }: Standing,
): Change | null {
  const purchase = card.purchases.get(summary.purchaseKey);
  const before = purchase?.held ?? 0n;
  const target = account.owner?.place === 'account' ? held : 0n;
  const asset = holdMoneyOf(summary)?.asset;
  if (asset === undefined) return null;
  const isSameAsset = before === 0n || purchase?.heldIn === asset;
  // A confirmation of the same total changes when the hold ends, so it is said as well.
  const isSame =
    target === before && (target === 0n || (isSameAsset && purchase?.isConfirmed === isConfirmed));
  if (isSame) return null;
  const booking =
    isSameAsset || !purchase?.heldIn
      ? heldMore(money(asset, target - before))
      : [...heldMore(money(purchase.heldIn, -before)), ...heldMore(money(asset, target))];
  return { hold: holdChange(card, summary, money(asset, target), isConfirmed), booking };
}

const heldMore = (change: Money): Booking =>
  change.units === 0n ? [] : [line('held', change), line('available', change, -1n)];

function holdChange(
  card: Card,
  summary: PurchaseSummary,
  held: HoldChange['held'],
  isConfirmed: boolean,
): HoldChange {
  const origin = originOf(summary);
  return {
    holdId: holdIdOf(card.lifecycleId, summary.purchaseKey),
    provider: origin?.provider ?? providerOf(card),
    cardId: card.cardId,
    authorizationId: origin?.authorizationId ?? summary.purchaseKey,
    held,
    isConfirmed,
    expiresAt: expiresAt(summary, isConfirmed),
  };
}

const providerOf = ({ lifecycleId }: Card) => lifecycleId.split('|')[1] as HoldChange['provider'];

/** Open reviews for which the facts call no longer. */
const overIn = ({ reviews }: Account, matching: Matching): readonly string[] =>
  reviews.size === 0
    ? []
    : reviewsConsidered(matching).filter(
        (reviewId) => reviews.get(reviewId) !== undefined && !matching.reviews.has(reviewId),
      );
