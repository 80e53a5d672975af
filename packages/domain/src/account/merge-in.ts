import { type Booking, difference, line, negated, sum } from '../ledger/booking.ts';
import { jointBooking, ownBooking } from './card-booking.ts';
import { feeReviews } from './card-fees.ts';
import { factsOfCard, withCardFact } from './card.ts';
import { closedAddressReviews, withAddressFacts } from './closed-address.ts';
import { contradictionsAmong } from './contradictions.ts';
import type { Outcome } from './effect.ts';
import type {
  HoldChange,
  LifecycleFact,
  MovedContent,
  MovedLifecycle,
  Review,
  Variant,
} from './messages.ts';
import { mergeSingle } from './merge-single.ts';
import { bucketsOf } from './move.ts';
import { orderTarget } from './order.ts';
import { isTransfer, namedAsMoved, namesIn, repeatOf } from './order-fact.ts';
import { joinedOrder, orderReviews, withOrder } from './order-lifecycle.ts';
import { matchPurchases } from './purchase-matching.ts';
import { summariesOf, withHolds } from './purchase-outcome.ts';
import { type Account, newCard } from './state.ts';
import { marksOf, variantReview } from './variant.ts';

export type Merged = Readonly<{ account: Account; outcome: Outcome }>;

/**
 * Joins what arrives with what is known here and posts the difference between what all facts
 * together call for and what both accounts have posted. Of an effect that both posted, what arrives
 * is taken back; if another event posted it here, a person looks at the two.
 */
export function mergeIn(account: Account, content: MovedContent): Merged {
  const arriving = bucketsOf(content);
  const lines: Booking[] = [arriving, arriving.map(({ amount }) => line('transit', amount, -1n))];
  const holds: HoldChange[] = [];
  const reviews: Review[] = [];
  const reviewsClosed: string[] = [];
  let merged = account;
  const doubled = doubledIn(account, content);
  const doubledEffects = new Set(
    content.marks.flatMap(({ effect, eventId }) => (doubled.has(eventId) ? [effect] : [])),
  );
  for (const moved of content.lifecycles) {
    const step = moved.lifecycleId.startsWith('card|')
      ? mergeCard(merged, moved, doubled)
      : mergeOther(merged, moved, content, doubled, doubledEffects);
    merged = step.account;
    lines.push(step.outcome.booking);
    holds.push(...(step.outcome.holds ?? []));
    reviews.push(...(step.outcome.reviews ?? []));
    reviewsClosed.push(...(step.outcome.reviewsClosed ?? []));
  }
  for (const ofOrder of reviewsOfOrders(merged, content)) {
    reviews.push(...ofOrder.reviews);
    reviewsClosed.push(...ofOrder.reviewsClosed);
  }
  let { marks } = merged;
  for (const { effect, ...mark } of content.marks)
    if (!marks.get(effect)) marks = marks.with(effect, mark);
  const all = { ...merged, marks };
  const effects = content.marks.map(({ effect }) => effect);
  const contradicting = contradictionsAmong(all, effects);
  reviews.push(...contradicting.reviews);
  reviewsClosed.push(...contradicting.reviewsClosed);
  reviews.push(...variantsOf(account, all, content));
  return { account: all, outcome: { booking: sum(...lines), holds, reviews, reviewsClosed } };
}

/** Events whose effect another event has posted here already. */
function doubledIn(account: Account, { marks }: MovedContent): ReadonlySet<string> {
  const doubled = marks.filter(({ effect, eventId }) => {
    const known = account.marks.get(effect);
    return known !== undefined && known.eventId !== eventId;
  });
  return new Set(doubled.map(({ eventId }) => eventId));
}

/**
 * Repeats with other money that nobody has ruled on yet, from there and from between the two. What a
 * transfer moved depends on its end, which its fact does not say.
 */
export function variantsIn(account: Account, content: MovedContent): readonly Variant[] {
  const doubled = doubledIn(account, content);
  const events = content.lifecycles.flatMap(({ facts }) =>
    facts.flatMap((fact) =>
      fact.kind === 'reported' && doubled.has(fact.event.eventId) && !isTransfer(fact.event)
        ? [fact.event]
        : [],
    ),
  );
  return [...(content.variants ?? []), ...events.map((cause) => ({ cause, side: null }))];
}

/** Of what was told here as well a person has been asked here. */
const variantsOf = (before: Account, merged: Account, content: MovedContent): readonly Review[] =>
  variantsIn(merged, content).flatMap((variant) => {
    if (before.marks.get(variant.cause.eventId)) return [];
    const marks = marksOf(variant.cause, variant.side);
    const subject = marks.find((mark) => merged.marks.get(mark)) ?? marks[0];
    const known = merged.marks.get(subject);
    return known ? variantReview(variant, subject, known) : [];
  });

