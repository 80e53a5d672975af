import { accountsProjection } from './accounts/projection.ts';
import { balancesProjection } from './balances/projection.ts';
import { cardsProjection } from './cards/projection.ts';
import { holdsProjection } from './holds/projection.ts';
import { invoicesProjection } from './invoices/projection.ts';
import type { ModelName } from './model-name.ts';
import { ordersProjection } from './orders/projection.ts';
import type { Projection } from './projection.ts';
import { reviewsProjection } from './reviews/projection.ts';
import { statementProjection } from './statement/projection.ts';
import { suspenseProjection } from './suspense/projection.ts';
import { transactionsProjection } from './transactions/projection.ts';

export const projectionOf: Readonly<Record<ModelName, Projection>> = {
  accounts: accountsProjection,
  balances: balancesProjection,
  statement: statementProjection,
  holds: holdsProjection,
  cards: cardsProjection,
  invoices: invoicesProjection,
  orders: ordersProjection,
  transactions: transactionsProjection,
  suspense: suspenseProjection,
  reviews: reviewsProjection,
};

export const allProjections: readonly Projection[] = Object.values(projectionOf);
