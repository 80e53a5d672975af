import { byTime, type KeptEvent, type KeptOf } from '../canonical/kept-event.ts';
import { type Booking, line, sum } from '../ledger/booking.ts';
import { type Money, money } from '../money.ts';
import { againstAvailable, feeLines } from './direct-booking.ts';
import type { LifecycleFact, Order, ReviewReason } from './messages.ts';
import {
  eventsIn,
  hasChainHash,
  isCompletion,
  isFailure,
  isPart,
  isTransfer,
} from './order-fact.ts';
import { type Movement, movementsOf } from './order-movements.ts';

/** What the books must show for an order of ours, or a withdrawal the provider told us of. */
export type OrderTarget = Readonly<{ booking: Booking; reviews: readonly OrderReview[] }>;

/** What a person has to look at, of what goes by these names. */
export type OrderReview = Readonly<{
  reason: ReviewReason;
  names: readonly string[];
  events: readonly KeptEvent[];
}>;

/** From all facts of one order, whatever their order; of several where the provider's ids say so. */
export function orderTarget(facts: readonly LifecycleFact[]): OrderTarget {
  const { movements, shared } = movementsOf(facts);
  const confirmed = facts.filter((fact) => fact.kind === 'failure-confirmed');
  const targets = movements.map((movement) => movementTarget(movement, confirmed));
  const sharing = shared.map(
    ({ name, events }): OrderReview => ({ reason: 'ids-disagree', names: [name], events }),
  );
  return {
    booking: sum(...targets.map(({ booking }) => booking)),
    reviews: [...targets.flatMap(({ reviews }) => reviews), ...sharing],
  };
}

/**
 * Our order reserves amount and fee, else the provider's request does; a completion is debited in
 * full, a failure returns what was reserved. A failure after the money was broadcast returns nothing
 * until a person confirms it (R16); a completion beside a failure counts (R12). A transfer that carries
 * the order out ends it, and moves the money by itself.
 */
function movementTarget(
  { names, facts }: Movement,
  confirmations: readonly LifecycleFact[],
): OrderTarget {
  const told = toldOf(facts);
  const events = told.flatMap(({ kind, event }) => (kind === 'reported' ? [event] : []));
  const ordered = firstOrder(facts);
  const requested = events.find(
    (event) => event.type === 'WithdrawalRequested' || event.type === 'PayoutRequested',
  );
  const everTold = eventsIn(facts);
  const transferred = everTold.find(isTransfer);
  const completed = events.find(isCompletion);
  // That a transfer was done and has failed is seen of the transfer itself.
  const failed = events.find(
    (event) => isFailure(event) && !(transferred && event.type === 'TransferFailed'),
  );
  const isBroadcast = everTold.some(hasChainHash);
  const isFailureConfirmed = confirmations.some(
    (fact) => fact.kind === 'failure-confirmed' && fact.names?.some((name) => names.includes(name)),
  );
  const reserve = ordered ? orderLines(ordered) : requestedLines(requested);
  const reviews: OrderReview[] = [];
  if (ordered && requested && !isEqualAmount(ordered.amount, requested))
    reviews.push({ reason: 'order-differs', names, events: [requested] });
  const ends = [transferred, completed, failed].filter((event) => event !== undefined);
  if (ends.length > 1) reviews.push({ reason: 'contradicting-final-states', names, events: ends });
  const apart = sum(...told.map(separateBooking));
  // The transfer posts what it moved, once at each of its ends.
  if (transferred) return { booking: apart, reviews };
  if (completed) return { booking: sum(completedBooking(completed, reserve), apart), reviews };
  const parts = partsOf(told, reserve, isFailureConfirmed);
  if (parts.contradicting.length > 0)
    reviews.push({ reason: 'contradicting-final-states', names, events: parts.contradicting });
  const isStuck = failed !== undefined && isBroadcast && !isFailureConfirmed;
  const stuck = isStuck ? [failed, ...parts.stuck] : parts.stuck;
  if (stuck.length > 0) reviews.push({ reason: 'failure-after-broadcast', names, events: stuck });
  const rest = failed && !isStuck ? [] : reservedBooking(parts.rest);
  return { booking: sum(parts.paid, rest, apart), reviews };
}

type Told = Extract<LifecycleFact, { kind: 'reported' | 'separate' }>;

const toldOf = (facts: readonly LifecycleFact[]): readonly Told[] =>
  facts
    .flatMap((fact) => (fact.kind === 'reported' || fact.kind === 'separate' ? [fact] : []))
    .sort((left, right) => byTime(left.event, right.event));

/** One order may have been placed under two of its names: the same one counts in any order. */
function firstOrder(facts: readonly LifecycleFact[]): Order | null {
  const orders = facts.flatMap((fact) => (fact.kind === 'ordered' ? [fact.order] : []));
  return orders.sort((left, right) => (left.orderId < right.orderId ? -1 : 1))[0] ?? null;
}

