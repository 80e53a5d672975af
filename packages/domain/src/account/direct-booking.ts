import type { KeptEvent } from '../canonical/kept-event.ts';
import type { Fee } from '../canonical/envelope.ts';
import { type Booking, line, sum } from '../ledger/booking.ts';
import type { TransferSide } from './messages.ts';

export const feeLines = (fees: readonly Fee[]): Booking =>
  sum(fees.map(({ amount }) => line('fees', amount)));

/** Completes lines of provider places by what the account gives or receives for them. */
export const againstAvailable = (lines: Booking): Booking =>
  sum(
    lines,
    lines.map(({ amount }) => line('available', amount, -1n)),
  );

/**
 * What a fact posts by itself, once, whatever else is known. Empty for facts without money, and for
 * those whose effect depends on other facts: authorizations and orders.
 */
export function directBooking(event: KeptEvent, side: TransferSide | null): Booking {
  switch (event.type) {
    case 'ClearingReceived':
      return againstAvailable(
        sum([line('clearing', event.data.amount)], feeLines(event.data.fees)),
      );
    case 'RefundReceived': {
      const { amount, fees, feesAre } = event.data;
      const sign = feesAre === 'charged' ? 1n : -1n;
      const withFees = fees.map((fee) => line('fees', fee.amount, sign));
      return againstAvailable(sum([line('clearing', amount, -1n)], withFees));
    }
    case 'DepositConfirmed': {
      const { net, fees, isDelivered } = event.data;
      const source = isDelivered ? 'account' : 'in-transit';
      const charged = feeLines(fees);
      const given = charged.map(({ amount }) => line(source, amount, -1n));
      return sum(againstAvailable([line(source, net, -1n)]), charged, given);
    }
    case 'InvoiceSettled': {
      const { net, fees } = event.data;
      const charged = feeLines(fees);
      const given = charged.map(({ amount }) => line('account', amount, -1n));
      return sum(againstAvailable([line('account', net, -1n)]), charged, given);
    }
    case 'FundsDelivered': {
      const { amount, purpose, fees = [] } = event.data;
      const credited = purpose === 'holder-deposit' ? 'in-transit' : 'available';
      const charged = feeLines(fees);
      const given = charged.map((fee) => line(credited, fee.amount, -1n));
      return sum([line('account', amount, -1n), line(credited, amount)], charged, given);
    }
    case 'TransferCompleted':
      return transferBooking(event.data.amount, event.data.fees, side);
    case 'FeeCharged':
      return againstAvailable([line('fees', event.data.amount)]);
    default:
      return [];
  }
}

/** Whether a fact has money that it posts by itself, whatever else is known. */
export const postsByItself = (event: KeptEvent): boolean => directBooking(event, null).length > 0;

/** The sender bears the fee. Both ends meet in transit, each in its own transaction. */
function transferBooking(
  amount: Parameters<typeof line>[1],
  fees: readonly Fee[],
  side: TransferSide | null,
): Booking {
  if (side === 'to') return againstAvailable([line('transit', amount, -1n)]);
  const far = side === 'out' ? 'account' : 'transit';
  return againstAvailable(sum([line(far, amount)], feeLines(fees)));
}
