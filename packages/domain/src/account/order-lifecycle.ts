import { type Booking, sum } from '../ledger/booking.ts';
import type { Outcome } from './effect.ts';
import type { LifecycleFact, MovedLifecycle, Review, ReviewReason } from './messages.ts';
import type { OrderReview, OrderTarget } from './order.ts';
import { isOrderName } from './order-fact.ts';
import { movementsOf } from './order-movements.ts';
import type { Account, Lifecycle } from './state.ts';

const orderNamesIn = (names: Iterable<string>): readonly string[] =>
  [...names].filter(isOrderName).sort();

/**
 * The order that goes by any of the names, with one more fact. A fact that carries two names joins
 * what was known under each, so that it does not matter which name was told first.
 */
export function joinedOrder(
  account: Account,
  names: readonly string[],
  fact: LifecycleFact | null,
): Lifecycle {
  const ids = new Set(names.flatMap((name) => account.orderNames.get(name) ?? []));
  const known = [...ids].sort().flatMap((id) => account.lifecycles.get(id) ?? []);
  const facts: LifecycleFact[] = known.flatMap((lifecycle) => lifecycle.facts);
  const booked: Booking = sum(...known.map((lifecycle) => lifecycle.booked));
  const allNames = new Set([...known.flatMap((lifecycle) => [...lifecycle.names]), ...names]);
  return {
    lifecycleId: `order|${orderNamesIn(allNames)[0] ?? ''}`,
    names: allNames,
    facts: fact === null ? facts : [...facts, fact],
    booked,
  };
}

/** Replaces what was known under the order's names by the joined order. */
export function withOrder(account: Account, order: Lifecycle): Account {
  let { lifecycles, orderNames } = account;
  for (const name of orderNamesIn(order.names)) {
    const former = orderNames.get(name);
    if (former !== undefined && former !== order.lifecycleId)
      lifecycles = lifecycles.without(former);
    orderNames = orderNames.with(name, order.lifecycleId);
  }
  return { ...account, orderNames, lifecycles: lifecycles.with(order.lifecycleId, order) };
}

const orderReasons: readonly ReviewReason[] = [
  'order-differs',
  'contradicting-final-states',
  'failure-after-broadcast',
  'ids-disagree',
];

const subjectOf = (name: string): string => `order|${name}`;

/**
 * What a person has to look at, under ids that the same facts give again; and what is over, also
 * under ids that the order had before another name of it was told. A ruling counts for all of them.
 */
export function orderReviews(
  account: Account,
  order: Lifecycle,
  target: OrderTarget,
): Required<Pick<Outcome, 'reviews' | 'reviewsClosed'>> {
  const ids = (reason: ReviewReason, names: Iterable<string>) =>
    orderNamesIn(names).map((name) => `${reason}|${subjectOf(name)}`);
  const isRuled = ({ reason, names }: OrderReview) =>
    ids(reason, names).some((id) => account.done.get(`review|${id}`) !== undefined);
  const reviews = target.reviews
    .filter((review) => !isRuled(review))
    .map(({ reason, names, events }): Review => {
      const subject = subjectOf(orderNamesIn(names)[0] ?? '');
      const deliveryIds = [...new Set(events.map(({ source }) => source.deliveryId))].sort();
      return { reviewId: `${reason}|${subject}`, reason, subject, deliveryIds };
    });
  const calledFor = new Set(reviews.map(({ reviewId }) => reviewId));
  const reviewsClosed = orderReasons
    .flatMap((reason) => ids(reason, order.names))
    .filter((id) => account.reviews.get(id) !== undefined && !calledFor.has(id));
  return { reviews, reviewsClosed };
}

/** The order that a review is about, by whichever of its names it is kept now. */
export function orderOfReview(account: Account, { subject }: Review): Lifecycle | null {
  if (!subject.startsWith(subjectOf(''))) return null;
  const lifecycleId = account.orderNames.get(subject.slice(subjectOf('').length));
  return account.lifecycles.get(lifecycleId ?? '') ?? null;
}

/** Under which subjects an order's reviews may be open. */
export const subjectsOfOrder = ({ lifecycleId, names }: MovedLifecycle): readonly string[] =>
  lifecycleId.startsWith(subjectOf('')) ? orderNamesIn(names).map(subjectOf) : [];

/** A person has confirmed that what the review is about did not leave, and of nothing else. */
export function failureConfirmed(order: Lifecycle, { subject }: Review): LifecycleFact {
  const { movements } = movementsOf(order.facts);
  const about = movements.find(({ names }) => names.map(subjectOf).includes(subject));
  return { kind: 'failure-confirmed', names: about?.names ?? [] };
}
