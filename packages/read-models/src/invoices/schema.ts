import type { Instant, InvoiceStatus, Money } from '@counterfoil/domain';
import type { HistoryEntry } from '../history-entry.ts';
import { createTable, type TableShape } from '../table/table-shape.ts';

/** What is known of an invoice beside what one searches by. */
export type InvoiceDetail = Readonly<{
  asked: Money | null;
  /** The largest total that the provider stated. */
  receivedTotal: Money | null;
  /** The sum of the amounts that it reported one by one. */
  receivedParts: Money | null;
  settledGross: Money | null;
  /** What was credited to the account, after fees. */
  settled: Money | null;
  fees: readonly Money[];
  /** Effects counted already: a repeat with other content must not count again. */
  effectKeys: readonly string[];
  expiresAt: Instant | null;
  references: Readonly<Record<string, string>>;
  history: readonly HistoryEntry[];
}>;

export type InvoiceRow = Readonly<{
  provider: string;
  invoiceId: string;
  accountId: string;
  status: InvoiceStatus;
  detail: InvoiceDetail;
  firstSeenAt: Instant;
  changedAt: Instant;
}>;

export const invoiceTable: TableShape<InvoiceRow> = {
  name: 'invoices',
  columns: {
    provider: 'text',
    invoiceId: 'text',
    accountId: 'text',
    status: 'text',
    detail: 'json',
    firstSeenAt: 'instant',
    changedAt: 'instant',
  },
  key: ['provider', 'invoiceId'],
};

/** Every id that the provider used with an invoice. */
export type InvoiceIdRow = Readonly<{ provider: string; externalId: string; invoiceId: string }>;

export const invoiceIdTable: TableShape<InvoiceIdRow> = {
  name: 'invoice_ids',
  columns: { provider: 'text', externalId: 'text', invoiceId: 'text' },
  key: ['provider', 'externalId', 'invoiceId'],
};

export const invoiceTables: readonly string[] = [
  createTable(invoiceTable),
  createTable(invoiceIdTable),
  'create index on invoices (first_seen_at, provider, invoice_id)',
  'create index on invoices (account_id, first_seen_at)',
];
