import { keptEvent } from '../canonical/kept-event.ts';
import { referenceKey } from '../reference/reference.ts';
import { type Booking, difference, sum } from '../ledger/booking.ts';
import { invariant } from '../result.ts';
import { addressLifecycleId, withAddressFacts } from './closed-address.ts';
import {
  cardIdOf,
  cardLifecycleId,
  lifecycleIdOf,
  withCardFact,
  withHoldChange,
  withRecordedFact,
} from './card.ts';
import { findHold } from './find-hold.ts';
import type { AccountEvent, Effect, FactRecorded, LifecycleFact, Ruling } from './messages.ts';
import { mergeIn, variantsIn } from './merge-in.ts';
import { expecting, withoutContent } from './move.ts';
import { isOrderEvent, nameOfOrder, orderFactOf, orderNamesOf, repeatOf } from './order-fact.ts';
import { failureConfirmed, joinedOrder, orderOfReview, withOrder } from './order-lifecycle.ts';
import { saidOf, thingOf } from './contradictions.ts';
import { takersOf } from './record-fact.ts';
import { withRuledVariant } from './ruled-variant.ts';
import { cardOfTransferFee, transferFeeIn } from './transfer-fee.ts';
import { reserveEndedIn } from './transfer-of-order.ts';
import { marksOf, moneyOf } from './variant.ts';
import { balancesAfter, bookingIn, withEffect, withReviews } from './with-effect.ts';
import { type Account, accountWith, type Card, cardWith, newCard } from './state.ts';

/** Total over recorded history; amounts come from the recorded postings, never from a rule. */
export function evolve(account: Account, event: AccountEvent): Account {
  invariant(
    account.owner !== null || event.type === 'AccountOpened',
    `${event.type} in an account that is not open`,
  );
  switch (event.type) {
    case 'AccountOpened':
      return {
        ...account,
        owner: event.data.owner,
        openedFor: event.data.openedFor,
        status: 'active',
      };
    case 'AccountFrozen':
      return { ...account, status: 'frozen' };
    case 'AccountUnfrozen':
      return { ...account, status: 'active' };
    case 'AccountClosed':
      return { ...account, status: 'closed' };
    case 'CreditLimitSet': {
      const { asset, units } = event.data.limit;
      return { ...account, creditLimits: new Map(account.creditLimits).set(asset, units) };
    }
    case 'AdjustmentPosted': {
      const { adjustmentId, amount, direction } = event.data;
      const asked = `${direction} ${amount.units} ${amount.asset}`;
      const done = account.done.with(`adjustment|${adjustmentId}`, asked);
      return withEffect({ ...account, done }, event.data.effect);
    }
    case 'OrderPlaced': {
      const { order, effect } = event.data;
      return withOrderFact(account, [nameOfOrder(order)], { kind: 'ordered', order }, effect);
    }
    case 'HoldPlaced':
      return withDecision(account, event.data, true, null);
    case 'AuthorizationDeclined':
      return withDecision(account, event.data, false, event.data.reason);
    case 'EffectRepeated':
      return withRepeat(account, event.data);
    case 'ApprovalWithdrawn':
      return withCardChange(account, { kind: 'withdrawn', holdId: event.data.holdId }, event.data);
    case 'HoldExpired': {
      const { holdId, expiredAt } = event.data;
      return withCardChange(account, { kind: 'expired', holdId, expiredAt }, event.data);
    }
    case 'MoneyMovedOut': {
      const { reference, to, content, effect, moveId } = event.data;
      const moved = account.moved.with(referenceKey(reference), to);
      const done = account.done.with(`move|${moveId}`, to);
      const movesOut = account.movesOut.with(moveId, content);
      return withEffect({ ...withoutContent(account, content), moved, done, movesOut }, effect);
    }
    case 'MoneyMovedIn': {
      const { content, effect, moveId, from, reference } = event.data;
      const before = expecting(account, reference, content);
      const merged = mergeIn(before, content).account;
      const done = merged.done.with(`move|${moveId}`, from);
      const variants = variantsIn(before, content);
      return withHoldChanges(withEffect({ ...merged, done }, effect, variants), effect);
    }
    case 'ReviewResolved':
      return withRuling(account, event.data.reviewId, event.data.ruling, event.data.effect);
    default:
      return withFact(account, event.data);
  }
}

