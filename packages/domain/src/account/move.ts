import { type Booking, isBucket, line, negated, sum } from '../ledger/booking.ts';
import { type Reference, referenceKey } from '../reference/reference.ts';
import { factsOfCard } from './card.ts';
import { subjectsOf } from './contradictions.ts';
import type { Outcome } from './effect.ts';
import type { HoldChange, MovedContent, MovedLifecycle } from './messages.ts';
import { firstPart } from './move-part.ts';
import { subjectsOfOrder } from './order-lifecycle.ts';
import { holdIdOf, holdMoneyOf, originOf, summarize } from './purchase.ts';
import type { Account, Card } from './state.ts';

/**
 * The next part, of about `lengthMax` characters, of everything in this account that names the
 * reference, as it will stand at the new owner. An account that was opened for the reference gives
 * all it has.
 */
export function contentNaming(
  account: Account,
  reference: Reference,
  lengthMax: number,
): MovedContent {
  const name = referenceKey(reference);
  const isAll = account.openedFor !== null && referenceKey(account.openedFor) === name;
  const cards = cardsNaming(account, name, isAll).map(
    (card): MovedLifecycle => ({
      lifecycleId: card.lifecycleId,
      names: [...card.names].sort(),
      facts: factsOfCard(card),
      booked: card.booked,
    }),
  );
  const others = account.lifecycles
    .entries()
    .filter(([, lifecycle]) => isAll || lifecycle.names.has(name))
    .map(([, lifecycle]) => ({ ...lifecycle, names: [...lifecycle.names].sort() }));
  const lifecycles = [...cards, ...others].sort((left, right) =>
    left.lifecycleId < right.lifecycleId ? -1 : 1,
  );
  // What a transfer did is marked for each of its ends, of which the other may stay.
  const events = new Set<string>(
    lifecycles.flatMap(({ facts }) =>
      facts.map((fact) =>
        'event' in fact && fact.event.type !== 'TransferCompleted' ? fact.event.eventId : '',
      ),
    ),
  );
  const ids = new Set(lifecycles.map(({ lifecycleId }) => lifecycleId));
  const marks = account.marks
    .entries()
    // Where a mark went along without its money, that would count as told twice when it follows.
    .filter(([, { hasLeft }]) => hasLeft === undefined)
    .filter(([effect, mark]) => isAll || ids.has(effect) || events.has(mark.eventId))
    .map(([effect, { eventId, deliveryId, booking }]) => ({
      effect,
      eventId,
      deliveryId,
      booking,
    }));
  const effects = new Set(marks.map(({ effect }) => effect));
  const variants = account.reviews.entries().flatMap(
    ([
      ,
      {
        review: { subject },
        variant,
      },
    ]) => (variant && effects.has(subject) ? [{ subject, variant }] : []),
  );
  return firstPart({ lifecycles, marks, variants }, lengthMax);
}

const cardsNaming = (account: Account, name: string, isAll: boolean): readonly Card[] =>
  account.cards
    .entries()
    .map(([, card]) => card)
    .filter(({ names }) => isAll || names.has(name));

/** What is on the account's own places because of the content. */
export const bucketsOf = (content: MovedContent): Booking =>
  sum(...content.lifecycles.map(({ booked }) => booked)).filter(({ place }) => isBucket(place));

/** Everything of the content leaves for transit, and its holds end here. */
export function moveOutOutcome(account: Account, content: MovedContent): Outcome {
  const leaving = bucketsOf(content);
  const booking = sum(
    negated(leaving),
    leaving.map(({ amount }) => line('transit', amount)),
  );
  const ids = new Set(
    content.lifecycles.flatMap((moved) => [moved.lifecycleId, ...subjectsOfOrder(moved)]),
  );
  const holds = account.cards
    .entries()
    .filter(([lifecycleId]) => ids.has(lifecycleId))
    .flatMap(([, card]) =>
      card.purchases.entries().flatMap(([, purchase]) => ended(card, purchase)),
    );
  const subjects = subjectsOf(content.marks.map(({ effect }) => effect));
  const reviewsClosed = account.reviews
    .entries()
    .filter(([, { review }]) => ids.has(review.subject) || subjects.has(review.subject))
    .map(([reviewId]) => reviewId);
  return { booking, holds, reviewsClosed };
}

function ended(card: Card, purchase: Parameters<typeof summarize>[0]): readonly HoldChange[] {
  const summary = summarize(purchase);
  const money = holdMoneyOf(summary);
  const origin = originOf(summary);
  if (purchase.held === 0n || !money || !origin) return [];
  return [
    {
      holdId: holdIdOf(card.lifecycleId, purchase.purchaseKey),
      provider: origin.provider,
      cardId: card.cardId,
      authorizationId: origin.authorizationId,
      held: { asset: money.asset, units: 0n },
      isConfirmed: summary.confirmation !== null,
      expiresAt: origin.receivedAt,
    },
  ];
}

/** The account without what has left, but that it has been told of it. */
export function withoutContent(account: Account, content: MovedContent): Account {
  let { cards, lifecycles, marks } = account;
  for (const { lifecycleId } of content.lifecycles) {
    cards = cards.without(lifecycleId);
    lifecycles = lifecycles.without(lifecycleId);
  }
  for (const { effect, ...mark } of content.marks)
    marks = marks.with(effect, { ...mark, hasLeft: true });
  return { ...account, cards, lifecycles, marks };
}

/** The account as one that does not know what has left it and comes back, and takes what is told of it. */
export function expecting(
  account: Account,
  reference: Reference,
  { lifecycles, marks: arriving }: MovedContent,
): Account {
  let { marks, moved } = account;
  for (const { effect } of arriving) if (marks.get(effect)?.hasLeft) marks = marks.without(effect);
  for (const name of [referenceKey(reference), ...lifecycles.flatMap(({ names }) => names)])
    moved = moved.without(name);
  return { ...account, marks, moved };
}
