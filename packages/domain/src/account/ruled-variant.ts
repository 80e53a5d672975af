import { type Booking, sum } from '../ledger/booking.ts';
import type { Ruling, Variant } from './messages.ts';
import { isOrderEvent } from './order.ts';
import { withOrder } from './order-lifecycle.ts';
import { ruledOrder } from './ruled-order.ts';
import type { Account, Card, Lifecycle, OpenReview } from './state.ts';
import { marksOf, moneyOf } from './variant.ts';

/** The account after a person ruled on a second body, which posted `booking`. */
export function withRuledVariant(
  account: Account,
  { review, variant }: OpenReview,
  ruling: Ruling,
  booking: Booking,
): Account {
  if (variant === null || ruling === 'first-stands') return account;
  const { subject } = review;
  const told = isOrderEvent(variant.cause)
    ? withRuledOrder(account, ruledOrder(account, subject, variant, ruling), booking)
    : withMoney(account, subject, variant, booking);
  return ruling === 'second-stands' ? withStanding(told, subject, variant) : told;
}

/** A third body is weighed against what stands now. */
function withStanding(account: Account, subject: string, { cause, side }: Variant): Account {
  const first = account.marks.get(subject);
  if (!first) return account;
  // By the event that its lifecycle knows, which is still the first where it keeps no facts.
  const isKept = isOrderEvent(cause);
  const stands = {
    eventId: isKept ? cause.eventId : first.eventId,
    deliveryId: cause.source.deliveryId,
    booking: moneyOf(cause, side),
  };
  const told = [subject, ...marksOf(cause, side)].filter(
    (effect) => account.marks.get(effect)?.eventId === first.eventId,
  );
  // That the first was told is known by its own id as well, or it would be asked about once more.
  const marks = [...told, ...(isKept ? [first.eventId] : [])].reduce(
    (known, effect) => known.with(effect, stands),
    account.marks,
  );
  return { ...account, marks };
}

const withRuledOrder = (account: Account, order: Lifecycle | null, booking: Booking): Account =>
  order ? withOrder(account, { ...order, booked: sum(order.booked, booking) }) : account;

/** What a ruling posts moves away with the thing that it is about. */
function withMoney(account: Account, subject: string, variant: Variant, booking: Booking): Account {
  const card = cardOf(account, subject, variant);
  if (card) {
    const ruled = { ...card, booked: sum(card.booked, booking) };
    return { ...account, cards: account.cards.with(card.lifecycleId, ruled) };
  }
  const single = account.lifecycles.get(subject);
  if (!single) return account;
  const ruled = { ...single, booked: sum(single.booked, booking) };
  return { ...account, lifecycles: account.lifecycles.with(subject, ruled) };
}

function cardOf({ cards, marks }: Account, subject: string, { cause }: Variant): Card | undefined {
  const { data, source } = cause;
  if ('cardId' in data) return cards.get(`card|${source.provider}|${data.cardId}`);
  // What is kept of a fee does not say its card, but the card knows of the fee.
  const first = marks.get(subject)?.eventId ?? '';
  const known = cards.entries().find(([, { otherFacts }]) => otherFacts.get(first));
  return known?.[1];
}
