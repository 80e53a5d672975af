import {
  type Address,
  addressOf,
  type AccountId,
  type Asset,
  type Money,
} from '@counterfoil/domain';
import { historyEntry, inLogOrder } from '../history-entry.ts';
import { identifyingReferences } from '../identifying-references.ts';
import {
  accountOf,
  causeOf,
  changesAt,
  type RecordedEvent,
  reviewsClosedBy,
  reviewsOpenedBy,
} from '../ledger-event.ts';
import { isAwaited } from './is-awaited.ts';
import { type OrderBook, orderByName } from './order-rows.ts';
import { movesOf } from './order-moves.ts';
import {
  joined,
  nothingKnown,
  orderStatus,
  withAmount,
  withOrderFact,
  withReserve,
} from './order-facts.ts';
import { nameInSubject, nameOfReview, type NamedOrder, orderNamedBy } from './order-names.ts';
import type { OrderDetail, OrderIdRow, OrderRow } from './schema.ts';

/** Applies one event to the orders that it is about. */
export function applyToOrders(book: OrderBook, recorded: RecordedEvent): void {
  const named = orderNamedBy(recorded);
  if (named !== null) save(book, recorded, withFact(joinedOrder(book, recorded, named), recorded));
  for (const { row, reserved } of movesOf(book, recorded)) applyMove(book, recorded, row, reserved);
  applyReviews(book, recorded, named);
}

/** The order that goes by any of the names, made one when they stood for several. */
function joinedOrder(book: OrderBook, recorded: RecordedEvent, named: NamedOrder): OrderRow {
  const found = new Map(
    named.names.flatMap((name) => {
      const row = orderByName(book, name);
      return row === undefined ? [] : [[row.orderKey, row] as const];
    }),
  );
  const [first, ...others] = [...found.values()];
  const names = [...new Set([...(first?.detail.names ?? []), ...named.names])];
  const row =
    first === undefined
      ? newOrder(named, recorded)
      : others.reduce(joined, { ...first, detail: { ...first.detail, names } });
  for (const other of others) {
    book.orders.remove({ orderKey: other.orderKey });
    for (const id of idsOf(other)) book.ids.remove(id);
  }
  for (const name of row.detail.names) book.names.put({ name, orderKey: row.orderKey });
  for (const reviewId of row.detail.openReviews)
    book.names.put({ name: nameOfReview(reviewId), orderKey: row.orderKey });
  const history = inLogOrder(row.detail.history);
  return { ...withIdentity(row, named, recorded), detail: { ...row.detail, history } };
}

const newOrder = (named: NamedOrder, recorded: RecordedEvent): OrderRow => ({
  orderKey: named.names[0] ?? '',
  kind: named.kind,
  provider: named.provider,
  orderId: named.orderId,
  accountId: null,
  status: 'requested',
  isReserving: false,
  isAwaited: true,
  detail: nothingKnown(named.names),
  firstSeenAt: recorded.recordedAt,
  changedAt: recorded.recordedAt,
});

/** Our own order gives the id; until then a payout is not called by a withdrawal inside it. */
function withIdentity(row: OrderRow, named: NamedOrder, recorded: RecordedEvent): OrderRow {
  const isOurs = recorded.event.type === 'OrderPlaced';
  const isPayoutNow = row.kind === 'withdrawal' && named.kind === 'payout';
  return isOurs || (isPayoutNow && row.detail.amountFrom !== 'order')
    ? { ...row, kind: named.kind, orderId: named.orderId }
    : row;
}

function withFact(row: OrderRow, recorded: RecordedEvent): OrderRow {
  const { event } = recorded;
  const cause = causeOf(recorded);
  const told =
    cause === null || event.type === 'EffectRepeated'
      ? row.detail
      : withOrderFact(row.detail, cause);
  const ordered =
    event.type === 'OrderPlaced'
      ? withAmount(told, 'order', event.data.order.amount, [{ amount: event.data.order.fee }])
      : told;
  const accountId = accountOf(recorded) ?? row.accountId;
  return { ...row, accountId, detail: withReservedHere(ordered, recorded) };
}

/** Adds what the event's postings did to the account's `reserved`. */
function withReservedHere(detail: OrderDetail, recorded: RecordedEvent): OrderDetail {
  const accountId = accountOf(recorded);
  if (accountId === null) return detail;
  const reserved: Address = addressOf(accountId as AccountId, 'reserved');
  let after = detail;
  for (const [asset, units] of changesAt(recorded, (address) => address === reserved))
    after = withReserve(after, accountId, { asset: asset as Asset, units });
  return after;
}

function applyMove(
  book: OrderBook,
  recorded: RecordedEvent,
  row: OrderRow,
  reserved: readonly Money[],
): void {
  const here = accountOf(recorded);
  if (here === null) return save(book, recorded, row);
  const isLeaving = recorded.event.type === 'MoneyMovedOut';
  const detail = reserved.reduce((known, change) => withReserve(known, here, change), row.detail);
  save(book, recorded, { ...row, accountId: isLeaving ? row.accountId : here, detail });
}

function applyReviews(book: OrderBook, recorded: RecordedEvent, named: NamedOrder | null): void {
  for (const { reviewId, subject } of reviewsOpenedBy(recorded)) {
    const name = named?.names[0] ?? nameInSubject(subject);
    const row = name === null ? undefined : orderByName(book, name);
    if (row === undefined) continue;
    book.names.put({ name: nameOfReview(reviewId), orderKey: row.orderKey });
    const openReviews = [...new Set([...row.detail.openReviews, reviewId])];
    const after = { ...row, detail: { ...row.detail, openReviews } };
    if (named === null) save(book, recorded, after);
    else settle(book, after);
  }
  for (const reviewId of reviewsClosedBy(recorded)) {
    const row = orderByName(book, nameOfReview(reviewId));
    if (row === undefined) continue;
    const openReviews = row.detail.openReviews.filter((open) => open !== reviewId);
    const detail = { ...row.detail, openReviews };
    // A ruling posts what it decides, once for all that it closes; other events posted it above.
    const { data } = recorded.event;
    const isRuledOn = 'ruling' in data && data.reviewId === reviewId;
    const ruled = isRuledOn ? withReservedHere(detail, recorded) : detail;
    if (named === null) save(book, recorded, { ...row, detail: ruled });
    else settle(book, { ...row, detail: ruled });
  }
}

/** Stores the order with the status that follows from all of it. */
function settle(book: OrderBook, row: OrderRow): void {
  const status = orderStatus(row.detail);
  const last = row.detail.history.at(-1);
  const history = last
    ? [...row.detail.history.slice(0, -1), { ...last, status }]
    : row.detail.history;
  const isReserving = row.detail.reserves.length > 0;
  const detail = { ...row.detail, history };
  book.orders.put({ ...row, status, isReserving, isAwaited: isAwaited(detail), detail });
  for (const id of idsOf(row)) book.ids.put(id);
}

function idsOf({ provider, orderKey, detail }: OrderRow): readonly OrderIdRow[] {
  const { references, chainHash } = detail;
  const ids = identifyingReferences(chainHash === null ? references : { ...references, chainHash });
  return ids.map((externalId) => ({ provider, externalId, orderKey }));
}

/** The same, and the event becomes part of its history. */
function save(book: OrderBook, recorded: RecordedEvent, row: OrderRow): void {
  const history = [...row.detail.history, historyEntry(recorded, row.status)];
  settle(book, { ...row, changedAt: recorded.recordedAt, detail: { ...row.detail, history } });
}
