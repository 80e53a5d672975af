import { isEqualBooking, negated } from '../ledger/booking.ts';
import type { Merged } from './merge-in.ts';
import type { MovedContent, MovedLifecycle, Review } from './messages.ts';
import type { Account } from './state.ts';

/**
 * What posted here already is taken back, also where it did so under another key of its effect. Other
 * money was posted for another event, and then a person looks at the two.
 */
export function mergeSingle(
  account: Account,
  moved: MovedLifecycle,
  { marks }: MovedContent,
  doubledEffects: ReadonlySet<string>,
): Merged {
  const { lifecycleId, booked } = moved;
  if (account.marks.get(lifecycleId) || doubledEffects.has(lifecycleId)) {
    const reviews = booked.length === 0 ? [] : differing(account, lifecycleId, marks);
    return { account, outcome: { booking: negated(booked), reviews } };
  }
  const single = { ...moved, names: new Set(moved.names) };
  const lifecycles = account.lifecycles.with(lifecycleId, single);
  return { account: { ...account, lifecycles }, outcome: { booking: [] } };
}

function differing(
  account: Account,
  lifecycleId: string,
  marks: MovedContent['marks'],
): readonly Review[] {
  const arriving = marks.find(({ effect }) => effect === lifecycleId);
  for (const { effect, eventId } of marks) {
    const known = eventId === arriving?.eventId ? account.marks.get(effect) : undefined;
    if (!known || !arriving || isEqualBooking(known.booking, arriving.booking)) continue;
    const deliveryIds = [known.deliveryId, arriving.deliveryId];
    const reviewId = `variant-differs|${eventId}`;
    return [{ reviewId, reason: 'variant-differs', subject: effect, deliveryIds }];
  }
  return [];
}
