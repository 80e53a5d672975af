import { type Booking, sum } from '../ledger/booking.ts';
import type { Ruling, Variant } from './messages.ts';
import type { Account, Card, OpenReview } from './state.ts';
import { marksOf, moneyOf } from './variant.ts';

/** The account after a person ruled on a second body, which posted `booking`. */
export function withRuledVariant(
  account: Account,
  { review, variant }: OpenReview,
  ruling: Ruling,
  booking: Booking,
): Account {
  if (variant === null || booking.length === 0) return account;
  const { subject } = review;
  const told = withMoney(account, subject, variant, booking);
  return ruling === 'second-stands' ? withStanding(told, subject, variant) : told;
}

/** A third body is weighed against what stands now. */
function withStanding(account: Account, subject: string, { cause, side }: Variant): Account {
  const first = account.marks.get(subject);
  if (!first) return account;
  // Still by the first event, which is the one that its lifecycle knows.
  const stands = {
    eventId: first.eventId,
    deliveryId: cause.source.deliveryId,
    booking: moneyOf(cause, side),
  };
  const marks = [subject, ...marksOf(cause, side)]
    .filter((effect) => account.marks.get(effect)?.eventId === first.eventId)
    .reduce((known, effect) => known.with(effect, stands), account.marks);
  return { ...account, marks };
}

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
