import type { OrderKind, Reference } from '@counterfoil/domain';
import {
  type Account,
  type AccountFilters,
  accountHolds,
  accountStatement,
  type Authorization,
  cardAuthorizations,
  type Card,
  type CardFilters,
  type CardName,
  findAccount,
  findAccountByReference,
  findCard,
  findInvoice,
  findOrder,
  findReview,
  findSuspense,
  findTransaction,
  type Hold,
  type HoldFilters,
  type Invoice,
  type InvoiceFilters,
  listAccounts,
  listCards,
  listInvoices,
  listOrders,
  listReviews,
  listSuspense,
  type ModelName,
  type OrderFilters,
  type OrderView,
  type PageOf,
  type PageRequest,
  type Position,
  readModelPosition,
  type ReviewFilters,
  type ReviewView,
  type StatementFilters,
  type StatementLine,
  type SuspenseEntry,
  type SuspenseFilters,
  type TransactionView,
} from '@counterfoil/read-models';
import type { Database } from '@counterfoil/runtime';

/** What the routes ask of the read models. Finds are null when there is nothing. */
export type ReadModels = Readonly<{
  /** The position that all of these models have reached. */
  position: (models: readonly ModelName[]) => Promise<Position>;
  listAccounts: (filters: AccountFilters) => Promise<PageOf<Account>>;
  findAccount: (accountId: string) => Promise<Account | null>;
  findAccountByReference: (reference: Reference) => Promise<Account | null>;
  accountStatement: (filters: StatementFilters) => Promise<PageOf<StatementLine>>;
  accountHolds: (filters: HoldFilters) => Promise<PageOf<Hold>>;
  listCards: (filters: CardFilters) => Promise<PageOf<Card>>;
  findCard: (card: CardName) => Promise<Card | null>;
  cardAuthorizations: (filters: PageRequest & CardName) => Promise<PageOf<Authorization>>;
  listInvoices: (filters: InvoiceFilters) => Promise<PageOf<Invoice>>;
  findInvoice: (provider: string, id: string) => Promise<Invoice | null>;
  listOrders: (kind: OrderKind, filters: OrderFilters) => Promise<PageOf<OrderView>>;
  findOrder: (kind: OrderKind, provider: string, id: string) => Promise<OrderView | null>;
  findTransaction: (transactionId: string) => Promise<TransactionView | null>;
  listSuspense: (filters: SuspenseFilters) => Promise<PageOf<SuspenseEntry>>;
  listReviews: (filters: ReviewFilters) => Promise<PageOf<ReviewView>>;
  findReview: (reviewId: string) => Promise<ReviewView | null>;
  /** What one waiting account keeps, an entry for each asset; empty when it keeps nothing. */
  findSuspense: (id: string) => Promise<readonly SuspenseEntry[]>;
}>;

export const postgresReadModels = (database: Database): ReadModels => ({
  position: (models) => readModelPosition(database, models),
  listAccounts: (filters) => listAccounts(database, filters),
  findAccount: (id) => findAccount(database, id),
  findAccountByReference: (reference) => findAccountByReference(database, reference),
  accountStatement: (filters) => accountStatement(database, filters),
  accountHolds: (filters) => accountHolds(database, filters),
  listCards: (filters) => listCards(database, filters),
  findCard: (card) => findCard(database, card),
  cardAuthorizations: (filters) => cardAuthorizations(database, filters),
  listInvoices: (filters) => listInvoices(database, filters),
  findInvoice: (provider, id) => findInvoice(database, provider, id),
  listOrders: (kind, filters) => listOrders(database, kind, filters),
  findOrder: (kind, provider, id) => findOrder(database, kind, provider, id),
  findTransaction: (id) => findTransaction(database, id),
  listSuspense: (filters) => listSuspense(database, filters),
  listReviews: (filters) => listReviews(database, filters),
  findReview: (id) => findReview(database, id),
  findSuspense: (id) => findSuspense(database, id),
});
