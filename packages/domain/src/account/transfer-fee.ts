import type { CanonicalEvent } from '../canonical/events.ts';
import { type Booking, difference } from '../ledger/booking.ts';
import { factBooking } from './card-booking.ts';
import { feeReviews } from './card-fees.ts';
import { withStatedTotals } from './card.ts';
import { directBooking } from './direct-booking.ts';
import type { Outcome } from './effect.ts';
import type { FactRecorded, TransferSide } from './messages.ts';
import { type Account, type Card, newCard } from './state.ts';

/**
 * The card at this end of a transfer that states a fee. The sender bears that fee; a fee transaction
 * that repeats it is one of the card, whether the card has sent or received.
 */
export function cardOfTransferFee(
  account: Account,
  event: CanonicalEvent,
  side: TransferSide | null,
): Card | null {
  if (event.type !== 'TransferCompleted' || event.data.fees.length === 0) return null;
  const { kind, provider, externalId } = side === 'to' ? event.data.to : event.data.from;
  if (kind !== 'card') return null;
  const lifecycleId = `card|${provider}|${externalId}`;
  return account.cards.get(lifecycleId) ?? newCard(lifecycleId, externalId);
}

/** What a transfer does beside moving its money: a fee of its card that repeats its own is returned. */
export function transferFeeOutcome(
  account: Account,
  event: CanonicalEvent,
  side: TransferSide | null,
): Required<Pick<Outcome, 'booking' | 'reviews'>> {
  const card = cardOfTransferFee(account, event, side);
  if (card === null) return { booking: [], reviews: [] };
  const stated = withStatedTotals(card, { kind: 'reported', event });
  return { booking: factBooking(card, stated, event), reviews: feeReviews(stated, event) };
}

/** What was posted beyond the transfer itself: it belongs to the card's fees, and moves with the card. */
export const transferFeeIn = (
  account: Account,
  { cause, side }: Pick<FactRecorded, 'cause' | 'side'>,
  posted: Booking,
): Booking =>
  cardOfTransferFee(account, cause, side) === null
    ? []
    : difference(posted, directBooking(cause, side));
