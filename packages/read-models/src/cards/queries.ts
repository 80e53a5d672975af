import {
  type Asset,
  type CardStatus,
  formatUnits,
  type Instant,
  instantText,
  type MoneyText,
} from '@counterfoil/domain';
import type { SqlSession } from '@counterfoil/runtime';
import { type PageOf, type PageRequest, readPage } from '../paging/page.ts';
import { sqlFilters } from '../paging/sql-filters.ts';
import { rowOfSql } from '../table/row-codec.ts';
import { columnList } from '../table/table-shape.ts';
import {
  type AuthorizationRow,
  type AuthorizationStatus,
  authorizationTable,
  type CardRow,
  cardTable,
} from './schema.ts';

export type Card = Readonly<{
  provider: string;
  cardId: string;
  accountId: string | null;
  /** Null until the provider has reported a state. */
  status: CardStatus | null;
  reason: string | null;
  /** The balance as the provider states it; compared, never posted. */
  reportedBalance: MoneyText | null;
  changedAt: string | null;
  firstSeenAt: string;
}>;

export type CardFilters = PageRequest &
  Readonly<{
    provider?: string | undefined;
    accountId?: string | undefined;
    status?: CardStatus | undefined;
  }>;

/** In the order provider, card id. */
export async function listCards(session: SqlSession, filters: CardFilters): Promise<PageOf<Card>> {
  return readPage({
    list: 'cards',
    request: filters,
    key: ['text', 'text'],
    keyOf: (row: CardRow) => [row.provider, row.cardId],
    show: showCard,
    read: async (after, limit) => {
      const where = sqlFilters();
      where.add(filters.provider, (value) => `provider = ${value}`);
      where.add(filters.accountId, (value) => `account_id = ${value}`);
      where.add(filters.status, (value) => `status = ${value}`);
      const key = [
        { sql: 'provider', type: 'text' },
        { sql: 'card_id', type: 'text' },
      ];
      where.addKey(after, key, '>');
      const { rows } = await session.query(
        `select ${columnList(cardTable)} from read_cards.cards
         ${where.where()} order by provider, card_id limit ${limit}`,
        where.values(),
      );
      return rows.map((sqlRow) => rowOfSql(cardTable, sqlRow));
    },
  });
}

export type CardName = Readonly<{ provider: string; cardId: string }>;

/** Null when nothing ever named the card. */
export async function findCard(session: SqlSession, card: CardName): Promise<Card | null> {
  const { rows } = await session.query(
    `select ${columnList(cardTable)} from read_cards.cards where provider = $1 and card_id = $2`,
    [card.provider, card.cardId],
  );
  const found = rows[0];
  return found === undefined ? null : showCard(rowOfSql(cardTable, found));
}

export type Authorization = Readonly<{
  authorizationId: string;
  provider: string;
  cardId: string;
  status: AuthorizationStatus;
  reason: string | null;
  amount: MoneyText | null;
  held: MoneyText;
  cleared: MoneyText;
  merchant: Readonly<{ name: string | null; categoryCode: string | null }>;
  requestedAt: string;
  changedAt: string;
  /** When the open hold ends by itself; null when nothing is held. */
  expiresAt: string | null;
}>;

/** The latest recorded first. */
export async function cardAuthorizations(
  session: SqlSession,
  filters: PageRequest & CardName,
): Promise<PageOf<Authorization>> {
  return readPage({
    list: 'authorizations',
    request: filters,
    key: ['instant', 'text'],
    keyOf: (row: AuthorizationRow) => [instantText(row.firstSeenAt), row.purchaseKey],
    show: showAuthorization,
    read: async (after, limit) => {
      const where = sqlFilters();
      where.add(filters.provider, (value) => `provider = ${value}`);
      where.add(filters.cardId, (value) => `card_id = ${value}`);
      const key = [
        { sql: 'first_seen_at', type: 'timestamptz' },
        { sql: 'purchase_key', type: 'text' },
      ];
      where.addKey(after, key, '<');
      const { rows } = await session.query(
        `select ${columnList(authorizationTable)} from read_cards.card_authorizations
         ${where.where()} order by first_seen_at desc, purchase_key desc limit ${limit}`,
        where.values(),
      );
      return rows.map((sqlRow) => rowOfSql(authorizationTable, sqlRow));
    },
  });
}

const moneyOf = (asset: string, units: bigint): MoneyText => ({
  asset,
  amount: formatUnits(units, asset as Asset),
});
const instantOrNull = (at: Instant | null) => (at === null ? null : instantText(at));

const showCard = (row: CardRow): Card => ({
  provider: row.provider,
  cardId: row.cardId,
  accountId: row.accountId,
  status: row.status,
  reason: row.reason,
  reportedBalance:
    row.reportedAsset === null || row.reportedUnits === null
      ? null
      : moneyOf(row.reportedAsset, row.reportedUnits),
  changedAt: instantOrNull(row.changedAt),
  firstSeenAt: instantText(row.firstSeenAt),
});

const showAuthorization = (row: AuthorizationRow): Authorization => ({
  authorizationId: row.authorizationId,
  provider: row.provider,
  cardId: row.cardId,
  status: row.status,
  reason: row.reason,
  amount: row.amountUnits === null ? null : moneyOf(row.asset, row.amountUnits),
  held: moneyOf(row.asset, row.heldUnits),
  cleared: moneyOf(row.asset, row.clearedUnits),
  merchant: { name: row.merchantName, categoryCode: row.merchantCategoryCode },
  requestedAt: instantText(row.requestedAt),
  changedAt: instantText(row.changedAt),
  expiresAt: row.heldUnits > 0n ? instantOrNull(row.expiresAt) : null,
});
