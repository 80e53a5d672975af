import { type OrderKind, orderNamesOf, referenceKey, referenceOf } from '@counterfoil/domain';
import { causeOf, type RecordedEvent, reviewsClosedBy, reviewsOpenedBy } from '../ledger-event.ts';

/** The order that an event is about: its own name first, then every other name the event gives it. */
export type NamedOrder = Readonly<{
  kind: OrderKind;
  provider: string;
  orderId: string;
  names: readonly string[];
}>;

export function orderNamedBy(recorded: RecordedEvent): NamedOrder | null {
  const { event } = recorded;
  if (event.type === 'OrderPlaced') {
    const { kind, provider, orderId } = event.data.order;
    const name = referenceKey({ provider, kind, externalId: orderId });
    return { kind, provider, orderId, names: [name] };
  }
  const cause = causeOf(recorded);
  if (cause === null) return null;
  const names = orderNamesOf(cause, 'side' in event.data ? event.data.side : null);
  const own = referenceOf(names[0] ?? '');
  if (own === null || (own.kind !== 'payout' && own.kind !== 'withdrawal')) return null;
  return { kind: own.kind, provider: own.provider, orderId: own.externalId, names };
}

const reviewedOrder = 'order|';

/** Reviews are kept among the names, so that a resolution finds its order. */
export const nameOfReview = (reviewId: string): string => `review|${reviewId}`;

/** The name of the order that a review of this subject is about; null for another subject. */
export const nameInSubject = (subject: string): string | null =>
  subject.startsWith(reviewedOrder) ? subject.slice(reviewedOrder.length) : null;

/** The orders among what moves between two accounts, by their names. */
export function movedOrders({ event }: RecordedEvent) {
  if (event.type !== 'MoneyMovedIn' && event.type !== 'MoneyMovedOut') return [];
  return event.data.content.lifecycles.flatMap(({ lifecycleId, names, booked }) => {
    const first = nameInSubject(lifecycleId);
    if (first === null) return [];
    const orderNames = names.filter((name) => /^[^:]+:(?:payout|withdrawal):/.test(name));
    return [{ names: [...new Set([first, ...orderNames])], booked }];
  });
}

/** Every name that a batch needs to look up. */
export const namesIn = (recorded: RecordedEvent): readonly string[] => [
  ...(orderNamedBy(recorded)?.names ?? []),
  ...movedOrders(recorded).flatMap(({ names }) => names),
  ...reviewsOpenedBy(recorded).flatMap(({ reviewId, subject }) => [
    nameOfReview(reviewId),
    ...(nameInSubject(subject) === null ? [] : [nameInSubject(subject) ?? '']),
  ]),
  ...reviewsClosedBy(recorded).map(nameOfReview),
];
