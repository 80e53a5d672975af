import type { Instant } from '@counterfoil/domain';
import { createTable, type TableShape } from '../table/table-shape.ts';

/** What tells a reader of the statement what a line is about; absent where the event does not say. */
export type LineDescription = Readonly<{
  provider?: string;
  providerEvent?: string;
  subjectKind?: string;
  subjectId?: string;
  cardId?: string;
  merchantName?: string;
  orderId?: string;
  reason?: string;
  actor?: string;
}>;

/** One ledger transaction of an account in one asset: the changes, and the balances after it. */
export type StatementRow = Readonly<{
  accountId: string;
  /** The version in the account's stream: an account's own ledger order. */
  version: bigint;
  asset: string;
  position: string;
  eventId: string;
  type: string;
  transactionId: string;
  availableChange: bigint;
  heldChange: bigint;
  reservedChange: bigint;
  available: bigint;
  held: bigint;
  reserved: bigint;
  effectiveAt: Instant;
  occurredAt: Instant;
  recordedAt: Instant;
  description: LineDescription;
  deliveryId: string | null;
}>;

export const statementTable: TableShape<StatementRow> = {
  name: 'statement_lines',
  columns: {
    accountId: 'text',
    version: 'version',
    asset: 'text',
    position: 'text',
    eventId: 'text',
    type: 'text',
    transactionId: 'text',
    availableChange: 'units',
    heldChange: 'units',
    reservedChange: 'units',
    available: 'units',
    held: 'units',
    reserved: 'units',
    effectiveAt: 'instant',
    occurredAt: 'instant',
    recordedAt: 'instant',
    description: 'json',
    deliveryId: 'text?',
  },
  key: ['accountId', 'version', 'asset'],
};

/** Where the running balances of a statement stand. */
export type StatementBalanceRow = Readonly<{
  accountId: string;
  asset: string;
  available: bigint;
  held: bigint;
  reserved: bigint;
}>;

export const statementBalanceTable: TableShape<StatementBalanceRow> = {
  name: 'statement_balances',
  columns: {
    accountId: 'text',
    asset: 'text',
    available: 'units',
    held: 'units',
    reserved: 'units',
  },
  key: ['accountId', 'asset'],
};

export const statementTables: readonly string[] = [
  createTable(statementTable),
  createTable(statementBalanceTable),
  'create index on statement_lines (account_id, asset, version)',
];
