import type { CanonicalEvent, CardStatus } from '../canonical/events.ts';
import type { KeptEvent, KeptOf } from '../canonical/kept-event.ts';
import { withFees } from './card-fees.ts';
import { largerTotal, runningTotalKey } from './card-booking.ts';
import type { ProviderName } from '../ids.ts';
import type { HoldChange, LifecycleFact } from './messages.ts';
import { decidedFact, decisionOf } from './decision.ts';
import { holdIdOf, isUnmatched, purchaseKeyIn, summarize } from './purchase.ts';
import { isWorthPruning, prunedCard } from './prune-card.ts';
import { type Card, cardWith, newPurchase, type Purchase } from './state.ts';

/** `card|cryptomate|crd_7788`, or null for an event that is not about a card. */
export function cardLifecycleId(event: CanonicalEvent): string | null {
  const cardId = cardIdOf(event);
  return cardId === null ? null : lifecycleIdOf(event.source.provider, cardId);
}

export const lifecycleIdOf = (provider: ProviderName, cardId: string): string =>
  `card|${provider}|${cardId}`;

export function cardIdOf(event: CanonicalEvent): string | null {
  if ('cardId' in event.data) return event.data.cardId;
  const [owner] = event.owners;
  return event.type === 'FeeCharged' && owner?.kind === 'card' ? owner.externalId : null;
}

/** The purchase a fact is kept with: the one it names, or whose id shares a part with its own. */
function keptUnder(
  card: Card,
  fact: LifecycleFact,
  recorded: readonly HoldChange[],
): string | null {
  if (fact.kind !== 'reported' && fact.kind !== 'decided') return null;
  const { event } = fact;
  const keyOf = (id: string) => purchaseKeyIn(card, event.source.provider, id, recorded);
  switch (event.type) {
    case 'AuthorizationRequested':
    case 'AuthorizationConfirmed':
    case 'AuthorizationDeclined':
      return keyOf(event.data.authorizationId);
    case 'AuthorizationReversed':
    case 'ClearingReceived':
      return keyOf(event.data.authorizationId ?? event.data.linkId ?? event.eventId);
    default:
      return null;
  }
}

/** The card with one more fact, before what it does to the holds is known. */
export const withCardFact = (card: Card, fact: LifecycleFact): Card =>
  withRecordedFact(card, fact, []);

/** The card with one more fact and what was recorded of the hold that it is about. */
export function withRecordedFact(
  card: Card,
  fact: LifecycleFact,
  holds: readonly HoldChange[],
): Card {
  const known = withStatedTotals(card, fact);
  const purchase = purchaseAfter(card, fact, holds);
  if (purchase !== null) return withPurchase(known, withHold(card, purchase, holds), fact);
  return fact.kind === 'reported' ? withOtherFact(known, fact.event) : known;
}

/** The card with the fees and the running total that a fact states, beside its purchase. */
export const withStatedTotals = (card: Card, fact: LifecycleFact): Card =>
  fact.kind === 'reported' ? withReported(card, fact.event) : card;

function withReported(card: Card, event: KeptEvent): Card {
  const fees = withFees(card.fees, event);
  const known = fees === card.fees ? card : { ...card, fees };
  if (event.type !== 'ClearingReceived' || event.data.amountMeans !== 'running-total') return known;
  const key = runningTotalKey(event);
  const largest = largerTotal(card.runningTotals.get(key), event);
  return { ...known, runningTotals: card.runningTotals.with(key, largest) };
}

/** The purchase that a fact is kept with, with that fact; null where it is kept with none. */
export function purchaseAfter(
  card: Card,
  fact: LifecycleFact,
  recorded: readonly HoldChange[],
): Purchase | null {
  const isOfHold = fact.kind === 'expired' || fact.kind === 'withdrawn';
  const purchaseKey = isOfHold
    ? fact.holdId.slice(card.lifecycleId.length + 1)
    : keptUnder(card, fact, recorded);
  if (purchaseKey === null) return null;
  const before = card.purchases.get(purchaseKey);
  const known = before ?? newPurchase(purchaseKey);
  if (fact.kind !== 'decided') return { ...known, facts: [...known.facts, fact] };
  const decision = decisionOf(fact);
  return known.decision === null
    ? { ...known, decision }
    : { ...known, facts: [...known.facts, decidedFact(decision)] };
}

