import {
  type Asset,
  formatUnits,
  type Instant,
  instantText,
  type MoneyText,
} from '@counterfoil/domain';
import type { SqlSession } from '@counterfoil/runtime';
import { type PageOf, type PageRequest, readPage } from '../paging/page.ts';
import { sqlFilters } from '../paging/sql-filters.ts';
import { rowOfSql } from '../table/row-codec.ts';
import { columnList } from '../table/table-shape.ts';
import { type HoldRow, holdTable } from './schema.ts';

export type Hold = Readonly<{
  holdId: string;
  accountId: string;
  provider: string;
  cardId: string;
  authorizationId: string;
  amount: MoneyText;
  /** False while only we have approved: the provider has not confirmed yet. */
  isConfirmed: boolean;
  placedAt: string;
  expiresAt: string;
}>;

export type HoldFilters = PageRequest & Readonly<{ accountId: string; asset?: string | undefined }>;

/** Open holds only, in the order of their ids. */
export async function accountHolds(
  session: SqlSession,
  filters: HoldFilters,
): Promise<PageOf<Hold>> {
  return readPage({
    list: 'holds',
    request: filters,
    key: ['text'],
    keyOf: (row: HoldRow) => [row.holdId],
    show: showHold,
    read: async (after, limit) => {
      const where = sqlFilters();
      where.add(`account-${filters.accountId}`, (value) => `stream = ${value}`);
      where.add(filters.asset, (value) => `asset = ${value}`);
      where.addKey(after, [{ sql: 'hold_id', type: 'text' }], '>');
      const { rows } = await session.query(
        `select ${columnList(holdTable)} from read_holds.open_holds
         ${where.where()} order by hold_id limit ${limit}`,
        where.values(),
      );
      return rows.map((sqlRow) => rowOfSql(holdTable, sqlRow));
    },
  });
}

/** `stream` is the one that an `ExpireHold` command goes to. */
export type ExpiringHold = Readonly<{
  stream: string;
  accountId: string;
  holdId: string;
  expiresAt: Instant;
}>;

/** Open holds whose time is up at `before`, the longest overdue first. */
export async function expiringHolds(
  session: SqlSession,
  before: Instant,
  limit: number,
): Promise<readonly ExpiringHold[]> {
  const { rows } = await session.query(
    `select ${columnList(holdTable)} from read_holds.open_holds
     where expires_at <= $1 order by expires_at, stream, hold_id limit $2`,
    [instantText(before), limit],
  );
  return rows.map((sqlRow) => {
    const { stream, accountId, holdId, expiresAt } = rowOfSql(holdTable, sqlRow);
    return { stream, accountId, holdId, expiresAt };
  });
}

const showHold = (row: HoldRow): Hold => ({
  holdId: row.holdId,
  accountId: row.accountId,
  provider: row.provider,
  cardId: row.cardId,
  authorizationId: row.authorizationId,
  amount: { asset: row.asset, amount: formatUnits(row.units, row.asset as Asset) },
  isConfirmed: row.isConfirmed,
  placedAt: instantText(row.placedAt),
  expiresAt: instantText(row.expiresAt),
});
