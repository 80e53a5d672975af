import { type Booking, sum } from '../ledger/booking.ts';
import type { Ruling, Variant } from './messages.ts';
import { isOrderEvent } from './order-fact.ts';
import { withOrder } from './order-lifecycle.ts';
import { cardOf, ruledCard } from './ruled-card.ts';
import { ruledOrder } from './ruled-order.ts';
import type { Account, Card, OpenReview } from './state.ts';
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
  const told = withRuledFacts(account, subject, variant, ruling, booking);
  const changed = told ?? withMoney(account, subject, variant, booking);
  return ruling === 'second-stands'
    ? withStanding(changed, subject, variant, told !== null)
    : changed;
}

/** Null where no facts are kept of what was ruled on. */
function withRuledFacts(
  account: Account,
  subject: string,
  variant: Variant,
  ruling: Ruling,
  booking: Booking,
): Account | null {
  if (isOrderEvent(variant.cause)) {
    const order = ruledOrder(account, subject, variant, ruling);
    return order && withOrder(account, { ...order, booked: sum(order.booked, booking) });
  }
  const card = ruledCard(account, subject, variant, ruling)?.after;
  return card ? withCard(account, card, booking) : null;
}

const withCard = (account: Account, card: Card, booking: Booking): Account => {
  const ruled = { ...card, booked: sum(card.booked, booking) };
  return { ...account, cards: account.cards.with(card.lifecycleId, ruled) };
};

/** A third body is weighed against what stands now. */
function withStanding(
  account: Account,
  subject: string,
  { cause, side }: Variant,
  isKept: boolean,
): Account {
  const first = account.marks.get(subject);
  if (!first) return account;
  // By the event that its lifecycle knows, which is still the first where it keeps no facts.
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

/** What a ruling posts moves away with the thing that it is about. */
function withMoney(account: Account, subject: string, variant: Variant, booking: Booking): Account {
  const card = cardOf(account, subject, variant.cause);
  if (card) return withCard(account, card, booking);
  const single = account.lifecycles.get(subject);
  if (!single) return account;
  const ruled = { ...single, booked: sum(single.booked, booking) };
  return { ...account, lifecycles: account.lifecycles.with(subject, ruled) };
}
