import type { KeptEvent, KeptOf } from '../canonical/kept-event.ts';
import { type Booking, difference, sum } from '../ledger/booking.ts';
import { chargedFor, chargedForAll, transactionOfFee } from './card-fees.ts';
import { directBooking } from './direct-booking.ts';
import { purchaseKeyOf } from './purchase.ts';
import type { Card } from './state.ts';

type Clearing = KeptOf<'ClearingReceived'>;

/** Where clearings state the total so far, those of one purchase and asset share this key. */
export const runningTotalKey = ({ data, eventId, source }: Clearing): string =>
  `${data.amount.asset}|${purchaseKeyOf(source.provider, data.authorizationId ?? data.linkId ?? eventId)}`;

/** The larger total counts; of two equal ones the greater id, so that order decides nothing. */
export function largerTotal(known: Clearing | undefined, next: Clearing): Clearing {
  if (known === undefined) return next;
  const more = statedUnits(next) - statedUnits(known);
  return more > 0n || (more === 0n && next.eventId > known.eventId) ? next : known;
}

const statedUnits = ({ data }: Clearing): bigint =>
  data.fees.reduce(
    (total, { amount }) => total + (amount.asset === data.amount.asset ? amount.units : 0n),
    data.amount.units,
  );

export const isRunningTotal = (event: KeptEvent): event is Clearing =>
  event.type === 'ClearingReceived' && event.data.amountMeans === 'running-total';

/** What a fact posts whatever else is known of its card. A transfer is booked beside its card. */
export const ownBooking = (event: KeptEvent): Booking =>
  isRunningTotal(event) ||
  event.type === 'TransferCompleted' ||
  (event.type === 'FeeCharged' && event.data.relatedTo !== null)
    ? []
    : directBooking(event, null);

/**
 * The posting of one more fact, less a fee that is or was charged twice, and of a running total
 * only what it adds.
 */
export function factBooking(before: Card, after: Card, event: KeptEvent): Booking {
  const transactionId = transactionOfFee(event);
  const charged =
    transactionId === null
      ? []
      : difference(chargedFor(after.fees, transactionId), chargedFor(before.fees, transactionId));
  if (!isRunningTotal(event)) return sum(ownBooking(event), charged);
  const key = runningTotalKey(event);
  return sum(difference(totalBooking(after, key), totalBooking(before, key)), charged);
}

function totalBooking({ runningTotals }: Card, key: string): Booking {
  const largest = runningTotals.get(key);
  return largest === undefined ? [] : directBooking(largest, null);
}

/** All that the card's facts post because of one another. */
export const jointBooking = (card: Card): Booking =>
  sum(
    chargedForAll(card.fees),
    ...card.runningTotals.entries().map(([key]) => totalBooking(card, key)),
  );
