import type { CanonicalEvent } from '../canonical/events.ts';
import { type Booking, isEqualBooking, line } from '../ledger/booking.ts';
import { persistentMap } from '../persistent-map.ts';
import { feeLines } from './direct-booking.ts';
import type { LifecycleFact } from './messages.ts';
import { confirmedHoldMs, purchaseKeyOf, summarize } from './purchase.ts';
import type { Card, Purchase } from './state.ts';

/** `card|cryptomate|crd_7788`, or null for an event that is not about a card. */
export function cardLifecycleId(event: CanonicalEvent): string | null {
  const cardId = cardIdOf(event);
  return cardId === null ? null : `card|${event.source.provider}|${cardId}`;
}

export function cardIdOf(event: CanonicalEvent): string | null {
  if ('cardId' in event.data) return event.data.cardId;
  const [owner] = event.owners;
  return event.type === 'FeeCharged' && owner?.kind === 'card' ? owner.externalId : null;
}

/** The purchase that a fact names outright; null for a clearing or reversal that has to be matched. */
export function purchaseKeyOfFact(fact: LifecycleFact): string | null {
  if (fact.kind === 'expired' || fact.kind === 'withdrawn')
    return fact.holdId.slice(fact.holdId.lastIndexOf('|') + 1);
  if (fact.kind !== 'reported' && fact.kind !== 'decided') return null;
  const { event } = fact;
  switch (event.type) {
    case 'AuthorizationRequested':
    case 'AuthorizationConfirmed':
    case 'AuthorizationDeclined':
      return purchaseKeyOf(event.data.authorizationId);
    case 'AuthorizationReversed':
    case 'ClearingReceived':
      return event.data.authorizationId === null ? null : purchaseKeyOf(event.data.authorizationId);
    default:
      return null;
  }
}

/** The card with one more fact, before what it does to the holds is known. */
export function withCardFact(card: Card, fact: LifecycleFact): Card {
  const purchaseKey = purchaseKeyOfFact(fact);
  const known = withFees(withStatus(card, fact), fact);
  if (purchaseKey !== null) return withPurchaseFact(known, purchaseKey, fact);
  if (fact.kind !== 'reported') return known;
  const { event } = fact;
  if (event.type !== 'ClearingReceived' && event.type !== 'AuthorizationReversed')
    return withOtherFact(known, event);
  return pruned({ ...known, loose: [...known.loose, event], hasUnmatched: true }, event.occurredAt);
}

function withPurchaseFact(card: Card, purchaseKey: string, fact: LifecycleFact): Card {
  const before = card.purchases.get(purchaseKey);
  const purchase: Purchase = {
    purchaseKey,
    held: before?.held ?? 0n,
    isConfirmed: before?.isConfirmed ?? false,
    facts: [...(before?.facts ?? []), fact],
  };
  const hasUnmatched = card.hasUnmatched || summarize(purchase).isLoose;
  return { ...card, hasUnmatched, purchases: card.purchases.with(purchaseKey, purchase) };
}

/** Only the last state of the card, and fees that may turn out to be stated twice. */
function withOtherFact(card: Card, event: CanonicalEvent): Card {
  const isFee = event.type === 'FeeCharged' || event.type === 'RefundReceived';
  if (event.type !== 'CardStatusChanged' && !isFee) return card;
  const kept = card.otherFacts.filter(
    (fact) => isFee || fact.kind !== 'reported' || fact.event.type !== 'CardStatusChanged',
  );
  return { ...card, otherFacts: [...kept, { kind: 'reported', event }] };
}

/** Everything known of the card, for the account that it moves to. */
export const factsOfCard = (card: Card): readonly LifecycleFact[] => [
  ...[...card.purchases.entries()].flatMap(([, purchase]) => purchase.facts),
  ...card.loose.map((event): LifecycleFact => ({ kind: 'reported', event })),
  ...card.otherFacts,
];

// Of two states of one moment the less usable one counts, whichever was told first.
const statusOrder = [
  'creating',
  'creation-failed',
  'active',
  'frozen',
  'blocked',
  'expired',
  'closed',
];
const rankOf = (status: string): number => statusOrder.indexOf(status);

/** The latest `changedAt` wins, and `closed` is final (R12). */
function withStatus(card: Card, fact: LifecycleFact): Card {
  if (fact.kind !== 'reported' || fact.event.type !== 'CardStatusChanged') return card;
  const { status, changedAt } = fact.event.data;
  if (card.status?.status === 'closed') return card;
  const isLater = card.status === null || changedAt >= card.status.changedAt || status === 'closed';
  return isLater ? { ...card, status: { status, changedAt } } : card;
}

/**
 * 4pay: a fee that repeats the fee stated with its transaction is not charged again, whichever of
 * the two is told first (4pay decision 7).
 */
function withFees(card: Card, fact: LifecycleFact): Card {
  if (fact.kind !== 'reported') return card;
  const { event } = fact;
  if (event.type === 'FeeCharged') {
    if (event.data.relatedTo === null) return card;
    const booking = [line('fees', event.data.amount)];
    const isPosted = !isStated(card, event.data.relatedTo, booking);
    return { ...card, charges: card.charges.with(event.data.relatedTo, { booking, isPosted }) };
  }
  const stated = statedFeesOf(event);
  if (stated === null) return card;
  const charge = card.charges.get(stated.transactionId);
  const isRepeated = charge !== undefined && isEqualBooking(charge.booking, stated.booking);
  const charges = isRepeated
    ? card.charges.with(stated.transactionId, { ...charge, isPosted: false })
    : card.charges;
  return {
    ...card,
    charges,
    statedFees: card.statedFees.with(stated.transactionId, stated.booking),
  };
}

export const isStated = (card: Card, transactionId: string, booking: Booking): boolean => {
  const stated = card.statedFees.get(transactionId);
  return stated !== undefined && isEqualBooking(stated, booking);
};

/** The fees an event states for its transaction, when it names one outright. */
export function statedFeesOf(
  event: CanonicalEvent,
): Readonly<{ transactionId: string; booking: Booking }> | null {
  if (event.type === 'AuthorizationConfirmed' || event.type === 'ClearingReceived') {
    const { authorizationId, fees } = event.data;
    return authorizationId === null || fees.length === 0
      ? null
      : { transactionId: authorizationId, booking: feeLines(fees) };
  }
  if (event.type !== 'RefundReceived' || event.data.fees.length === 0) return null;
  return { transactionId: event.data.refundId, booking: feeLines(event.data.fees) };
}

// Matching looks back 30 days; twice that is kept, so that late facts still meet their purchase.
const keptMs = 2 * confirmedHoldMs;
const purchasesBeforePruning = 200;

/** Keeps what a new event can be matched with, so that its cost does not grow with history. */
function pruned(card: Card, now: number): Card {
  if (card.purchases.size < purchasesBeforePruning && card.loose.length < purchasesBeforePruning)
    return card;
  const kept = [...card.purchases.entries()].filter(
    ([, purchase]) => purchase.held !== 0n || summarize(purchase).startedAt >= now - keptMs,
  );
  const loose = card.loose.filter(({ occurredAt }) => occurredAt >= now - keptMs);
  return { ...card, purchases: persistentMap(kept), loose };
}
