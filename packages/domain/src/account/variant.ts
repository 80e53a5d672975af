import { effectKeysOf } from '../canonical/effect-keys.ts';
import type { CanonicalEvent } from '../canonical/events.ts';
import type { KeptEvent } from '../canonical/kept-event.ts';
import { type Booking, isEqualBooking, line } from '../ledger/booking.ts';
import { directBooking, postsByItself } from './direct-booking.ts';
import { cardIdOf } from './card.ts';
import type { Review, ReviewReason, TransferSide, Variant } from './messages.ts';
import type { Account, EffectMark } from './state.ts';

/**
 * Under which key an effect is remembered: at most one event with this key posts. The two ends of a
 * transfer are two effects; money that leaves is one, whoever has it afterwards.
 */
const markOf = (event: KeptEvent, side: TransferSide | null): string =>
  `${event.effectKey ?? event.eventId}${side === null ? '' : side === 'to' ? '|to' : '|from'}`;

/** What is told anew has the ids by which it goes; what an account keeps of it has not. */
type Marked = KeptEvent & Partial<Pick<CanonicalEvent, 'references'>>;

/** Every key under which the effect is remembered: its own first, then those of its parts. */
export const marksOf = (
  event: Marked,
  side: TransferSide | null,
): readonly [string, ...string[]] => [
  markOf(event, side),
  ...effectKeysOf(event).slice(1),
  ...wholeMarkOf(event),
];

/** A settlement that names no deposit is the same one by our key and by the provider's own id. */
function wholeMarkOf({ type, data, source, references }: Marked): readonly string[] {
  const own = references?.['parentExternalId'];
  const isWhole = type === 'InvoiceSettled' && 'depositIds' in data && data.depositIds.length === 0;
  return isWhole && own !== undefined ? [`${source.provider}|invoice|settled|whole|${own}`] : [];
}

/**
 * The keys of what an event posts by itself, whoever the owner. None for cards and orders: what they
 * post depends on other facts, which are where the card or the order is.
 */
export const postedEffectsOf = (
  event: CanonicalEvent,
  side: TransferSide | null,
): readonly string[] =>
  cardIdOf(event) === null && postsByItself(event) ? marksOf(event, side) : [];

/**
 * As which side an account recorded what it sent: `to` may have become ours only afterwards, and
 * what left then has no other end. Null when it has recorded nothing.
 */
export function sentAs(account: Account, event: CanonicalEvent): 'from' | 'out' | null {
  const mark = account.marks.get(markOf(event, 'from'));
  if (mark === undefined) return null;
  return mark.booking.some(({ place }) => place === 'transit') ? 'from' : 'out';
}

/** The money an event states, for telling a harmless repeat from one that differs. */
export function moneyOf(event: KeptEvent, side: TransferSide | null): Booking {
  const direct = directBooking(event, side);
  if (direct.length > 0) return direct;
  const { data } = event;
  if ('holdTotal' in data) return [line('held', data.holdTotal)];
  if (!('amount' in data) || data.amount === null) return [];
  const fees = 'fees' in data ? data.fees : [];
  return [line('account', data.amount), ...fees.map(({ amount }) => line('fees', amount))];
}

/**
 * A second event for one effect posts nothing; where the money differs, a person rules (R6).
 * `subject` is the key under which the first one is remembered.
 */
export const variantReview = (
  variant: Variant,
  subject: string,
  known: EffectMark,
): readonly Review[] =>
  isEqualBooking(moneyOf(variant.cause, variant.side), known.booking)
    ? []
    : [repeatReview('variant-differs', variant.cause, subject, known)];

/** The same where it names another owner, as closely as the first one did or closer. */
export const ownerReview = (cause: KeptEvent, subject: string, known: EffectMark): Review =>
  repeatReview('owners-disagree', cause, subject, known);

const repeatReview = (
  reason: ReviewReason,
  { eventId, source }: KeptEvent,
  subject: string,
  known: EffectMark,
): Review => ({
  reviewId: `${reason}|${eventId}`,
  reason,
  subject,
  deliveryIds: [known.deliveryId, source.deliveryId],
});
