import type { KeptEvent } from '../canonical/kept-event.ts';
import { type Booking, isEqualBooking, line, sum } from '../ledger/booking.ts';
import { againstAvailable, feeLines } from './direct-booking.ts';
import { persistentMap } from '../persistent-map.ts';
import type { Review } from './messages.ts';
import type { Card, CardFee, CardFees } from './state.ts';

// A fee without a transaction may belong to one of the same day (4pay decision 7).
const dayMs = 86_400_000;
const repeatWithinMs = dayMs;
// Facts come days late at worst; the bounds keep each comparison short.
const keptMs = 30 * dayMs;
const daysBeforePruning = 60;
const unrelatedBeforePruning = 200;

/**
 * The fees of a card with those of one more fact. 4pay: a fee that repeats the fee stated with its
 * transaction is not charged again, whichever of the two is told first (4pay decision 7).
 */
export function withFees(fees: CardFees, event: KeptEvent): CardFees {
  if (event.type === 'FeeCharged') {
    const fee = feeOf(event, [line('fees', event.data.amount)]);
    const { relatedTo } = event.data;
    return relatedTo === null
      ? { ...fees, unrelated: recent([...fees.unrelated, fee], fee.at) }
      : { ...fees, charges: withMore(fees.charges, relatedTo, fee) };
  }
  const stated = statedFeeOf(event);
  if (stated === null) return fees;
  const dated = recentDays(withMore(fees.dated, dayOf(stated.fee.at), stated.fee), stated.fee.at);
  return { ...fees, dated, stated: withMore(fees.stated, stated.transactionId, stated.fee) };
}

/** The fees of a card as if the fact had not been told. */
export function withoutFees(fees: CardFees, event: KeptEvent): CardFees {
  const { eventId } = event;
  if (event.type === 'FeeCharged') {
    const { relatedTo } = event.data;
    return relatedTo === null
      ? { ...fees, unrelated: fees.unrelated.filter((fee) => fee.eventId !== eventId) }
      : { ...fees, charges: withLess(fees.charges, relatedTo, eventId) };
  }
  const told = statedFeeOf(event);
  if (told === null) return fees;
  const dated = withLess(fees.dated, dayOf(told.fee.at), eventId);
  return { ...fees, dated, stated: withLess(fees.stated, told.transactionId, eventId) };
}

const withLess = (known: CardFees['stated'], key: string, eventId: string): CardFees['stated'] =>
  known.with(
    key,
    (known.get(key) ?? []).filter((fee) => fee.eventId !== eventId),
  );

const withMore = (known: CardFees['stated'], key: string, fee: CardFee): CardFees['stated'] =>
  known.with(key, [...(known.get(key) ?? []), fee]);

const recent = (fees: readonly CardFee[], now: number): readonly CardFee[] =>
  fees.length < unrelatedBeforePruning ? fees : fees.filter(({ at }) => at >= now - keptMs);

const dayOf = (at: number): string => `${Math.floor(at / dayMs)}`;

function recentDays(days: CardFees['dated'], now: number): CardFees['dated'] {
  if (days.size < daysBeforePruning) return days;
  const oldest = Number(dayOf(now - keptMs));
  return persistentMap(days.entries().filter(([day]) => Number(day) >= oldest));
}

/** The stated fees of the day before, the same day and the day after, in this order. */
const statedAround = ({ dated }: CardFees, at: number): readonly CardFee[] =>
  [at - dayMs, at, at + dayMs].flatMap((day) => dated.get(dayOf(day)) ?? []);

const feeOf = (event: KeptEvent, booking: Booking): CardFee => ({
  eventId: event.eventId,
  at: event.occurredAt,
  deliveryId: event.source.deliveryId,
  booking,
});

/** The fee an event states for its transaction, when it names one outright. */
function statedFeeOf(event: KeptEvent): Readonly<{ transactionId: string; fee: CardFee }> | null {
  switch (event.type) {
    case 'AuthorizationConfirmed':
    case 'ClearingReceived': {
      const { authorizationId, fees } = event.data;
      if (authorizationId === null || fees.length === 0) return null;
      return { transactionId: authorizationId, fee: feeOf(event, feeLines(fees)) };
    }
    case 'TransferCompleted':
      if (event.data.fees.length === 0) return null;
      return {
        transactionId: event.data.transferId,
        fee: feeOf(event, feeLines(event.data.fees)),
      };
    case 'RefundReceived':
      if (event.data.fees.length === 0) return null;
      return {
        transactionId: event.data.refundId,
        fee: feeOf(event, feeLines(event.data.fees)),
      };
    default:
      return null;
  }
}

/** The transaction whose charges a fact may change; null for most facts. */
export const transactionOfFee = (event: KeptEvent): string | null =>
  event.type === 'FeeCharged' ? event.data.relatedTo : (statedFeeOf(event)?.transactionId ?? null);

/** What the charges for one transaction post: those that do not repeat a fee it states. */
export function chargedFor({ stated, charges }: CardFees, transactionId: string): Booking {
  const repeatable = stated.get(transactionId) ?? [];
  const posted = (charges.get(transactionId) ?? []).filter(
    ({ booking }) => !repeatable.some((fee) => isEqualBooking(fee.booking, booking)),
  );
  return againstAvailable(sum(...posted.map(({ booking }) => booking)));
}

/** What all charges that name a transaction post. */
export const chargedForAll = (fees: CardFees): Booking =>
  sum(...fees.charges.entries().map(([transactionId]) => chargedFor(fees, transactionId)));

/** A fee without its transaction that equals one stated within a day of it: a person looks. */
export function feeReviews({ lifecycleId, fees }: Card, event: KeptEvent | null) {
  const isNew = ({ eventId }: CardFee) => event === null || eventId === event.eventId;
  return fees.unrelated.flatMap((charge): Review[] => {
    const repeated = statedAround(fees, charge.at).find(
      (stated) =>
        (isNew(charge) || isNew(stated)) &&
        Math.abs(stated.at - charge.at) <= repeatWithinMs &&
        isEqualBooking(stated.booking, charge.booking),
    );
    if (!repeated) return [];
    const reason = 'fee-may-repeat';
    const reviewId = `${reason}|${lifecycleId}|${charge.eventId}`;
    const deliveryIds = [charge.deliveryId, repeated.deliveryId].sort();
    return [{ reviewId, reason, subject: lifecycleId, deliveryIds }];
  });
}