/**
 * Whether a second body can be a fact beside the first: a completion that states what it sent, or a
 * further part. Nothing would ever release a second reserve, and a whole comes back only once.
 */
export const isSeparable = (event: KeptEvent): boolean =>
  (event.type === 'WithdrawalCompleted' ||
    event.type === 'PayoutCompleted' ||
    (event.type === 'PayoutReturned' && isPart(event))) &&
  event.data.amount !== null;

/** A second completion of the whole takes nothing of what is reserved for the first. */
const separateBooking = ({ kind, event }: Told): Booking =>
  kind === 'separate' && !isPart(event) ? completedBooking(event, []) : [];

/** Lines of what leaves: to the provider's account and to its fees. */
const orderLines = ({ amount, fee }: Order): Booking =>
  sum([line('account', amount)], [line('fees', fee)]);

function requestedLines(requested: KeptEvent | undefined): Booking {
  if (requested?.type === 'WithdrawalRequested')
    return sum([line('account', requested.data.amount)], feeLines(requested.data.fees));
  if (requested?.type === 'PayoutRequested' && requested.data.amount)
    return [line('account', requested.data.amount)];
  return [];
}

const reservedBooking = (lines: Booking): Booking =>
  sum(
    lines.map(({ amount }) => line('available', amount, -1n)),
    lines.map(({ amount }) => line('reserved', amount)),
  );

/** What the completion states counts; what it leaves open is as reserved; else it is not known yet. */
function completedBooking(completed: KeptEvent, reserve: Booking): Booking {
  if (completed.type !== 'WithdrawalCompleted' && completed.type !== 'PayoutCompleted') return [];
  const { amount, fees } = completed.data;
  const sent = amount ? [line('account', amount)] : placeLines(reserve, 'account');
  if (sent.length === 0) return [];
  const charged = fees.length > 0 ? feeLines(fees) : placeLines(reserve, 'fees');
  return againstAvailable(sum(sent, charged));
}

const placeLines = (booking: Booking, wanted: 'account' | 'fees'): Booking =>
  booking.filter(({ place }) => place === wanted);

type Part = KeptOf<'PayoutCompleted' | 'PayoutReturned'>;

/**
 * Parts of a mass payout that arrived or came back, each under its withdrawal's id. The fee leaves
 * with the first that arrived, and returns when none did.
 */
function partsOf(told: readonly Told[], reserve: Booking, isFailureConfirmed: boolean) {
  let paid: Booking = [];
  let rest = reserve;
  const contradicting: Part[] = [];
  const stuck: Part[] = [];
  for (const { completed, returned } of partsByWithdrawal(told)) {
    if (completed && returned) contradicting.push(completed, returned);
    const isStuck = !completed && returned?.data.chainHash != null && !isFailureConfirmed;
    if (isStuck && returned) stuck.push(returned);
    const amount = (completed ?? returned)?.data.amount;
    if (isStuck || !amount) continue;
    const left = sum(rest, [line('account', amount, -1n)]);
    rest = left.filter((entry) => entry.amount.units > 0n);
    if (!completed) continue;
    const { fees } = completed.data;
    const charged = fees.length > 0 ? feeLines(fees) : placeLines(rest, 'fees');
    rest = rest.filter(({ place }) => place !== 'fees');
    paid = sum(paid, againstAvailable(sum([line('account', amount)], charged)));
  }
  const isOver = rest !== reserve && placeLines(rest, 'account').length === 0;
  return { paid, rest: isOver ? [] : rest, contradicting, stuck };
}

function partsByWithdrawal(told: readonly Told[]) {
  const parts = new Map<
    string,
    { completed?: KeptOf<'PayoutCompleted'>; returned?: KeptOf<'PayoutReturned'> }
  >();
  for (const { kind, event } of told) {
    if (event.type !== 'PayoutCompleted' && event.type !== 'PayoutReturned') continue;
    const { withdrawalId } = event.data;
    if (withdrawalId === null) continue;
    const key = `${kind}|${kind === 'separate' ? event.eventId : withdrawalId}`;
    const part = parts.get(key) ?? {};
    if (event.type === 'PayoutCompleted') part.completed ??= event;
    else part.returned ??= event;
    parts.set(key, part);
  }
  return parts.values();
}

function isEqualAmount(amount: Money, requested: KeptEvent): boolean {
  if (requested.type !== 'WithdrawalRequested' && requested.type !== 'PayoutRequested') return true;
  const stated = requested.data.amount;
  return stated === null || (stated.asset === amount.asset && stated.units === amount.units);
}

/** What a new order takes from the account: amount and fee together, by asset. */
export const orderCost = ({ amount, fee }: Order): readonly Money[] =>
  sum([line('available', amount)], [line('available', fee)]).map((entry) =>
    money(entry.amount.asset, entry.amount.units),
  );
