import type { KeptEvent } from '../canonical/kept-event.ts';
import type { LifecycleFact, Ruling, Variant } from './messages.ts';
import { isSeparable } from './order.ts';
import { namesIn, ownNamesOf, repeatOf } from './order-fact.ts';
import type { Account, Lifecycle } from './state.ts';

/**
 * The order with the facts as a person ruled them; what they call for then follows from them, also
 * with whatever is told later. Null where the ruling cannot be carried out on this order.
 */
export function ruledOrder(
  account: Account,
  subject: string,
  { cause }: Variant,
  ruling: Ruling,
): Lifecycle | null {
  const first = account.marks.get(subject);
  const [order] = ownNamesOf(cause).flatMap(
    (name) => account.lifecycles.get(account.orderNames.get(name) ?? '') ?? [],
  );
  if (!first || !order) return null;
  if (ruling === 'separate')
    return isSeparable(cause)
      ? { ...order, facts: [...order.facts, { kind: 'separate', event: cause }] }
      : null;
  const facts = replaced(order.facts, first.eventId, cause);
  return facts && { ...order, facts };
}

/** That the money was sent stays known, whichever body told it (R16). */
function replaced(
  facts: readonly LifecycleFact[],
  firstId: string,
  second: KeptEvent,
): readonly LifecycleFact[] | null {
  const at = facts.findIndex((fact) => fact.kind === 'reported' && fact.event.eventId === firstId);
  const first = facts[at];
  if (first?.kind !== 'reported') return null;
  const sent = repeatOf(first.event, namesIn(first));
  return [...facts.with(at, { ...first, event: second }), ...(sent ? [sent] : [])];
}
