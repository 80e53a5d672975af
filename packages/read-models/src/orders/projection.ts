import type { Projection } from '../projection.ts';
import { workingRows } from '../table/working-rows.ts';
import { applyTopUps } from '../top-ups/apply-top-ups.ts';
import { topUpCreditTable, topUpTable, topUpTables } from '../top-ups/schema.ts';
import { applyToOrders } from './order-book.ts';
import { namesIn } from './order-names.ts';
import { orderIdTable, orderNameTable, orderTable, orderTables } from './schema.ts';

export const ordersProjection: Projection = {
  name: 'orders',
  version: 5,
  // Top-ups are kept with the orders: each model costs every batch a database transaction.
  tables: [...orderTables, ...topUpTables],
  tableNames: [
    orderTable.name,
    orderNameTable.name,
    orderIdTable.name,
    topUpTable.name,
    topUpCreditTable.name,
  ],
  apply: async (batch, session) => {
    await applyTopUps(batch, session);
    const asked = batch.flatMap(namesIn).map((name) => ({ name }));
    if (asked.length === 0) return;
    const names = await workingRows(session, orderNameTable, asked);
    const known = asked.flatMap((name) => names.get(name) ?? []);
    const orders = await workingRows(session, orderTable, known);
    const ids = await workingRows(session, orderIdTable, []);
    for (const recorded of batch) applyToOrders({ orders, names, ids }, recorded);
    await orders.flush();
    await names.flush();
    await ids.flush();
  },
};
