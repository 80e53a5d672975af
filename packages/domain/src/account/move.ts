import { type Booking, difference, isBucket, line, negated, sum } from '../ledger/booking.ts';
import { referenceKey } from '../reference/reference.ts';
import { factsOfCard, withCardFact } from './card.ts';
import type { Outcome } from './effect.ts';
import type {
  HoldChange,
  LifecycleFact,
  MovedContent,
  MovedLifecycle,
  Review,
} from './messages.ts';
import { orderReviews, orderTarget } from './order.ts';
import { joinedOrder, withOrder } from './order-lifecycle.ts';
import { holdIdOf, holdMoneyOf, summarize } from './purchase.ts';
import { matchPurchases } from './purchase-matching.ts';
import { purchasesOf, withHolds } from './purchase-outcome.ts';
import { type Account, type Card, newCard } from './state.ts';
import type { Reference } from '../reference/reference.ts';

/**
 * Everything in this account that names the reference, as it will stand at the new owner. An
 * account that was opened for the reference gives all it has.
 */
export function contentNaming(account: Account, reference: Reference): MovedContent {
  const name = referenceKey(reference);
  const isAll = account.openedFor !== null && referenceKey(account.openedFor) === name;
  const cards = cardsNaming(account, name, isAll).map(
    (card): MovedLifecycle => ({
      lifecycleId: card.lifecycleId,
      names: [...card.names].sort(),
      facts: factsOfCard(card),
      booked: card.booked,
    }),
  );
  const others = [...account.lifecycles.entries()]
    .filter(([, lifecycle]) => isAll || lifecycle.names.has(name))
    .map(([, lifecycle]) => ({ ...lifecycle, names: [...lifecycle.names].sort() }));
  const lifecycles = [...cards, ...others].sort((left, right) =>
    left.lifecycleId < right.lifecycleId ? -1 : 1,
  );
  const events = new Set<string>(
    lifecycles.flatMap(({ facts }) =>
      facts.map((fact) => ('event' in fact ? fact.event.eventId : '')),
    ),
  );
  const ids = new Set(lifecycles.map(({ lifecycleId }) => lifecycleId));
  const marks = [...account.marks.entries()]
    .filter(([effect, mark]) => ids.has(effect) || events.has(mark.eventId))
    .map(([effect, { eventId, deliveryId, booking }]) => ({ effect, eventId, deliveryId, booking }))
    .sort((left, right) => (left.effect < right.effect ? -1 : 1));
  return { lifecycles, marks };
}

const cardsNaming = (account: Account, name: string, isAll: boolean): readonly Card[] =>
  [...account.cards.entries()]
    .map(([, card]) => card)
    .filter(({ names }) => isAll || names.has(name));

/** What is on the account's own places because of the content. */
const bucketsOf = (content: MovedContent): Booking =>
  sum(...content.lifecycles.map(({ booked }) => booked)).filter(({ place }) => isBucket(place));

/** Everything of the content leaves for transit, and its holds end here. */
export function moveOutOutcome(account: Account, content: MovedContent): Outcome {
  const leaving = bucketsOf(content);
  const booking = sum(
    negated(leaving),
    leaving.map(({ amount }) => line('transit', amount)),
  );
  const ids = new Set(content.lifecycles.map(({ lifecycleId }) => lifecycleId));
  const holds = [...account.cards.entries()]
    .filter(([lifecycleId]) => ids.has(lifecycleId))
    .flatMap(([, card]) => [...purchasesOf(card)].flatMap((purchase) => ended(card, purchase)));
  const reviewsClosed = [...account.reviews.entries()]
    .filter(([, { review }]) => ids.has(review.subject))
    .map(([reviewId]) => reviewId);
  return { booking, holds, reviewsClosed };
}

function ended(card: Card, purchase: Parameters<typeof summarize>[0]): readonly HoldChange[] {
  const summary = summarize(purchase);
  const money = holdMoneyOf(summary);
  const source = summary.request?.event ?? summary.confirmation;
  if (purchase.held === 0n || !money || !source) return [];
  return [
    {
      holdId: holdIdOf(card.lifecycleId, purchase.purchaseKey),
      provider: source.source.provider,
      cardId: card.cardId,
      authorizationId: source.data.authorizationId,
      held: { asset: money.asset, units: 0n },
      isConfirmed: summary.confirmation !== null,
      expiresAt: source.receivedAt,
    },
  ];
}

