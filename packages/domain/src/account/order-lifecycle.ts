import { type Booking, sum } from '../ledger/booking.ts';
import type { LifecycleFact } from './messages.ts';
import type { Account, Lifecycle } from './state.ts';

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
    lifecycleId: known[0]?.lifecycleId ?? `order|${[...names].sort()[0] ?? ''}`,
    names: allNames,
    facts: fact === null ? facts : [...facts, fact],
    booked,
  };
}

/** Replaces what was known under the order's names by the joined order. */
export function withOrder(account: Account, order: Lifecycle): Account {
  let { lifecycles, orderNames } = account;
  for (const name of order.names) {
    const former = orderNames.get(name);
    if (former !== undefined && former !== order.lifecycleId)
      lifecycles = lifecycles.without(former);
    if (isOrderName(name)) orderNames = orderNames.with(name, order.lifecycleId);
  }
  return { ...account, orderNames, lifecycles: lifecycles.with(order.lifecycleId, order) };
}

const isOrderName = (name: string): boolean => {
  const kind = name.split(':')[1];
  return kind === 'withdrawal' || kind === 'payout';
};
