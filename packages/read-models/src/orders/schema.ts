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

/** What is known of an order beside what one searches by. */
export type OrderDetail = Readonly<{
  /** From our own order, else from what the provider states. */
  amount: Money | null;
  fee: Money | null;
  isOurs: boolean;
  /** How far the provider got, whatever else happened. */
  furthest: Exclude<OrderStatus, 'completed' | 'returned' | 'review'>;
  isCompleted: boolean;
  isFailed: boolean;
  openReviews: readonly string[];
  chainHash: string | null;
  destination: string | null;
  references: Readonly<Record<string, string>>;
  history: readonly HistoryEntry[];
}>;

export type OrderRow = Readonly<{
  kind: OrderKind;
  provider: string;
  orderId: string;
  accountId: string;
  status: OrderStatus;
  /** Null while no asset is known, and nothing can be reserved. */
  asset: string | null;
  /** What the order keeps in the account's `reserved`. */
  reservedUnits: bigint;
  /** True between leaving one account and arriving at another. */
  isMoving: boolean;
  detail: OrderDetail;
  firstSeenAt: Instant;
  changedAt: Instant;
}>;

export const orderTable: TableShape<OrderRow> = {
  name: 'orders',
  columns: {
    kind: 'text',
    provider: 'text',
    orderId: 'text',
    accountId: 'text',
    status: 'text',
    asset: 'text?',
    reservedUnits: 'units',
    isMoving: 'flag',
    detail: 'json',
    firstSeenAt: 'instant',
    changedAt: 'instant',
  },
  key: ['kind', 'provider', 'orderId'],
};

/** Every id that the provider used with an order. */
export type OrderIdRow = Readonly<{
  kind: OrderKind;
  provider: string;
  externalId: string;
  orderId: string;
}>;

export const orderIdTable: TableShape<OrderIdRow> = {
  name: 'order_ids',
  columns: { kind: 'text', provider: 'text', externalId: 'text', orderId: 'text' },
  key: ['kind', 'provider', 'externalId', 'orderId'],
};

/** Which order a review is about, so that its resolution finds the order. */
export type OrderReviewRow = Readonly<{
  reviewId: string;
  kind: OrderKind;
  provider: string;
  orderId: string;
}>;

export const orderReviewTable: TableShape<OrderReviewRow> = {
  name: 'order_reviews',
  columns: { reviewId: 'text', kind: 'text', provider: 'text', orderId: 'text' },
  key: ['reviewId'],
};

export const orderTables: readonly string[] = [
  createTable(orderTable),
  createTable(orderIdTable),
  createTable(orderReviewTable),
  'create index on orders (kind, first_seen_at, provider, order_id)',
  'create index on orders (kind, account_id, first_seen_at)',
];
