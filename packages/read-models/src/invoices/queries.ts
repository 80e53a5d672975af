import {
  instantText,
  type InvoiceStatus,
  type Money,
  type MoneyText,
  moneyText,
} from '@counterfoil/domain';
import type { SqlSession } from '@counterfoil/runtime';
import { type HistoryLine, showHistory } from '../history-entry.ts';
import { type FirstSeenFilters, firstSeenConditions } from '../paging/first-seen-list.ts';
import { type PageOf, readPage } from '../paging/page.ts';
import { rowOfSql } from '../table/row-codec.ts';
import { columnList } from '../table/table-shape.ts';
import { receivedOf } from './received-of.ts';
import { type InvoiceRow, invoiceTable } from './schema.ts';

export type Invoice = Readonly<{
  provider: string;
  invoiceId: string;
  accountId: string;
  status: InvoiceStatus;
  asked: MoneyText | null;
  received: MoneyText | null;
  /** Credited to the account, after fees. */
  settled: MoneyText | null;
  fees: readonly MoneyText[];
  expiresAt: string | null;
  firstSeenAt: string;
  changedAt: string;
  references: Readonly<Record<string, string>>;
  history: readonly HistoryLine[];
}>;

export type InvoiceFilters = FirstSeenFilters<InvoiceStatus>;

/** The latest first seen first. */
export async function listInvoices(
  session: SqlSession,
  filters: InvoiceFilters,
): Promise<PageOf<Invoice>> {
  return readPage({
    list: 'invoices',
    request: filters,
    key: ['instant', 'text', 'text'],
    keyOf: (row: InvoiceRow) => [instantText(row.firstSeenAt), row.provider, row.invoiceId],
    show: showInvoice,
    read: async (after, limit) => {
      const where = firstSeenConditions(filters, after, 'invoice_id');
      const { rows } = await session.query(
        `select ${columnList(invoiceTable)} from read_invoices.invoices ${where.where()}
         order by first_seen_at desc, provider desc, invoice_id desc limit ${limit}`,
        where.values(),
      );
      return rows.map((sqlRow) => rowOfSql(invoiceTable, sqlRow));
    },
  });
}

/**
 * By the invoice's own id or any other id that the provider used with it. Null when there is none,
 * and when an id that is not its own was used with several invoices.
 */
export async function findInvoice(
  session: SqlSession,
  provider: string,
  externalId: string,
): Promise<Invoice | null> {
  const { rows } = await session.query(
    `select ${columnList(invoiceTable)} from read_invoices.invoices
     where provider = $1 and invoice_id = $2
     union all
     select ${columnList(invoiceTable, 'named')} from read_invoices.invoices as named
     join read_invoices.invoice_ids as ids using (provider, invoice_id)
     where ids.provider = $1 and ids.external_id = $2 and named.invoice_id <> $2
     limit 3`,
    [provider, externalId],
  );
  const found = rows.map((sqlRow) => rowOfSql(invoiceTable, sqlRow));
  const own = found.find((row) => row.invoiceId === externalId);
  const only = own ?? (found.length === 1 ? found[0] : undefined);
  return only === undefined ? null : showInvoice(only);
}

const moneyOrNull = (money: Money | null) => (money === null ? null : moneyText(money));

const showInvoice = (row: InvoiceRow): Invoice => ({
  provider: row.provider,
  invoiceId: row.invoiceId,
  accountId: row.accountId,
  status: row.status,
  asked: moneyOrNull(row.detail.asked),
  received: moneyOrNull(receivedOf(row.detail)),
  settled: moneyOrNull(row.detail.settled),
  fees: row.detail.fees.map(moneyText),
  expiresAt: row.detail.expiresAt === null ? null : instantText(row.detail.expiresAt),
  firstSeenAt: instantText(row.firstSeenAt),
  changedAt: instantText(row.changedAt),
  references: row.detail.references,
  history: showHistory(row.detail.history),
});