function withFact(account: Account, data: FactRecorded): Account {
  const { cause, side, effect } = data;
  const [mark, ...parts] = marksOf(cause, side);
  const said = saidOf(cause);
  const marks = [mark, ...parts].reduce(
    (known, effect) => known.with(effect, markFor(data)),
    account.marks,
  );
  const marked = {
    ...account,
    marks: said === null ? marks : marks.with(said, markFor(data)),
  };
  const fact: LifecycleFact = { kind: 'reported', event: keptEvent(cause) };
  const cardLifecycle = cardLifecycleId(cause);
  if (cardLifecycle !== null) {
    const card = account.cards.get(cardLifecycle) ?? newCard(cardLifecycle, cardIdOf(cause) ?? '');
    return withCardEffect(marked, withNames(card, data), fact, effect);
  }
  if (isOrderEvent(cause)) {
    const order = withOrderTold(
      marked,
      data,
      orderFactOf(keptEvent(cause), orderNamesOf(cause, side)),
      bookingIn(effect),
    );
    return withEffect(order, effect, [data]);
  }
  const addressId = addressLifecycleId(cause);
  const names = new Set(takersOf(cause, data));
  const told =
    addressId === null
      ? marked
      : withAddressFacts(marked, { lifecycleId: addressId, names, facts: [fact] });
  return withEffect(
    withTransferOfOrder(withTransferFee(withMovable(told, data, names), data), data),
    effect,
  );
}

/** Nothing is kept of a repeat but that it was told, and the names and chain hash it adds to its order. */
function withRepeat(account: Account, data: FactRecorded): Account {
  const { cause, side, effect } = data;
  const marks = account.marks.with(cause.eventId, markFor(data));
  const marked = { ...account, marks };
  const names = orderNamesOf(cause, side);
  if (names.length === 0) return withReviews(marked, effect, [data]);
  const fact = repeatOf(keptEvent(cause), names);
  return withEffect(withOrderTold(marked, data, fact, bookingIn(effect)), effect, [data]);
}

/** What nobody can take away never moves: nothing is kept of it. */
function withMovable(account: Account, data: FactRecorded, names: ReadonlySet<string>): Account {
  if (names.size === 0 && account.openedFor === null) return account;
  const { cause, side, effect } = data;
  const [mark, ...parts] = marksOf(cause, side);
  const lifecycleId = saidOf(cause) ?? mark;
  const posted = bookingIn(effect);
  const beside = sum(transferFeeIn(account, data, posted), reserveEndedIn(data));
  const booked = difference(posted, beside);
  const isKept = booked.length > 0 || thingOf(lifecycleId) !== null;
  // Parts go where the whole goes, and have moved nothing by themselves.
  const lifecycles = parts.reduce(
    (known, part) => known.with(part, { lifecycleId: part, names, facts: [], booked: [] }),
    isKept
      ? account.lifecycles.with(lifecycleId, { lifecycleId, names, facts: [], booked })
      : account.lifecycles,
  );
  return { ...account, lifecycles };
}

/** The order that a transfer carries out is over, or open again, by what was posted beside it. */
function withTransferOfOrder(account: Account, data: FactRecorded): Account {
  const names = orderNamesOf(data.cause, data.side);
  return names.length === 0
    ? account
    : withOrderTold(account, data, orderFactOf(keptEvent(data.cause), names), reserveEndedIn(data));
}

/** The card remembers the fee that a transfer states, and what it took back for it. */
function withTransferFee(account: Account, data: FactRecorded): Account {
  const card = cardOfTransferFee(account, data.cause, data.side);
  if (card === null) return account;
  const fact: LifecycleFact = { kind: 'reported', event: keptEvent(data.cause) };
  const booked = sum(card.booked, transferFeeIn(account, data, bookingIn(data.effect)));
  const told = { ...withCardFact(withNames(card, data), fact), booked };
  return { ...account, cards: account.cards.with(card.lifecycleId, told) };
}

const markFor = ({ cause, side }: FactRecorded) => ({
  eventId: cause.eventId,
  deliveryId: cause.source.deliveryId,
  booking: moneyOf(cause, side),
});

