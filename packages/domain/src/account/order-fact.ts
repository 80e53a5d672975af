import type { CanonicalEvent } from '../canonical/events.ts';
import { byTime, type KeptEvent } from '../canonical/kept-event.ts';
import { referenceKey } from '../reference/reference.ts';
import type { LifecycleFact, Order, TransferSide } from './messages.ts';

export const isOrderEvent = (event: KeptEvent): boolean =>
  event.type.startsWith('Withdrawal') || event.type.startsWith('Payout');

export const isOrderName = (name: string): boolean => {
  const kind = name.split(':')[1];
  return kind === 'withdrawal' || kind === 'payout';
};

/** A transfer may carry out an order of the side that pays, and one that failed may be of an order. */
const isTransferOfOrder = (event: KeptEvent, side: TransferSide | null): boolean =>
  event.type === 'TransferFailed' ||
  // What a card sends belongs to the card's story, with the fee that it states.
  (event.type === 'TransferCompleted' &&
    (side === 'from' || side === 'out') &&
    event.data.from.kind !== 'card');

/**
 * Every name of the order that an event carries: the provider's own id first, then ours. None where
 * the event is about no order.
 */
export function orderNamesOf(event: CanonicalEvent, side: TransferSide | null): readonly string[] {
  if (!isOrderEvent(event) && !isTransferOfOrder(event, side)) return [];
  const owners = event.owners.map(referenceKey).filter(isOrderName);
  return [...new Set([...ownNamesOf(event), ...owners])];
}

/** By the id that the fact itself states; none for what is about no order. */
export function ownNamesOf({ data, source: { provider } }: KeptEvent): readonly string[] {
  if ('payoutId' in data)
    return [referenceKey({ provider, kind: 'payout', externalId: data.payoutId })];
  return 'withdrawalId' in data && data.withdrawalId !== null
    ? [referenceKey({ provider, kind: 'withdrawal', externalId: data.withdrawalId })]
    : [];
}

/** An event as a fact of its order, which keeps how the order was called in it. */
export const orderFactOf = (
  event: KeptEvent,
  names: readonly string[],
): Extract<LifecycleFact, { kind: 'reported' }> => ({ kind: 'reported', event, names });

/**
 * What counts of a repeat whatever the first body said: that the money was sent (R16), and a name.
 * Of a transfer every name is one that the first may have left out.
 */
export const repeatOf = (event: KeptEvent, names: readonly string[]): LifecycleFact | null =>
  hasChainHash(event) || names.length > (isOrderEvent(event) ? 1 : 0)
    ? { kind: 'repeated', event, names }
    : null;

/** A build of before moved facts without their names: all of their order's count as told of each. */
export const namedAsMoved =
  (moved: readonly string[]) =>
  (fact: LifecycleFact): LifecycleFact => {
    const isEvent =
      fact.kind === 'reported' || fact.kind === 'repeated' || fact.kind === 'separate';
    if (!(isEvent || fact.kind === 'failure-confirmed') || fact.names !== undefined) return fact;
    const own = isEvent ? ownNamesOf(fact.event) : [];
    return { ...fact, names: [...new Set([...own, ...moved.filter(isOrderName)])] };
  };

/** How the order is called in a fact, as the provider calls it first. */
export function namesIn(fact: LifecycleFact): readonly string[] {
  if (fact.kind === 'ordered') return [nameOfOrder(fact.order)];
  if (fact.kind !== 'reported' && fact.kind !== 'repeated' && fact.kind !== 'separate') return [];
  return fact.names ?? ownNamesOf(fact.event);
}

export const nameOfOrder = ({ provider, kind, orderId }: Order): string =>
  referenceKey({ provider, kind, externalId: orderId });

export const hasChainHash = ({ data }: KeptEvent): boolean =>
  'chainHash' in data && data.chainHash != null;

/** A part of a mass payout names the withdrawal inside; the whole names none. */
const isWhole =
  (...types: readonly KeptEvent['type'][]) =>
  (event: KeptEvent): boolean =>
    types.includes(event.type) && !isPart(event);

export const isPart = ({ type, data }: KeptEvent): boolean =>
  type.startsWith('Payout') && 'withdrawalId' in data && data.withdrawalId !== null;

export const isCompletion = isWhole('WithdrawalCompleted', 'PayoutCompleted');
export const isFailure = isWhole('WithdrawalFailed', 'PayoutReturned', 'TransferFailed');
export const isTransfer = isWhole('TransferCompleted');

/** All that was told, also by a second body. */
export const eventsIn = (facts: readonly LifecycleFact[]): readonly KeptEvent[] =>
  facts
    .flatMap((fact) => (fact.kind === 'reported' || fact.kind === 'repeated' ? [fact.event] : []))
    .sort(byTime);
