import type { WorkingRows } from '../table/working-rows.ts';
import type { OrderIdRow, OrderNameRow, OrderRow } from './schema.ts';

/** The orders of a batch with every name and id that they go by. */
export type OrderBook = Readonly<{
  orders: WorkingRows<OrderRow>;
  names: WorkingRows<OrderNameRow>;
  ids: WorkingRows<OrderIdRow>;
}>;

export function orderByName(book: OrderBook, name: string): OrderRow | undefined {
  const orderKey = book.names.get({ name })?.orderKey;
  return orderKey === undefined ? undefined : book.orders.get({ orderKey });
}
