import {
  type AccountId,
  accountId as accountIdOf,
  addressOf,
  type Asset,
  formatUnits,
  invariant,
} from '@counterfoil/domain';
import type { SqlSession } from '@counterfoil/runtime';
import { rowOfSql } from '../table/row-codec.ts';
import { columnList } from '../table/table-shape.ts';
import { type AddressBalanceRow, balanceTable } from './schema.ts';

/** Decimal strings; `total` is available, held and reserved together. */
export type AccountBalance = Readonly<{
  asset: string;
  available: string;
  held: string;
  reserved: string;
  total: string;
}>;

/** One entry for each asset the account ever had, in the order of their codes. */
export async function accountBalances(
  session: SqlSession,
  accountId: string,
): Promise<readonly AccountBalance[]> {
  return (await balancesOfAccounts(session, [accountId])).get(accountId) ?? [];
}

/** The same for several accounts in one statement; an account without money is absent. */
export async function balancesOfAccounts(
  session: SqlSession,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, readonly AccountBalance[]>> {
  const places = new Map(accountIds.flatMap((id) => placesOf(accountIdOf(id))));
  const { rows } = await session.query(
    `select ${columnList(balanceTable)} from read_balances.balances
     where address = any($1::text[]) order by asset`,
    [[...places.keys()]],
  );
  const found = new Map<string, Map<string, Buckets>>();
  for (const row of rows.map((sqlRow) => rowOfSql(balanceTable, sqlRow))) {
    const place = places.get(row.address);
    invariant(place !== undefined, `${row.address} was not asked for`);
    const ofAccount = found.get(place.accountId) ?? new Map<string, Buckets>();
    const buckets = ofAccount.get(row.asset) ?? { available: 0n, held: 0n, reserved: 0n };
    ofAccount.set(row.asset, { ...buckets, [place.bucket]: row.input - row.output });
    found.set(place.accountId, ofAccount);
  }
  return new Map([...found].map(([id, ofAccount]) => [id, [...ofAccount].map(showBalance)]));
}

export type Buckets = Readonly<{ available: bigint; held: bigint; reserved: bigint }>;

const placesOf = (id: AccountId) =>
  (['available', 'held', 'reserved'] as const).map(
    (bucket) => [addressOf(id, bucket) as string, { accountId: id as string, bucket }] as const,
  );

function showBalance([asset, buckets]: readonly [string, Buckets]): AccountBalance {
  return { asset, ...showBuckets(asset, buckets) };
}

export function showBuckets(asset: string, buckets: Buckets): Omit<AccountBalance, 'asset'> {
  const { available, held, reserved } = buckets;
  const text = (units: bigint) => formatUnits(units, asset as Asset);
  return {
    available: text(available),
    held: text(held),
    reserved: text(reserved),
    total: text(available + held + reserved),
  };
}

/** The balance of any address of the chart of accounts, also a provider's or the platform's. */
export type AddressBalance = Readonly<{ address: string; asset: string; balance: string }>;

/** Addresses that begin with `prefix`, in their order; for the books of a provider or the platform. */
export async function addressBalances(
  session: SqlSession,
  prefix: string,
  limit = 500,
): Promise<readonly AddressBalance[]> {
  const { rows } = await session.query(
    `select ${columnList(balanceTable)} from read_balances.balances
     where starts_with(address, $1) order by address, asset limit $2`,
    [prefix, limit],
  );
  return rows.map((sqlRow) => showAddress(rowOfSql(balanceTable, sqlRow)));
}

const showAddress = (row: AddressBalanceRow): AddressBalance => ({
  address: row.address,
  asset: row.asset,
  balance: formatUnits(row.input - row.output, row.asset as Asset),
});