function mergeCard(account: Account, moved: MovedLifecycle, doubled: ReadonlySet<string>): Merged {
  const cardId = moved.lifecycleId.split('|').slice(2).join('|');
  const before = account.cards.get(moved.lifecycleId) ?? newCard(moved.lifecycleId, cardId);
  const isFresh = freshAmong(factsOfCard(before), doubled);
  const arrived = moved.facts.reduce(withCardFact, newCard(moved.lifecycleId, cardId));
  const joined = moved.facts.filter(isFresh).reduce(withCardFact, before);
  const outcome = withHolds(account, before, matchPurchases(joined, summariesOf(joined)));
  // `withHolds` counted from what was held here; what arrives is held already.
  const correction = moved.booked
    .filter(({ place }) => place === 'held')
    .flatMap(({ amount }) => [line('held', amount, -1n), line('available', amount)]);
  const twice = moved.facts.flatMap((fact) =>
    fact.kind === 'reported' && !isFresh(fact) ? [negated(ownBooking(fact.event))] : [],
  );
  const joint = difference(jointBooking(joined), sum(jointBooking(before), jointBooking(arrived)));
  const booking = sum(outcome.booking, correction, joint, ...twice);
  const names = new Set([...joined.names, ...moved.names]);
  const card = { ...joined, names, booked: sum(before.booked, moved.booked, booking) };
  const cards = account.cards.with(moved.lifecycleId, card);
  const reviews = [...(outcome.reviews ?? []), ...feeReviews(joined, null)];
  return { account: { ...account, cards }, outcome: { ...outcome, booking, reviews } };
}

function mergeOther(
  account: Account,
  moved: MovedLifecycle,
  content: MovedContent,
  doubled: ReadonlySet<string>,
  doubledEffects: ReadonlySet<string>,
): Merged {
  if (moved.lifecycleId.startsWith('address|')) return mergeAddress(account, moved);
  if (!moved.lifecycleId.startsWith('order|'))
    return mergeSingle(account, moved, content, doubledEffects);
  const here = joinedOrder(account, moved.names, null);
  // What posted here by another event was told here again, had it been told here.
  const told = moved.facts
    .map(namedAsMoved(moved.names))
    .flatMap((fact) =>
      fact.kind === 'reported' && doubled.has(fact.event.eventId)
        ? (repeatOf(fact.event, namesIn(fact)) ?? [])
        : [fact],
    );
  const facts = [...here.facts, ...told.filter(freshAmong(here.facts, doubled))];
  const booked = sum(here.booked, moved.booked);
  const target = orderTarget(facts);
  const names = new Set([...here.names, ...moved.names]);
  const order = { ...here, names, facts, booked: target.booking };
  const booking = difference(target.booking, booked);
  return { account: withOrder(account, order), outcome: { booking } };
}

/** Two that arrive may turn out to be one order, so what a person has to look at is known at last. */
function reviewsOfOrders(account: Account, { lifecycles }: MovedContent) {
  const orders = lifecycles
    .filter(({ lifecycleId }) => lifecycleId.startsWith('order|'))
    .map(({ names }) => joinedOrder(account, names, null));
  const once = new Map(orders.map((order) => [order.lifecycleId, order])).values();
  return [...once].map((order) => orderReviews(account, order, orderTarget(order.facts)));
}

function mergeAddress(account: Account, moved: MovedLifecycle): Merged {
  const merged = withAddressFacts(account, { ...moved, names: new Set(moved.names) });
  const reviews = closedAddressReviews(merged, moved.lifecycleId);
  return { account: merged, outcome: { booking: [], reviews } };
}

/** Which arriving facts are not known yet, by themselves or by the effect that they report. */
function freshAmong(known: readonly LifecycleFact[], doubled: ReadonlySet<string>) {
  const ids = new Set(known.map(factIdOf));
  return (fact: LifecycleFact): boolean =>
    !ids.has(factIdOf(fact)) && !(fact.kind === 'reported' && doubled.has(fact.event.eventId));
}

function factIdOf(fact: LifecycleFact): string {
  switch (fact.kind) {
    // One fact, whether it was the first or was ruled to be one beside it.
    case 'separate':
      return `reported|${fact.event.eventId}`;
    case 'reported':
    case 'repeated':
    case 'decided':
      return `${fact.kind}|${fact.event.eventId}`;
    case 'ordered':
      return `ordered|${fact.order.orderId}`;
    case 'expired':
      return `expired|${fact.holdId}|${fact.expiredAt}`;
    case 'withdrawn':
      return `withdrawn|${fact.holdId}`;
    case 'failure-confirmed':
      return `${fact.kind}|${fact.names?.join('|')}`;
  }
}
