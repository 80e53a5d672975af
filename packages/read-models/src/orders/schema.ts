import type { Instant, Money, OrderKind } from '@counterfoil/domain';
import type { HistoryEntry } from '../history-entry.ts';
import { createTable, type TableShape } from '../table/table-shape.ts';

export type OrderStatus =
  | 'requested'
  | 'approved'
  | 'submitted'
  | 'broadcast'
  | 'partial'
  | 'completed'
  | 'returned'
  | 'review';

/** How far the provider got, whatever else happened. */
export type OrderStage = Exclude<OrderStatus, 'completed' | 'returned' | 'review'>;

/** What the order keeps in an account's `reserved`. */
export type Reserve = Readonly<{ accountId: string; amount: Money }>;

/** What is known of an order beside what one searches by. */
export type OrderDetail = Readonly<{
  /** Every name it goes by, as reference keys: a fact with two names joins what each had. */
  names: readonly string[];
  amount: Money | null;
  fee: Money | null;
  /** Who stated the amount; our own order counts before the provider. */
  amountFrom: 'order' | 'request' | 'completion' | null;
  stage: OrderStage;
  isCompleted: boolean;
  isFailed: boolean;
  hasPaidPart: boolean;
  hasReturnedPart: boolean;
  reserves: readonly Reserve[];
  openReviews: readonly string[];
  chainHash: string | null;
  destination: string | null;
  references: Readonly<Record<string, string>>;
  history: readonly HistoryEntry[];
}>;

export type OrderRow = Readonly<{
  /** The name under which it was first told of. */
  orderKey: string;
  kind: OrderKind;
  provider: string;
  /** Ours where the order is ours, else the provider's. */
  orderId: string;
  /** Null while its owner is not known. */
  accountId: string | null;
  status: OrderStatus;
  isReserving: boolean;
  /** A step of the provider is missing that should come at once. */
  isAwaited: boolean;
  detail: OrderDetail;
  firstSeenAt: Instant;
  changedAt: Instant;
}>;

export const orderTable: TableShape<OrderRow> = {
  name: 'orders',
  columns: {
    orderKey: 'text',
    kind: 'text',
    provider: 'text',
    orderId: 'text',
    accountId: 'text?',
    status: 'text',
    isReserving: 'flag',
    isAwaited: 'flag',
    detail: 'json',
    firstSeenAt: 'instant',
    changedAt: 'instant',
  },
  key: ['orderKey'],
};

/** Which order a name, a review (`review|…`) belongs to: each to one. */
export type OrderNameRow = Readonly<{ name: string; orderKey: string }>;

export const orderNameTable: TableShape<OrderNameRow> = {
  name: 'order_names',
  columns: { name: 'text', orderKey: 'text' },
  key: ['name'],
};

/** Further ids that the provider used with an order; one id may stand at several. */
export type OrderIdRow = Readonly<{ provider: string; externalId: string; orderKey: string }>;

export const orderIdTable: TableShape<OrderIdRow> = {
  name: 'order_ids',
  columns: { provider: 'text', externalId: 'text', orderKey: 'text' },
  key: ['provider', 'externalId', 'orderKey'],
};

export const orderTables: readonly string[] = [
  createTable(orderTable),
  createTable(orderNameTable),
  createTable(orderIdTable),
  'create index on orders (kind, first_seen_at, provider, order_id)',
  'create index on orders (kind, account_id, first_seen_at)',
  'create index on orders (order_key) where is_reserving',
  'create index on orders (first_seen_at) where is_awaited',
];
