import { type Booking, sum } from '../ledger/booking.ts';
import type { Outcome } from './effect.ts';
import type { LifecycleFact, Review, ReviewReason } from './messages.ts';
import type { OrderTarget } from './order.ts';
import type { Account, Lifecycle } from './state.ts';

const isOrderName = (name: string): boolean => {
  const kind = name.split(':')[1];
  return kind === 'withdrawal' || kind === 'payout';
};

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
];

/**
 * What a person has to look at, under ids that the same facts give again; and what is over, also
 * under ids that the order had before another name of it was told. A ruling counts for all of them.
 */
export function orderReviews(
  account: Account,
  order: Lifecycle,
  target: OrderTarget,
): Required<Pick<Outcome, 'reviews' | 'reviewsClosed'>> {
  const ids = (reason: ReviewReason) =>
    orderNamesIn(order.names).map((name) => `${reason}|order|${name}`);
  const isRuled = (reason: ReviewReason) =>
    ids(reason).some((id) => account.done.get(`review|${id}`) !== undefined);
  const reviews = target.reviews
    .filter(({ reason }) => !isRuled(reason))
    .map(
      ({ reason, events }): Review => ({
        reviewId: `${reason}|${order.lifecycleId}`,
        reason,
        subject: order.lifecycleId,
        deliveryIds: events.map(({ source }) => source.deliveryId).sort(),
      }),
    );
  const calledFor = new Set(reviews.map(({ reviewId }) => reviewId));
  const reviewsClosed = orderReasons
    .flatMap(ids)
    .filter((id) => account.reviews.get(id) !== undefined && !calledFor.has(id));
  return { reviews, reviewsClosed };
}
