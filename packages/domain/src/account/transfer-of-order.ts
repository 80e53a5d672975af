import { type Booking, difference } from '../ledger/booking.ts';
import { directBooking } from './direct-booking.ts';
import type { FactRecorded } from './messages.ts';
import { orderNamesOf } from './order-fact.ts';
import { bookingIn } from './with-effect.ts';

/**
 * What was posted beyond the transfer itself: it belongs to the order that the transfer carries out,
 * while the money that was transferred stands by itself and has another end.
 */
export const reserveEndedIn = ({ cause, side, effect }: FactRecorded): Booking =>
  orderNamesOf(cause, side).length === 0
    ? []
    : difference(bookingIn(effect), directBooking(cause, side));
