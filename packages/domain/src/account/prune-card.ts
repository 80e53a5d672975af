import type { Instant } from '../ids.ts';
import { persistentMap } from '../persistent-map.ts';
import { confirmedHoldMs, summarize } from './purchase.ts';
import { matchPurchases } from './purchase-matching.ts';
import { type Card, purchasesBeforePruning } from './state.ts';

// Matching looks back 30 days; twice that is kept, so that late facts still meet their purchase.
const keptMs = 2 * confirmedHoldMs;

/** Whether the card has grown enough since the last time, and has a purchase old enough to go. */
export const isWorthPruning = ({ purchases, prunedAtSize, oldestAt }: Card, now: number): boolean =>
  purchases.size >= prunedAtSize && oldestAt !== null && oldestAt < now - keptMs;

/**
 * The card without purchases that are over, so that neither its size nor the cost of matching grows
 * with its history. What was matched with one another goes or stays together. The next time is when
 * the card has doubled, which keeps the cost of all of them proportional to the purchases.
 */
export function prunedCard(card: Card, now: number): Card {
  const purchases = card.purchases.entries().map(([, purchase]) => purchase);
  const kept = new Set(
    purchases
      .filter((purchase) => purchase.held !== 0n || summarize(purchase).startedAt >= now - keptMs)
      .map(({ purchaseKey }) => purchaseKey),
  );
  const { ties } = matchPurchases(card, card.unmatched.size === 0 ? [] : purchases.map(summarize));
  let isGrowing = kept.size < purchases.length;
  while (isGrowing) {
    const pulled = ties.flatMap(([left, right]) =>
      kept.has(left) === kept.has(right) ? [] : [left, right],
    );
    for (const key of pulled) kept.add(key);
    isGrowing = pulled.length > 0;
  }
  const remaining = purchases.filter(({ purchaseKey }) => kept.has(purchaseKey));
  const starts = remaining.map((purchase) => summarize(purchase).startedAt);
  return {
    ...card,
    oldestAt: starts.reduce<Instant | null>((a, b) => (a === null || b < a ? b : a), null),
    purchases: persistentMap(remaining.map((purchase) => [purchase.purchaseKey, purchase])),
    unmatched: persistentMap(card.unmatched.entries().filter(([key]) => kept.has(key))),
    prunedAtSize: Math.max(purchasesBeforePruning, 2 * remaining.length),
  };
}
