import type { Asset } from '../asset.ts';
import type { CanonicalSource } from '../canonical/envelope.ts';
import { byTime, isUndated } from '../canonical/kept-event.ts';
import type { Review, ReviewReason } from './messages.ts';
import {
  confirmedHoldMs,
  expiresAt,
  holdMoneyOf,
  isLoosePiece,
  isUnmatched,
  type Piece,
  type PurchaseSummary,
  shopOf,
  totalWithFees,
} from './purchase.ts';
import type { Card } from './state.ts';

export type Matching = Readonly<{
  /** What stands on hold for each purchase that was looked at. */
  holds: readonly Standing[];
  reviews: ReadonlyMap<string, Review>;
  card: Card;
  /** The purchases that were looked at. */
  summaries: readonly PurchaseSummary[];
  /** Keys of purchases whose facts were matched with one another. */
  ties: readonly (readonly [string, string])[];
}>;

export type Standing = Readonly<{ summary: PurchaseSummary; held: bigint; isConfirmed: boolean }>;

type Open = {
  summary: PurchaseSummary;
  total: bigint;
  /** Of the total; null where nothing is to be held, so that no piece can differ from it. */
  asset: Asset | null;
  used: bigint;
  /** The largest running total so far, which is part of `used`. */
  runningTotal: bigint;
  isConfirmed: boolean;
  /** One that names it, else the first that was matched with it. */
  clearing: Piece | undefined;
  /** Nothing is left, since the clearing was final or the reversal full. */
  isDone: boolean;
};
type OpenReview = (
  reason: ReviewReason,
  subject: string,
  told: readonly Pick<CanonicalSource, 'deliveryId'>[],
) => void;

// Nearly always none opens, and this is decided for every hold.
const noReviews = new Map<string, Review>();

const reviewIdOf = (card: Card, reason: ReviewReason, subject: string): string =>
  `${reason}|${card.lifecycleId}|${subject}`;

/**
 * Which hold each clearing and reversal uses up, decided afresh from all facts of the given
 * purchases, so that the order of arrival decides nothing. An event takes the purchase it names;
 * else, at the same shop and in the same currency and asset, the oldest authorization not later than itself
 * whose remaining hold equals its amount with fees, else the oldest with a remaining hold; else it
 * posts in full and waits for a person. What ends a purchase later takes away none that it has used.
 * What has no time comes last, by its id.
 */
export function matchPurchases(card: Card, summaries: readonly PurchaseSummary[]): Matching {
  let reviews = noReviews;
  const review: OpenReview = (reason, subject, told) => {
    if (reviews === noReviews) reviews = new Map();
    const reviewId = reviewIdOf(card, reason, subject);
    const deliveryIds = told.map(({ deliveryId }) => deliveryId).sort();
    reviews.set(reviewId, { reviewId, reason, subject: card.lifecycleId, deliveryIds });
  };
  const [only] = summaries;
  // Nearly every fact names its purchase and is looked at alone: nothing has to be matched.
  if (only && summaries.length === 1 && !isUnmatched(only)) {
    const purchase = opened(only, review);
    reviewEnds(purchase, review);
    return { card, summaries, holds: [standing(purchase)], reviews, ties: [] };
  }
  const { answered, joined } = joinedSummaries(summaries.filter((each) => !isLoosePiece(each)));
  const open = new Map<string, Open>();
  for (const summary of joined)
    if (!answered.has(summary.purchaseKey)) open.set(summary.purchaseKey, opened(summary, review));
  const ties: (readonly [string, string])[] = [...answered];
  const loose = summaries
    .filter(isLoosePiece)
    .flatMap(({ purchaseKey, pieces }) => pieces.map((piece) => ({ purchaseKey, piece })));
  for (const { purchaseKey, piece } of loose.sort((a, b) => byTime(a.piece, b.piece))) {
    const found = choose([...open.values()], piece);
    if (found) {
      use(found, piece, review);
      if (piece.type === 'ClearingReceived') found.clearing ??= piece;
      ties.push([found.summary.purchaseKey, purchaseKey]);
    } else review('unlinked-clearing', piece.eventId, [piece.source]);
  }
  for (const purchase of open.values()) reviewEnds(purchase, review);
  // What an answer held before its request came is held by the request now.
  const given = summaries
    .filter(({ purchaseKey }) => answered.has(purchaseKey))
    .map((summary) => ({ summary, held: 0n, isConfirmed: false }));
  const holds = [...[...open.values()].map(standing), ...given];
  return { card, summaries, holds, reviews, ties };
}

