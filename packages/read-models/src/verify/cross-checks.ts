import type { SqlSession } from '@counterfoil/runtime';
import { orderTable } from '../orders/schema.ts';
import { rowOfSql } from '../table/row-codec.ts';
import { columnList } from '../table/table-shape.ts';
import type { CheckResult } from './book-checks.ts';

/** Of the serving rows, by themselves: double entry leaves nothing over. */
export async function checkSumZero(session: SqlSession): Promise<CheckResult> {
  const { rows } = await session.query(
    `select asset, sum(input - output)::text as units from read_balances.balances
     group by asset having sum(input - output) <> 0 order by asset`,
  );
  return resultOf(
    'sum-of-balances-zero',
    rows.map((row) => `${String(row['asset'])} sums to ${String(row['units'])} units`),
  );
}

/** Of the derived rows at one position: where a statement ends, the balance stands. */
export async function checkStatementEnds(session: SqlSession): Promise<CheckResult> {
  const { rows } = await session.query(
    `with last_lines as (
       select distinct on (account_id, asset) account_id, asset, available, held, reserved
       from pg_temp.statement_lines order by account_id, asset, version desc
     ), ends as (
       select 'accounts:' || account_id || ':available' as address, asset, available as units from last_lines
       union all select 'accounts:' || account_id || ':held', asset, held from last_lines
       union all select 'accounts:' || account_id || ':reserved', asset, reserved from last_lines
     ), kept as (
       select address, asset, input - output as units from pg_temp.balances where address like 'accounts:%'
     )
     select coalesce(ends.address, kept.address) as address, coalesce(ends.asset, kept.asset) as asset,
       ends.units::text as ends, kept.units::text as kept
     from ends full join kept using (address, asset)
     where coalesce(ends.units, 0) <> coalesce(kept.units, 0) order by 1, 2`,
  );
  return resultOf(
    'statement-ends-in-balance',
    rows.map(
      (row) =>
        `${String(row['address'])} ${String(row['asset'])} is ${String(row['kept'])} units, its statement ends at ${String(row['ends'])}`,
    ),
  );
}

/** Of the derived rows against the log's own sums: what is reserved belongs to open orders. */
export async function checkReserved(
  session: SqlSession,
  balances: ReadonlyMap<string, bigint>,
): Promise<CheckResult> {
  const { rows } = await session.query(
    `select ${columnList(orderTable)} from pg_temp.orders where is_reserving order by order_key`,
  );
  const open = new Map<string, bigint>();
  for (const row of rows)
    for (const { accountId, amount } of rowOfSql(orderTable, row).detail.reserves) {
      const place = `accounts:${accountId}:reserved ${amount.asset}`;
      open.set(place, (open.get(place) ?? 0n) + amount.units);
    }
  const reserved = [...balances.keys()].filter((place) => /^accounts:[^:]+:reserved /.test(place));
  const wrong = [...new Set([...reserved, ...open.keys()])].filter(
    (place) => (balances.get(place) ?? 0n) !== (open.get(place) ?? 0n),
  );
  return resultOf(
    'reserved-equals-open-orders',
    wrong.map(
      (place) =>
        `${place} is ${balances.get(place) ?? 0n} units, its open orders ${open.get(place) ?? 0n}`,
    ),
  );
}

const resultOf = (name: string, found: readonly string[]): CheckResult => ({
  name,
  ok: found.length === 0,
  drift: found.length,
  first: found[0] ?? null,
});