/** The account without what has left. */
export function withoutContent(account: Account, content: MovedContent): Account {
  let { cards, lifecycles } = account;
  for (const { lifecycleId } of content.lifecycles) {
    cards = cards.without(lifecycleId);
    lifecycles = lifecycles.without(lifecycleId);
  }
  return { ...account, cards, lifecycles };
}

type Merged = Readonly<{ account: Account; outcome: Outcome }>;

/**
 * Joins what arrives with what is known here and posts the difference between what all facts
 * together call for and what both accounts have posted. An effect that both posted is taken back
 * once.
 */
export function mergeIn(account: Account, content: MovedContent): Merged {
  const arriving = bucketsOf(content);
  const lines: Booking[] = [arriving, arriving.map(({ amount }) => line('transit', amount, -1n))];
  const holds: HoldChange[] = [];
  const reviews: Review[] = [];
  let merged = account;
  for (const moved of content.lifecycles) {
    const step = moved.lifecycleId.startsWith('card|')
      ? mergeCard(merged, moved)
      : mergeOther(merged, moved);
    merged = step.account;
    lines.push(step.outcome.booking);
    holds.push(...(step.outcome.holds ?? []));
    reviews.push(...(step.outcome.reviews ?? []));
  }
  let { marks } = merged;
  for (const { effect, eventId, deliveryId, booking } of content.marks) {
    if (marks.get(effect)) lines.push(negated(booking));
    else marks = marks.with(effect, { eventId, deliveryId, booking });
  }
  return { account: { ...merged, marks }, outcome: { booking: sum(...lines), holds, reviews } };
}

function mergeCard(account: Account, moved: MovedLifecycle): Merged {
  const cardId = moved.lifecycleId.split('|').slice(2).join('|');
  const before = account.cards.get(moved.lifecycleId) ?? newCard(moved.lifecycleId, cardId);
  const known = new Set(factsOfCard(before).map(factIdOf));
  const joined = moved.facts
    .filter((fact) => !known.has(factIdOf(fact)))
    .reduce(withCardFact, before);
  const arrivedHeld = moved.booked.filter(({ place }) => place === 'held');
  const matching = matchPurchases(joined, purchasesOf(joined), joined.loose);
  const outcome = withHolds(account, before, matching, [], true);
  // `withHolds` counted from what was held here; what arrives is held already.
  const correction = arrivedHeld.flatMap(({ amount }) => [
    line('held', amount, -1n),
    line('available', amount),
  ]);
  const booking = sum(outcome.booking, correction);
  const names = new Set([...joined.names, ...moved.names]);
  const card = { ...joined, names, booked: sum(before.booked, moved.booked, booking) };
  const cards = account.cards.with(moved.lifecycleId, card);
  return { account: { ...account, cards }, outcome: { ...outcome, booking } };
}

function mergeOther(account: Account, moved: MovedLifecycle): Merged {
  if (!moved.lifecycleId.startsWith('order|')) {
    const single = { ...moved, names: new Set(moved.names) };
    const lifecycles = account.lifecycles.with(moved.lifecycleId, single);
    return { account: { ...account, lifecycles }, outcome: { booking: [] } };
  }
  const here = joinedOrder(account, moved.names, null);
  const known = new Set(here.facts.map(factIdOf));
  const facts = [...here.facts, ...moved.facts.filter((fact) => !known.has(factIdOf(fact)))];
  const booked = sum(here.booked, moved.booked);
  const target = orderTarget(facts);
  const names = new Set([...here.names, ...moved.names]);
  const order = { ...here, names, facts, booked: target.booking };
  return {
    account: withOrder(account, order),
    outcome: {
      booking: difference(target.booking, booked),
      reviews: orderReviews(order.lifecycleId, target),
    },
  };
}

function factIdOf(fact: LifecycleFact): string {
  switch (fact.kind) {
    case 'reported':
    case 'decided':
      return `${fact.kind}|${fact.event.eventId}`;
    case 'ordered':
      return `ordered|${fact.order.orderId}`;
    case 'expired':
      return `expired|${fact.holdId}|${fact.expiredAt}`;
    case 'withdrawn':
      return `withdrawn|${fact.holdId}`;
    case 'failure-confirmed':
      return fact.kind;
  }
}