/** What is left of a hold, and nothing where the purchase is done. */
const standing = (purchase: Open): Standing => ({
  summary: purchase.summary,
  held: remainingFor(purchase, null),
  isConfirmed: purchase.isConfirmed,
});

/** What a piece could still use, to which a purchase that ends later is open; with none, what stands. */
function remainingFor(purchase: Open, piece: Piece | null): bigint {
  const { total, used } = purchase;
  if (used >= total || hasEnded(purchase, piece)) return 0n;
  // The very number of the request, where nothing is used: the purchase keeps one and not two.
  return used === 0n ? total : total - used;
}

/**
 * A network's decline ends a purchase unless money was taken, and our expiry unless it came early.
 * Where a time is wanting, the decline was first, being the network's last word, and our expiry was not.
 */
function hasEnded({ summary, isConfirmed, clearing, isDone }: Open, piece: Piece | null): boolean {
  const { decline, expiredAt } = summary;
  if (isDone) return true;
  // Nearly always, and this is asked for every hold.
  if (decline === null && expiredAt === null) return false;
  const hasNoTime = piece !== null && isUndated(piece);
  const at = piece === null || hasNoTime ? Number.POSITIVE_INFINITY : piece.occurredAt;
  if (decline !== null && clearing === undefined)
    if (isUndated(decline) || decline.occurredAt < at) return true;
  if (expiredAt === null || hasNoTime) return false;
  return expiredAt < at && expiredAt >= expiresAt(summary, isConfirmed);
}

/** Every review that could have been called for: one that is open and not called for is over. */
export const reviewsConsidered = ({ card, summaries }: Matching): readonly string[] =>
  summaries.flatMap(({ purchaseKey, pieces }) => [
    reviewIdOf(card, 'confirmed-after-decline', purchaseKey),
    reviewIdOf(card, 'declined-after-clearing', purchaseKey),
    reviewIdOf(card, 'contradicting-final-states', purchaseKey),
    ...pieces.flatMap(({ eventId }) => [
      reviewIdOf(card, 'unlinked-clearing', eventId),
      reviewIdOf(card, 'over-reversal', eventId),
    ]),
  ]);

/** Joins confirmations and declines that carry an id of their own with the request they answer. */
function joinedSummaries(summaries: readonly PurchaseSummary[]) {
  const sorted = [...summaries].sort(
    (left, right) =>
      Number(left.isUndated) - Number(right.isUndated) ||
      (left.isUndated ? 0 : left.startedAt - right.startedAt) ||
      (left.purchaseKey < right.purchaseKey ? -1 : 1),
  );
  const joined = new Map(sorted.map((summary) => [summary.purchaseKey, summary]));
  const answered = new Map<string, string>();
  for (const answer of sorted.filter(({ isLoose }) => isLoose)) {
    const asked = [...joined.values()].find((summary) => isAnsweredBy(summary, answer));
    if (!asked) continue;
    const { confirmation, decline } = answer;
    const pieces = [...asked.pieces, ...answer.pieces];
    joined.set(asked.purchaseKey, { ...asked, confirmation, decline, pieces });
    answered.set(answer.purchaseKey, asked.purchaseKey);
  }
  return { answered, joined: [...joined.values()] };
}

/** The oldest request that nobody has answered, of the same shop, amount and month. */
function isAnsweredBy(asked: PurchaseSummary, answer: PurchaseSummary): boolean {
  if (asked.decision === null || asked.confirmation !== null || asked.decline !== null)
    return false;
  const stated = (answer.confirmation ?? answer.decline)?.data.amount;
  const { amount } = asked.decision;
  return (
    asked.shop === answer.shop &&
    amount.asset === stated?.asset &&
    amount.units === stated.units &&
    (asked.isUndated ||
      answer.isUndated ||
      Math.abs(asked.startedAt - answer.startedAt) <= confirmedHoldMs)
  );
}

