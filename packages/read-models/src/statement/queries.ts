import { instantText } from '@counterfoil/domain';
import type { SqlSession } from '@counterfoil/runtime';
import { type AccountBalance, showBuckets } from '../balances/queries.ts';
import { type PageOf, type PageRequest, readPage } from '../paging/page.ts';
import { sqlFilters } from '../paging/sql-filters.ts';
import { rowOfSql } from '../table/row-codec.ts';
import { columnList } from '../table/table-shape.ts';
import { type LineDescription, type StatementRow, statementTable } from './schema.ts';

type BucketTexts = Omit<AccountBalance, 'asset'>;

export type StatementLine = Readonly<{
  position: string;
  eventId: string;
  type: string;
  transactionId: string;
  asset: string;
  /** What the transaction changed; differences may be negative. */
  change: BucketTexts;
  /** The account's balances in this asset after the transaction. */
  balance: BucketTexts;
  effectiveAt: string;
  occurredAt: string;
  recordedAt: string;
  description: LineDescription;
  /** The archived webhook behind the line; null for our own doing. */
  deliveryId: string | null;
}>;

export type StatementFilters = PageRequest &
  Readonly<{ accountId: string; asset?: string | undefined }>;

/** In ledger order, the oldest line first. */
export async function accountStatement(
  session: SqlSession,
  filters: StatementFilters,
): Promise<PageOf<StatementLine>> {
  return readPage({
    list: 'statement',
    request: filters,
    key: ['version', 'text'],
    keyOf: (row: StatementRow) => [String(row.version), row.asset],
    show: showLine,
    read: async (after, limit) => {
      const where = sqlFilters();
      where.add(filters.accountId, (value) => `account_id = ${value}`);
      where.add(filters.asset, (value) => `asset = ${value}`);
      const key = [
        { sql: 'version', type: 'bigint' },
        { sql: 'asset', type: 'text' },
      ];
      where.addKey(after, key, '>');
      const { rows } = await session.query(
        `select ${columnList(statementTable)} from read_statement.statement_lines
         ${where.where()} order by version, asset limit ${limit}`,
        where.values(),
      );
      return rows.map((sqlRow) => rowOfSql(statementTable, sqlRow));
    },
  });
}

const showLine = (row: StatementRow): StatementLine => ({
  position: row.position,
  eventId: row.eventId,
  type: row.type,
  transactionId: row.transactionId,
  asset: row.asset,
  change: showBuckets(row.asset, {
    available: row.availableChange,
    held: row.heldChange,
    reserved: row.reservedChange,
  }),
  balance: showBuckets(row.asset, row),
  effectiveAt: instantText(row.effectiveAt),
  occurredAt: instantText(row.occurredAt),
  recordedAt: instantText(row.recordedAt),
  description: row.description,
  deliveryId: row.deliveryId,
});
