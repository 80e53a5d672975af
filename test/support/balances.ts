import { type BookTexts } from '@counterfoil/cli';
import { assetOf, parseAmount } from '@counterfoil/domain';
import type { HttpApi } from './http-api.ts';

export type Balance = Readonly<{
  asset: string;
  available: string;
  held: string;
  reserved: string;
  total: string;
}>;
export type AccountView = Readonly<{
  accountId: string;
  kind: string;
  status: string;
  balances: readonly Balance[];
  creditLimits: readonly Readonly<{ asset: string; amount: string }>[];
  references: readonly Readonly<{ provider: string; kind: string; externalId: string }>[];
}>;

/** Units by `account asset bucket`; what is zero is not in it, so that unnamed and zero are one. */
export type Units = ReadonlyMap<string, bigint>;

export function unitsOf(amount: string, assetCode: string): bigint {
  const asset = assetOf(assetCode);
  const parsed = asset.ok ? parseAmount(amount, asset.value) : asset;
  if (!parsed.ok) throw new Error(`${amount} ${assetCode}: ${parsed.error.message}`);
  return parsed.value.units;
}

/** Every balance of every account, as the API answers them at a position. */
export async function balancesAt(api: HttpApi, position: string): Promise<Units> {
  const accounts = await api.list<AccountView>(`/v1/accounts?minPosition=${position}`);
  return unitsBy(
    accounts.flatMap(({ accountId, balances }) =>
      balances.flatMap(({ asset, available, held, reserved }) => [
        [`${accountId} ${asset} available`, unitsOf(available, asset)],
        [`${accountId} ${asset} held`, unitsOf(held, asset)],
        [`${accountId} ${asset} reserved`, unitsOf(reserved, asset)],
      ]),
    ),
  );
}

/** What the open holds of an account add up to must be what it shows as held. */
export async function heldByHoldsAt(
  api: HttpApi,
  accountId: string,
  position: string,
): Promise<Units> {
  const holds = await api.list<Readonly<{ amount: Readonly<{ asset: string; amount: string }> }>>(
    `/v1/accounts/${accountId}/holds?minPosition=${position}`,
  );
  return unitsBy(
    holds.map(({ amount: { asset, amount } }) => [
      `${accountId} ${asset} held`,
      unitsOf(amount, asset),
    ]),
  );
}

export const unitsOfBooks = (books: BookTexts): Units =>
  unitsBy(
    Object.entries(books).flatMap(([accountId, byAsset]) =>
      Object.entries(byAsset).flatMap(([asset, buckets]) =>
        Object.entries(buckets).map(([bucket, amount]): readonly [string, bigint] => [
          `${accountId} ${asset} ${bucket}`,
          unitsOf(amount, asset),
        ]),
      ),
    ),
  );

/** What `after` has more than `before`, which may be negative. */
export const difference = (after: Units, before: Units): Units =>
  unitsBy([...after, ...[...before].map(([name, units]) => [name, -units] as const)]);

function unitsBy(entries: readonly (readonly [string, bigint])[]): Units {
  const sums = new Map<string, bigint>();
  for (const [name, units] of entries) sums.set(name, (sums.get(name) ?? 0n) + units);
  return new Map([...sums].filter(([, units]) => units !== 0n));
}
