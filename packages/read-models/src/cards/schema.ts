import type { CardStatus, Instant } from '@counterfoil/domain';
import { createTable, type TableShape } from '../table/table-shape.ts';

export type CardRow = Readonly<{
  provider: string;
  cardId: string;
  /** Null while the card's money waits in suspense. */
  accountId: string | null;
  /** Null until the provider reports one. */
  status: CardStatus | null;
  reason: string | null;
  /** When the provider changed the state: the latest wins, and `closed` is final. */
  changedAt: Instant | null;
  reportedAsset: string | null;
  reportedUnits: bigint | null;
  /** The state change with which the provider reported the balance. */
  reportedAt: Instant | null;
  firstSeenAt: Instant;
}>;

export const cardTable: TableShape<CardRow> = {
  name: 'cards',
  columns: {
    provider: 'text',
    cardId: 'text',
    accountId: 'text?',
    status: 'text?',
    reason: 'text?',
    changedAt: 'instant?',
    reportedAsset: 'text?',
    reportedUnits: 'units?',
    reportedAt: 'instant?',
    firstSeenAt: 'instant',
  },
  key: ['provider', 'cardId'],
};

/**
 * `approved` is ours and provisional, `confirmed` is in force at the provider; `reversed`,
 * `canceled`, `expired` and `withdrawn` say who ended a hold that was not spent.
 */
export type AuthorizationStatus =
  | 'approved'
  | 'confirmed'
  | 'declined'
  | 'reversed'
  | 'canceled'
  | 'cleared'
  | 'expired'
  | 'withdrawn';

/** What happened to a purchase so far; the status follows from these, whatever their order. */
export type PurchaseMark =
  | 'approved'
  | 'confirmed'
  | 'declined'
  | 'canceled'
  | 'reversed'
  | 'expired'
  | 'withdrawn';

export type AuthorizationRow = Readonly<{
  provider: string;
  cardId: string;
  /** What the ids of one purchase's events have in common. */
  purchaseKey: string;
  /** The request's, where we were asked. */
  authorizationId: string;
  status: AuthorizationStatus;
  /** Why it was declined; null otherwise. */
  reason: string | null;
  asset: string;
  /** What was asked for; null where only a later event is known. */
  amountUnits: bigint | null;
  /** The confirmation that stated the amount; null when it is the request's. */
  amountAt: Instant | null;
  heldUnits: bigint;
  clearedUnits: bigint;
  merchantName: string | null;
  merchantCategoryCode: string | null;
  marks: Readonly<Partial<Record<PurchaseMark, boolean>>>;
  requestedAt: Instant;
  changedAt: Instant;
  expiresAt: Instant | null;
  firstSeenAt: Instant;
}>;

export const authorizationTable: TableShape<AuthorizationRow> = {
  name: 'card_authorizations',
  columns: {
    provider: 'text',
    cardId: 'text',
    purchaseKey: 'text',
    authorizationId: 'text',
    status: 'text',
    reason: 'text?',
    asset: 'text',
    amountUnits: 'units?',
    amountAt: 'instant?',
    heldUnits: 'units',
    clearedUnits: 'units',
    merchantName: 'text?',
    merchantCategoryCode: 'text?',
    marks: 'json',
    requestedAt: 'instant',
    changedAt: 'instant',
    expiresAt: 'instant?',
    firstSeenAt: 'instant',
  },
  key: ['provider', 'cardId', 'purchaseKey'],
};

export const cardTables: readonly string[] = [
  createTable(cardTable),
  createTable(authorizationTable),
  'create index on cards (account_id)',
  'create index on card_authorizations (provider, card_id, first_seen_at, purchase_key)',
];
