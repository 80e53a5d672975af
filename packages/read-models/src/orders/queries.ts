import {
  instantText,
  type Money,
  type MoneyText,
  moneyText,
  type OrderKind,
} from '@counterfoil/domain';
import type { SqlSession } from '@counterfoil/runtime';
import { type HistoryLine, showHistory } from '../history-entry.ts';
import { type FirstSeenFilters, firstSeenConditions } from '../paging/first-seen-list.ts';
import { type PageOf, readPage } from '../paging/page.ts';
import { rowOfSql } from '../table/row-codec.ts';
import { columnList } from '../table/table-shape.ts';
import { type OrderRow, type OrderStatus, orderTable } from './schema.ts';

/** A payout or a withdrawal. */
export type OrderView = Readonly<{
  provider: string;
  id: string;
  accountId: string | null;
  status: OrderStatus;
  amount: MoneyText | null;
  fee: MoneyText | null;
  chainHash: string | null;
  destination: string | null;
  firstSeenAt: string;
  changedAt: string;
  references: Readonly<Record<string, string>>;
  history: readonly HistoryLine[];
}>;

export type OrderFilters = FirstSeenFilters<OrderStatus>;

/** The latest first seen first. */
export async function listOrders(
  session: SqlSession,
  kind: OrderKind,
  filters: OrderFilters,
): Promise<PageOf<OrderView>> {
  return readPage({
    list: kind,
    request: filters,
    key: ['instant', 'text', 'text'],
    keyOf: (row: OrderRow) => [instantText(row.firstSeenAt), row.provider, row.orderId],
    show: showOrder,
    read: async (after, limit) => {
      const where = firstSeenConditions(filters, after, 'order_id');
      where.add(kind, (value) => `kind = ${value}`);
      const { rows } = await session.query(
        `select ${columnList(orderTable)} from read_orders.orders ${where.where()}
         order by first_seen_at desc, provider desc, order_id desc limit ${limit}`,
        where.values(),
      );
      return rows.map((sqlRow) => rowOfSql(orderTable, sqlRow));
    },
  });
}

/**
 * By the order's own id or any other id that the provider used with it. An order that goes by names
 * of both kinds is found by each, whichever it is listed as. Null when there is none, and when an
 * id that is not its own was used with several orders.
 */
export async function findOrder(
  session: SqlSession,
  kind: OrderKind,
  provider: string,
  externalId: string,
): Promise<OrderView | null> {
  const name = `${provider}:${kind}:${externalId}`;
  const { rows } = await session.query(
    `select ${columnList(orderTable)} from read_orders.orders
     where order_key in (
       select order_key from read_orders.order_names
       where name in ($2 || ':payout:' || $3, $2 || ':withdrawal:' || $3)
       union all
       select order_key from read_orders.order_ids where provider = $2 and external_id = $3
     ) and (
       kind = $1
       or order_key in (select order_key from read_orders.order_names where name = $5)
     ) order by order_key limit $4`,
    [kind, provider, externalId, candidatesMax, name],
  );
  const found = rows.map((sqlRow) => rowOfSql(orderTable, sqlRow));
  const own = found.find((row) => row.detail.names.includes(name));
  const only = own ?? (found.length === 1 ? found[0] : undefined);
  return only === undefined ? null : showOrder(only);
}

/** Enough to tell one from several; an id used with more than these names nothing in particular. */
const candidatesMax = 20;

const moneyOrNull = (money: Money | null) => (money === null ? null : moneyText(money));

const showOrder = (row: OrderRow): OrderView => ({
  provider: row.provider,
  id: row.orderId,
  accountId: row.accountId,
  status: row.status,
  amount: moneyOrNull(row.detail.amount),
  fee: moneyOrNull(row.detail.fee),
  chainHash: row.detail.chainHash,
  destination: row.detail.destination,
  firstSeenAt: instantText(row.firstSeenAt),
  changedAt: instantText(row.changedAt),
  references: row.detail.references,
  history: showHistory(row.detail.history),
});
