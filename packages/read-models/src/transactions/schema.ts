import type { Instant } from '@counterfoil/domain';
import { createTable, type TableShape } from '../table/table-shape.ts';

export type TransactionRow = Readonly<{
  transactionId: string;
  stream: string;
  version: bigint;
  eventId: string;
  type: string;
  position: string;
  correlationId: string;
  effectiveAt: Instant;
  occurredAt: Instant;
  recordedAt: Instant;
  deliveryId: string | null;
}>;

export const transactionTable: TableShape<TransactionRow> = {
  name: 'transactions',
  columns: {
    transactionId: 'text',
    stream: 'text',
    version: 'version',
    eventId: 'text',
    type: 'text',
    position: 'text',
    correlationId: 'text',
    effectiveAt: 'instant',
    occurredAt: 'instant',
    recordedAt: 'instant',
    deliveryId: 'text?',
  },
  key: ['transactionId', 'eventId'],
};

export type PostingRow = Readonly<{
  transactionId: string;
  eventId: string;
  ordinal: bigint;
  source: string;
  destination: string;
  asset: string;
  units: bigint;
}>;

export const postingTable: TableShape<PostingRow> = {
  name: 'postings',
  columns: {
    transactionId: 'text',
    eventId: 'text',
    ordinal: 'version',
    source: 'text',
    destination: 'text',
    asset: 'text',
    units: 'units',
  },
  key: ['transactionId', 'eventId', 'ordinal'],
};

export const transactionTables: readonly string[] = [
  createTable(transactionTable),
  createTable(postingTable),
];
