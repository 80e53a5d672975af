import type { KeptEvent } from '../canonical/kept-event.ts';
import { isRunningTotal, largerTotal, runningTotalKey } from './card-booking.ts';
import { withoutFees } from './card-fees.ts';
import { isUnmatched, summarize } from './purchase.ts';
import type { Card, Purchase } from './state.ts';

/** The card as if the fact had not been told. */
export function withoutCardFact(card: Card, event: KeptEvent): Card {
  const less = withoutPurchaseFact(card, event.eventId);
  const known = {
    ...less,
    fees: withoutFees(card.fees, event),
    otherFacts: card.otherFacts.without(event.eventId),
  };
  return isRunningTotal(event) ? withTotalOfRest(known, runningTotalKey(event)) : known;
}

function withoutPurchaseFact(card: Card, eventId: string): Card {
  const [key, purchase] = card.purchases
    .entries()
    .find(([, { facts }]) => facts.some((fact) => isTold(fact, eventId))) ?? ['', null];
  if (purchase === null) return card;
  const facts = purchase.facts.filter((fact) => !isTold(fact, eventId));
  const less = { ...purchase, facts };
  const isGone = purchase.decision === null && facts.length === 0;
  const isWaiting = !isGone && purchase.decision === null && isUnmatched(summarize(less));
  return {
    ...card,
    purchases: isGone ? card.purchases.without(key) : card.purchases.with(key, less),
    unmatched: isWaiting ? card.unmatched.with(key, true) : card.unmatched.without(key),
  };
}

const isTold = (fact: Purchase['facts'][number], eventId: string): boolean =>
  fact.kind === 'reported' && fact.event.eventId === eventId;

function withTotalOfRest(card: Card, key: string): Card {
  const rest = card.purchases
    .entries()
    .flatMap(([, { facts }]) => facts)
    .flatMap((fact) =>
      fact.kind === 'reported' && isRunningTotal(fact.event) && runningTotalKey(fact.event) === key
        ? [fact.event]
        : [],
    );
  const [first, ...others] = rest;
  const { runningTotals } = card;
  return {
    ...card,
    runningTotals: first
      ? runningTotals.with(key, others.reduce(largerTotal, first))
      : runningTotals.without(key),
  };
}
