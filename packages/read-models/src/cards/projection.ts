import type { Projection } from '../projection.ts';
import { workingRows } from '../table/working-rows.ts';
import { authorizationAfter } from './authorization-after.ts';
import { cardAfter } from './card-after.ts';
import { cardsNamedBy, purchasesNamedBy, type PurchaseName } from './card-name.ts';
import { authorizationTable, cardTable, cardTables } from './schema.ts';

export const cardsProjection: Projection = {
  name: 'cards',
  version: 2,
  tables: cardTables,
  tableNames: [cardTable.name, authorizationTable.name],
  apply: async (batch, session) => {
    const cards = await workingRows(session, cardTable, batch.flatMap(cardsNamedBy));
    const purchases = await workingRows(
      session,
      authorizationTable,
      batch.flatMap(purchasesNamedBy),
    );
    for (const recorded of batch) {
      for (const key of cardsNamedBy(recorded)) cards.put(cardAfter(cards.get(key), key, recorded));
      for (const key of distinct(purchasesNamedBy(recorded))) {
        const after = authorizationAfter(purchases.get(key), key, recorded);
        if (after !== null) purchases.put(after);
      }
    }
    await cards.flush();
    await purchases.flush();
  },
};

/** An event may name a purchase by its hold and by its id: it counts once. */
const distinct = (names: readonly PurchaseName[]): readonly PurchaseName[] => [
  ...new Map(names.map((name) => [JSON.stringify(Object.entries(name).sort()), name])).values(),
];