function withDecision(
  account: Account,
  data: FactRecorded,
  isApproved: boolean,
  reason: Extract<LifecycleFact, { kind: 'decided' }>['reason'],
): Account {
  const { cause, effect } = data;
  invariant(cause.type === 'AuthorizationRequested', 'only a request is decided');
  const lifecycleId = cardLifecycleId(cause) ?? '';
  const card = account.cards.get(lifecycleId) ?? newCard(lifecycleId, cause.data.cardId);
  const fact: LifecycleFact = { kind: 'decided', event: cause, isApproved, reason };
  return withCardEffect(account, withNames(card, data), fact, effect);
}

function withCardChange(
  account: Account,
  fact: Extract<LifecycleFact, { holdId: string }>,
  { effect }: Readonly<{ effect: Effect }>,
): Account {
  const { holdId } = fact;
  // Today's rules may have forgotten the purchase, which did not stop what was recorded then.
  const card =
    findHold(account, holdId)?.card ?? account.cards.get(holdId.slice(0, holdId.lastIndexOf('|')));
  invariant(card !== undefined, 'a hold ends on a card that is known');
  return withCardEffect(account, card, fact, effect);
}

function withNames(card: Card, data: FactRecorded): Card {
  const names = takersOf(data.cause, data);
  return names.every((name) => card.names.has(name))
    ? card
    : { ...card, names: new Set([...card.names, ...names]) };
}

function withCardEffect(
  account: Account,
  card: Card,
  fact: LifecycleFact,
  effect: Effect,
): Account {
  const booking = bookingIn(effect);
  const told = withRecordedFact(card, fact, effect.holds);
  const { purchases, unmatched, oldestAt } = told;
  const booked = sum(card.booked, booking);
  const changed = withHolds(cardWith(told, { purchases, unmatched, oldestAt, booked }), effect);
  const cards = account.cards.with(card.lifecycleId, changed);
  const balances = balancesAfter(account, booking);
  return accountWith(withReviews(account, effect, []), { cards, balances });
}

/** What stands on hold is what was recorded, whatever a rule would say of the same facts today. */
function withHolds(card: Card, effect: Effect): Card {
  let { purchases } = card;
  for (const change of effect.holds) {
    const { holdId } = change;
    if (!holdId.startsWith(`${card.lifecycleId}|`)) continue;
    const purchase = purchases.get(holdId.slice(card.lifecycleId.length + 1));
    const changed = purchase && withHoldChange(purchase, change);
    if (changed && changed !== purchase) purchases = purchases.with(purchase.purchaseKey, changed);
  }
  return purchases === card.purchases ? card : { ...card, purchases };
}

function withHoldChanges(account: Account, effect: Effect): Account {
  let { cards } = account;
  for (const lifecycleId of new Set(
    effect.holds.map(({ provider, cardId }) => lifecycleIdOf(provider, cardId)),
  )) {
    const card = cards.get(lifecycleId);
    if (card) cards = cards.with(lifecycleId, withHolds(card, effect));
  }
  return { ...account, cards };
}

/** What we do with an order ourselves: all that is posted is the order's. */
function withOrderFact(
  account: Account,
  names: readonly string[],
  fact: LifecycleFact,
  effect: Effect,
): Account {
  const order = joinedOrder(account, names, fact);
  const booked = sum(order.booked, bookingIn(effect));
  return withEffect(withOrder(account, { ...order, booked }), effect);
}

/** What a provider told of an order, with what it posted for the order. */
function withOrderTold(
  account: Account,
  data: FactRecorded,
  fact: LifecycleFact | null,
  posted: Booking,
): Account {
  const order = joinedOrder(account, orderNamesOf(data.cause, data.side), fact);
  const names = new Set([...order.names, ...takersOf(data.cause, data)]);
  return withOrder(account, { ...order, names, booked: sum(order.booked, posted) });
}

function withRuling(account: Account, reviewId: string, ruling: Ruling, effect: Effect): Account {
  const open = account.reviews.get(reviewId);
  const order = open ? orderOfReview(account, open.review) : null;
  const done = account.done.with(`review|${reviewId}`, ruling);
  const ruled = { ...account, done, reviews: account.reviews.without(reviewId) };
  if (ruling !== 'failure-confirmed' || !open || !order) {
    const told = open ? withRuledVariant(ruled, open, ruling, bookingIn(effect)) : ruled;
    return withHoldChanges(withEffect(told, effect), effect);
  }
  return withOrderFact(ruled, [...order.names], failureConfirmed(order, open.review), effect);
}
