import { type Booking, line, sum } from '../ledger/booking.ts';
import { money } from '../money.ts';
import { isStated, statedFeesOf, withCardFact } from './card.ts';
import { directBooking } from './direct-booking.ts';
import type { Outcome } from './effect.ts';
import type { HoldChange, LifecycleFact, Review } from './messages.ts';
import { expiresAt, holdIdOf, holdMoneyOf, type PurchaseSummary } from './purchase.ts';
import { type Matching, matchPurchases } from './purchase-matching.ts';
import { purchaseKeyOfFact } from './card.ts';
import type { Account, Card, Purchase } from './state.ts';

/**
 * What one more fact about a card does: the fact's own posting, and for every hold the difference
 * between what all facts now say it should be and what it is. Any order of the same facts ends in
 * the same books.
 */
export function purchaseOutcome(account: Account, card: Card, fact: LifecycleFact): Outcome {
  const after = withCardFact(card, fact);
  const key = purchaseKeyOfFact(fact);
  const named = key === null ? undefined : after.purchases.get(key);
  const matching = after.hasUnmatched
    ? matchPurchases(after, purchasesOf(after), after.loose)
    : matchPurchases(after, named ? [named] : [], []);
  const direct = fact.kind === 'reported' ? factBooking(card, fact) : [];
  return withHolds(account, card, matching, direct, after.hasUnmatched);
}

export function* purchasesOf(card: Card): Iterable<Purchase> {
  for (const [, purchase] of card.purchases.entries()) yield purchase;
}

/** Adds what the holds become. In suspense nothing is held: there is nobody who could spend it. */
export function withHolds(
  account: Account,
  card: Card,
  matching: Matching,
  direct: Booking,
  isWhole: boolean,
): Outcome {
  const holds: HoldChange[] = [];
  const moved: Booking[] = [direct];
  for (const [key, { held, isConfirmed, summary }] of matching.holds) {
    const purchase = card.purchases.get(key);
    const before = purchase?.held ?? 0n;
    const target = account.owner?.place === 'account' ? held : 0n;
    const asset = holdMoneyOf(summary)?.asset;
    // A confirmation of the same total changes when the hold ends, so it is said as well.
    const isSame = target === before && (target === 0n || purchase?.isConfirmed === isConfirmed);
    if (asset === undefined || isSame) continue;
    const change = money(asset, target - before);
    moved.push([line('held', change), line('available', change, -1n)]);
    holds.push(holdChange(card, summary, money(asset, target), isConfirmed));
  }
  const reviews = [...matching.reviews.values()];
  const closed = isWhole ? noLongerCalledFor(account, card, reviews) : [];
  return { booking: sum(...moved), holds, reviews, reviewsClosed: closed };
}

function holdChange(
  card: Card,
  summary: PurchaseSummary,
  held: HoldChange['held'],
  isConfirmed: boolean,
): HoldChange {
  const source = summary.request?.event ?? summary.confirmation ?? summary.decline;
  const [, provider] = card.lifecycleId.split('|');
  return {
    holdId: holdIdOf(card.lifecycleId, summary.purchaseKey),
    provider: (source?.source.provider ?? provider) as HoldChange['provider'],
    cardId: card.cardId,
    authorizationId: source?.data.authorizationId ?? summary.purchaseKey,
    held,
    isConfirmed,
    expiresAt: expiresAt(summary, isConfirmed),
  };
}

const matchingReasons = ['unlinked-clearing', 'over-reversal'];

function noLongerCalledFor(account: Account, card: Card, reviews: readonly Review[]): string[] {
  const calledFor = new Set(reviews.map(({ reviewId }) => reviewId));
  return [...account.reviews.entries()]
    .filter(
      ([reviewId, { review }]) =>
        review.subject === card.lifecycleId &&
        matchingReasons.includes(review.reason) &&
        !calledFor.has(reviewId),
    )
    .map(([reviewId]) => reviewId);
}

/** The posting of the fact itself, less a fee that is or was charged twice. */
function factBooking(card: Card, fact: Extract<LifecycleFact, { kind: 'reported' }>): Booking {
  const { event } = fact;
  const own = directBooking(event, null);
  if (event.type === 'FeeCharged') {
    const { relatedTo, amount } = event.data;
    return relatedTo !== null && isStated(card, relatedTo, [line('fees', amount)]) ? [] : own;
  }
  const stated = statedFeesOf(event);
  const charge = stated && card.charges.get(stated.transactionId);
  if (!stated || !charge?.isPosted) return own;
  const repeated = withCardFact(card, fact).charges.get(stated.transactionId)?.isPosted === false;
  if (!repeated) return own;
  const returned = charge.booking.flatMap(({ amount }) => [
    line('fees', amount, -1n),
    line('available', amount),
  ]);
  return sum(own, returned);
}
