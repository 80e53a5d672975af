import type { CanonicalEvent, CanonicalOf } from '../canonical/events.ts';
import type { Review, ReviewReason } from './messages.ts';
import {
  confirmedHoldMs,
  expiresAt,
  type PurchaseSummary,
  purchaseKeyOf,
  shopOf,
  summarize,
  totalWithFees,
} from './purchase.ts';
import type { Card, Purchase } from './state.ts';

export type Matching = Readonly<{
  /** What stands on hold for each purchase that was looked at. */
  holds: ReadonlyMap<
    string,
    Readonly<{ held: bigint; isConfirmed: boolean; summary: PurchaseSummary }>
  >;
  reviews: ReadonlyMap<string, Review>;
}>;

type Piece = CanonicalOf<'ClearingReceived' | 'AuthorizationReversed'>;
type Open = {
  summary: PurchaseSummary;
  total: bigint;
  used: bigint;
  isConfirmed: boolean;
  isDone: boolean;
};

const isPiece = (event: CanonicalEvent): event is Piece =>
  event.type === 'ClearingReceived' || event.type === 'AuthorizationReversed';

const byTime = <Item extends { occurredAt: number; eventId: string }>(left: Item, right: Item) =>
  left.occurredAt - right.occurredAt || (left.eventId < right.eventId ? -1 : 1);

/**
 * Which hold each clearing and reversal uses up, decided afresh from all facts of the given
 * purchases, so that the order of arrival decides nothing. An event takes the purchase it names;
 * else, at the same shop and in the same currency, the oldest authorization not later than itself
 * whose remaining hold equals its amount with fees, else the oldest with a remaining hold; else it
 * posts in full and waits for a person.
 */
export function matchPurchases(
  card: Card,
  purchases: Iterable<Purchase>,
  loose: readonly CanonicalEvent[],
): Matching {
  const reviews = new Map<string, Review>();
  const review = (reason: ReviewReason, subject: string, events: readonly CanonicalEvent[]) => {
    const reviewId = `${reason}|${card.lifecycleId}|${subject}`;
    const deliveryIds = events.map(({ source }) => source.deliveryId).sort();
    reviews.set(reviewId, { reviewId, reason, subject: card.lifecycleId, deliveryIds });
  };
  const open = openPurchases([...purchases].map(summarize));
  for (const purchase of open.values()) applyNamed(purchase, review);
  const pieces = loose.filter(isPiece).sort(byTime);
  const named = pieces.filter((piece) => open.has(linkOf(piece)));
  for (const piece of named) use(open.get(linkOf(piece)) as Open, piece, review);
  for (const piece of pieces) {
    if (named.includes(piece)) continue;
    const found = choose([...open.values()], piece);
    if (found) use(found, piece, review);
    else review('unlinked-clearing', piece.eventId, [piece]);
  }
  const holds = [...open].map(([key, { summary, total, used, isConfirmed, isDone }]) => {
    const remaining = isDone || used >= total ? 0n : total - used;
    return [key, { held: remaining, isConfirmed, summary }] as const;
  });
  return { holds: new Map(holds), reviews };
}

const linkOf = (piece: Piece): string =>
  purchaseKeyOf(piece.data.authorizationId ?? piece.data.linkId ?? '');

/** Joins confirmations and declines that carry an id of their own with the request they answer. */
function openPurchases(summaries: readonly PurchaseSummary[]): Map<string, Open> {
  const sorted = [...summaries].sort(
    (left, right) =>
      left.startedAt - right.startedAt || (left.purchaseKey < right.purchaseKey ? -1 : 1),
  );
  const joined = new Map(sorted.map((summary) => [summary.purchaseKey, summary]));
  for (const answer of sorted.filter(({ isLoose }) => isLoose)) {
    const amount = (answer.confirmation ?? answer.decline)?.data.amount;
    const asked = [...joined.values()].find(
      ({ request, confirmation, decline, shop }) =>
        request !== null &&
        confirmation === null &&
        decline === null &&
        shop === answer.shop &&
        request.event.data.amount.units === amount?.units,
    );
    if (!asked) continue;
    const { confirmation, decline } = answer;
    joined.set(asked.purchaseKey, { ...asked, confirmation, decline });
    joined.set(answer.purchaseKey, { ...answer, confirmation: null, decline: null });
  }
  return new Map([...joined].map(([key, summary]) => [key, openPurchase(summary)]));
}

function openPurchase(summary: PurchaseSummary): Open {
  const { request, confirmation, isWithdrawn, expiredAt } = summary;
  const approved = request?.isApproved && !isWithdrawn ? request.event.data.holdTotal.units : 0n;
  const isCleared = summary.pieces.some(({ type }) => type === 'ClearingReceived');
  const isConfirmed = confirmation !== null || isCleared;
  return {
    summary,
    total: confirmation?.data.holdTotal.units ?? approved,
    used: 0n,
    isConfirmed,
    isDone: expiredAt !== null && expiredAt >= expiresAt(summary, isConfirmed),
  };
}

type OpenReview = (
  reason: ReviewReason,
  subject: string,
  events: readonly CanonicalEvent[],
) => void;

/** Facts that name their purchase; a network's decline ends the hold unless money was taken. */
function applyNamed(purchase: Open, review: OpenReview): void {
  const { summary } = purchase;
  const pieces = summary.pieces.filter(isPiece).sort(byTime);
  for (const piece of pieces) use(purchase, piece, review);
  const clearing = pieces.find(({ type }) => type === 'ClearingReceived');
  const reversal = pieces.find(
    (piece) => piece.type === 'AuthorizationReversed' && piece.data.isFull === true,
  );
  if (summary.decline && clearing)
    review('declined-after-clearing', summary.purchaseKey, [summary.decline, clearing]);
  else if (summary.decline) purchase.isDone = true;
  if (reversal && clearing)
    review('contradicting-final-states', summary.purchaseKey, [clearing, reversal]);
}

function use(purchase: Open, piece: Piece, review: OpenReview): void {
  const amount = totalWithFees(piece);
  const remaining = purchase.used >= purchase.total ? 0n : purchase.total - purchase.used;
  if (piece.type === 'ClearingReceived') {
    purchase.isConfirmed = true;
    if (piece.data.isFinal === true) purchase.isDone = true;
  } else if (piece.data.isFull === true) {
    purchase.isDone = true;
  } else if (amount > remaining) {
    review('over-reversal', piece.eventId, [piece]);
  }
  purchase.used += amount;
}

function choose(open: readonly Open[], piece: Piece): Open | undefined {
  const amount = totalWithFees(piece);
  const remaining = ({ total, used, isDone }: Open) =>
    isDone || used >= total ? 0n : total - used;
  const candidates = open.filter(
    (purchase) =>
      remaining(purchase) > 0n &&
      purchase.summary.shop === shopOf(piece) &&
      purchase.summary.startedAt <= piece.occurredAt &&
      purchase.summary.startedAt >= piece.occurredAt - confirmedHoldMs,
  );
  return candidates.find((purchase) => remaining(purchase) === amount) ?? candidates[0];
}