/** A purchase with the pieces that name it. */
function opened(summary: PurchaseSummary, review: OpenReview): Open {
  const { decision, confirmation, isWithdrawn } = summary;
  const approved = decision?.isApproved && !isWithdrawn ? decision.holdTotal.units : 0n;
  const pieces = [...summary.pieces].sort(byTime);
  const clearing = pieces.find(({ type }) => type === 'ClearingReceived');
  const total = confirmation?.data.holdTotal.units ?? approved;
  const purchase: Open = {
    summary,
    total,
    asset: total > 0n ? (holdMoneyOf(summary)?.asset ?? null) : null,
    used: 0n,
    runningTotal: 0n,
    isConfirmed: confirmation !== null || clearing !== undefined,
    clearing,
    isDone: false,
  };
  for (const piece of pieces) use(purchase, piece, review);
  return purchase;
}

/** What contradicts how a purchase ended; told once all that it has used is known. */
function reviewEnds({ summary, clearing }: Open, review: OpenReview): void {
  const { decision, confirmation, decline, isWithdrawn, purchaseKey } = summary;
  const isDeclined = decision !== null && (!decision.isApproved || isWithdrawn);
  if (isDeclined && confirmation && !decline)
    review('confirmed-after-decline', purchaseKey, [decision, confirmation.source]);
  if (clearing === undefined) return;
  if (decline) review('declined-after-clearing', purchaseKey, [decline.source, clearing.source]);
  const reversal = summary.pieces.filter(isFullReversal).sort(byTime)[0];
  if (reversal)
    review('contradicting-final-states', purchaseKey, [clearing.source, reversal.source]);
}

const isFullReversal = (piece: Piece): boolean =>
  piece.type === 'AuthorizationReversed' && piece.data.isFull === true;

/** What is said of the whole of a purchase ends it in any asset; an amount counts in the hold's own. */
function use(purchase: Open, piece: Piece, review: OpenReview): void {
  const amount = totalWithFees(piece);
  const isOther = purchase.asset !== null && purchase.asset !== piece.data.amount.asset;
  if (isOther) review('unlinked-clearing', piece.eventId, [piece.source]);
  if (piece.type === 'AuthorizationReversed') {
    const remaining = purchase.used >= purchase.total ? 0n : purchase.total - purchase.used;
    if (piece.data.isFull === true) purchase.isDone = true;
    else if (!isOther && amount > remaining) review('over-reversal', piece.eventId, [piece.source]);
    if (!isOther) purchase.used += amount;
    return;
  }
  purchase.isConfirmed = true;
  if (piece.data.isFinal === true) purchase.isDone = true;
  if (isOther) return;
  if (piece.data.amountMeans === 'piece') {
    purchase.used += amount;
  } else if (amount > purchase.runningTotal) {
    purchase.used += amount - purchase.runningTotal;
    purchase.runningTotal = amount;
  }
}

function choose(open: readonly Open[], piece: Piece): Open | undefined {
  const amount = totalWithFees(piece);
  const remaining = (purchase: Open) => remainingFor(purchase, piece);
  const shop = shopOf(piece.data);
  const candidates = open.filter(
    (purchase) =>
      remaining(purchase) > 0n &&
      purchase.asset === piece.data.amount.asset &&
      purchase.summary.shop === shop &&
      isInTime(purchase.summary, piece),
  );
  return candidates.find((purchase) => remaining(purchase) === amount) ?? candidates[0];
}

/** Not before its purchase, nor long after; where a time is wanting, nobody can say so. */
function isInTime(begun: PurchaseSummary, piece: Piece): boolean {
  if (begun.isUndated || isUndated(piece)) return true;
  const { occurredAt } = piece;
  return begun.startedAt <= occurredAt && begun.startedAt >= occurredAt - confirmedHoldMs;
}
