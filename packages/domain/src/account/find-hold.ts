import type { Account, Card, Purchase } from './state.ts';

/**
 * The card and the purchase that a hold stands for. The ids of both may have the bar in them that
 * joins them in the id of the hold, so where one ends is known only by what the account has.
 */
export function findHold(
  { cards }: Account,
  holdId: string,
): Readonly<{ card: Card; purchase: Purchase }> | null {
  for (let bar = holdId.lastIndexOf('|'); bar > 0; bar = holdId.lastIndexOf('|', bar - 1)) {
    const card = cards.get(holdId.slice(0, bar));
    const purchase = card?.purchases.get(holdId.slice(bar + 1));
    if (card && purchase) return { card, purchase };
  }
  return null;
}
