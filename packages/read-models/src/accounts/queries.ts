import {
  type AccountKind,
  type Asset,
  formatUnits,
  instantText,
  type MoneyText,
  type Reference,
} from '@counterfoil/domain';
import type { SqlSession } from '@counterfoil/runtime';
import { type AccountBalance, balancesOfAccounts } from '../balances/queries.ts';
import { type PageOf, type PageRequest, readPage } from '../paging/page.ts';
import { sqlFilters } from '../paging/sql-filters.ts';
import { rowOfSql } from '../table/row-codec.ts';
import { columnList } from '../table/table-shape.ts';
import { ownedReferences, type ReferenceText, referencesOfAccounts } from './reference-queries.ts';
import { type AccountRow, type AccountStatus, accountTable, creditLimitTable } from './schema.ts';

export type Account = Readonly<{
  accountId: string;
  kind: AccountKind;
  status: AccountStatus;
  /** Why it is frozen or closed; null while active. */
  reason: string | null;
  openedAt: string;
  balances: readonly AccountBalance[];
  creditLimits: readonly MoneyText[];
  references: readonly ReferenceText[];
}>;

export type AccountFilters = PageRequest &
  Readonly<{ kind?: AccountKind | undefined; status?: AccountStatus | undefined }>;

/** In the order of account ids. */
export async function listAccounts(
  session: SqlSession,
  filters: AccountFilters,
): Promise<PageOf<Account>> {
  return readPage({
    list: 'accounts',
    request: filters,
    key: ['text'],
    keyOf: (account: Account) => [account.accountId],
    show: (account) => account,
    read: async (after, limit) => {
      const where = sqlFilters();
      where.add(filters.kind, (value) => `kind = ${value}`);
      where.add(filters.status, (value) => `status = ${value}`);
      where.addKey(after, [{ sql: 'account_id', type: 'text' }], '>');
      return readAccounts(
        session,
        `${where.where()} order by account_id limit ${limit}`,
        where.values(),
      );
    },
  });
}

/** Null when there is none. */
export async function findAccount(session: SqlSession, accountId: string): Promise<Account | null> {
  const found = await readAccounts(session, 'where account_id = $1', [accountId]);
  return found[0] ?? null;
}

/** The account that money naming this reference belongs to now; null when there is none. */
export async function findAccountByReference(
  session: SqlSession,
  reference: Reference,
): Promise<Account | null> {
  const { rows } = await session.query(
    `select account_id from (${ownedReferences}) as owned
     where provider = $1 and kind = $2 and external_id = $3`,
    [reference.provider, reference.kind, reference.externalId],
  );
  const owner = rows[0]?.['account_id'];
  return typeof owner === 'string' ? findAccount(session, owner) : null;
}

async function readAccounts(
  session: SqlSession,
  condition: string,
  values: readonly string[],
): Promise<readonly Account[]> {
  const { rows } = await session.query(
    `select ${columnList(accountTable)} from read_accounts.accounts ${condition}`,
    values,
  );
  const accounts = rows.map((sqlRow) => rowOfSql(accountTable, sqlRow));
  const ids = accounts.map((account) => account.accountId);
  const balances = await balancesOfAccounts(session, ids);
  const limits = await creditLimitsOfAccounts(session, ids);
  const references = await referencesOfAccounts(session, ids);
  return accounts.map((account) => ({
    ...showAccount(account),
    balances: balances.get(account.accountId) ?? [],
    creditLimits: limits.get(account.accountId) ?? [],
    references: references.get(account.accountId) ?? [],
  }));
}

const showAccount = (row: AccountRow) => ({
  accountId: row.accountId,
  kind: row.kind,
  status: row.status,
  reason: row.statusReason,
  openedAt: instantText(row.openedAt),
});

async function creditLimitsOfAccounts(
  session: SqlSession,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly MoneyText[]>> {
  const { rows } = await session.query(
    `select ${columnList(creditLimitTable)} from read_accounts.credit_limits
     where account_id = any($1::text[]) order by asset`,
    [ids],
  );
  const limits = new Map<string, readonly MoneyText[]>();
  for (const row of rows.map((sqlRow) => rowOfSql(creditLimitTable, sqlRow))) {
    const limit = { asset: row.asset, amount: formatUnits(row.units, row.asset as Asset) };
    limits.set(row.accountId, [...(limits.get(row.accountId) ?? []), limit]);
  }
  return limits;
}