function withHold(card: Card, purchase: Purchase, holds: readonly HoldChange[]): Purchase {
  if (holds.length === 0) return purchase;
  const holdId = holdIdOf(card.lifecycleId, purchase.purchaseKey);
  const change = holds.find((hold) => hold.holdId === holdId);
  return change ? withHoldChange(purchase, change) : purchase;
}

export const withHoldChange = (purchase: Purchase, { held, isConfirmed }: HoldChange): Purchase =>
  purchase.held === held.units &&
  purchase.heldIn === held.asset &&
  purchase.isConfirmed === isConfirmed
    ? purchase
    : { ...purchase, held: held.units, heldIn: held.asset, isConfirmed };

function withPurchase(card: Card, purchase: Purchase, fact: LifecycleFact): Card {
  const { purchaseKey } = purchase;
  const purchases = card.purchases.with(purchaseKey, purchase);
  // What a request has opened has nothing to find.
  const isWaiting = purchase.decision === null && isUnmatched(summarize(purchase));
  const wasWaiting = card.unmatched.size > 0 && card.unmatched.get(purchaseKey) !== undefined;
  let { unmatched, oldestAt } = card;
  const { booked } = card;
  if (isWaiting && !wasWaiting) unmatched = unmatched.with(purchaseKey, true);
  if (!isWaiting && wasWaiting) unmatched = unmatched.without(purchaseKey);
  if (!('event' in fact)) return cardWith(card, { purchases, unmatched, oldestAt, booked });
  const { occurredAt } = fact.event;
  if (oldestAt === null || occurredAt < oldestAt) oldestAt = occurredAt;
  const changed = cardWith(card, { purchases, unmatched, oldestAt, booked });
  return isWorthPruning(changed, occurredAt) ? prunedCard(changed, occurredAt) : changed;
}

/** What posted for good, what a fee may repeat, and what would contradict a clearing that comes later. */
const isKept = ({ type }: KeptEvent): boolean =>
  type === 'FeeCharged' ||
  type === 'RefundReceived' ||
  type === 'TransferCompleted' ||
  type === 'ClearingFailed';

/** Of the states of the card only the one that counts. */
function withOtherFact(card: Card, event: KeptEvent): Card {
  const fact: LifecycleFact = { kind: 'reported', event };
  if (isKept(event)) return { ...card, otherFacts: card.otherFacts.with(event.eventId, fact) };
  if (event.type !== 'CardStatusChanged') return card;
  const { status, changedAt } = event.data;
  if (!isLaterStatus(card, event)) return card;
  return {
    ...card,
    status: { status, changedAt },
    otherFacts: card.otherFacts.with('status', fact),
  };
}

// Of two states of one moment the less usable one counts, whichever was told first.
const statusOrder: readonly CardStatus[] = [
  'creating',
  'creation-failed',
  'active',
  'frozen',
  'blocked',
  'expired',
  'closed',
];

/** The latest `changedAt` wins, and `closed` is final (R12). */
function isLaterStatus({ status: known }: Card, { data }: KeptOf<'CardStatusChanged'>): boolean {
  if (known === null) return true;
  if ((known.status === 'closed') !== (data.status === 'closed')) return data.status === 'closed';
  if (data.changedAt !== known.changedAt) return data.changedAt > known.changedAt;
  return statusOrder.indexOf(data.status) > statusOrder.indexOf(known.status);
}

/** Everything known of the card, for the account that it moves to. */
export const factsOfCard = (card: Card): readonly LifecycleFact[] => [
  ...card.purchases
    .entries()
    .flatMap(([, { decision, facts }]) =>
      decision === null ? facts : [decidedFact(decision), ...facts],
    ),
  ...card.otherFacts.entries().map(([, fact]) => fact),
];
