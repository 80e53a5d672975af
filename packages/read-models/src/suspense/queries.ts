import { type Asset, formatUnits, instantText } from '@counterfoil/domain';
import type { SqlSession } from '@counterfoil/runtime';
import type { ReferenceText } from '../accounts/reference-queries.ts';
import { type PageOf, type PageRequest, readPage } from '../paging/page.ts';
import { sqlFilters } from '../paging/sql-filters.ts';
import { rowOfSql } from '../table/row-codec.ts';
import { columnList } from '../table/table-shape.ts';
import { type SuspenseRow, suspenseTable, type WaitingRow, waitingTable } from './schema.ts';

export type SuspenseEntry = Readonly<{
  /** Of the waiting account: all its assets are attributed together. */
  id: string;
  provider: string;
  /** Whose owner is not known; null where the provider named nobody. */
  reference: ReferenceText | null;
  asset: string;
  /** May be negative: a fact that took money posts too. */
  amount: string;
  reason: 'reference-not-linked' | 'no-reference';
  since: string;
  lastEventType: string;
  lastDeliveryId: string | null;
}>;

export type SuspenseFilters = PageRequest & Readonly<{ provider?: string | undefined }>;

/** Every cent that waits for its owner, in the order of ids and assets. */
export async function listSuspense(
  session: SqlSession,
  filters: SuspenseFilters,
): Promise<PageOf<SuspenseEntry>> {
  return readPage({
    list: 'suspense',
    request: filters,
    key: ['text', 'text'],
    keyOf: (row: SuspenseRow & WaitingRow) => [row.stream, row.asset],
    show: showEntry,
    read: async (after, limit) => {
      const where = sqlFilters();
      where.add(filters.provider, (value) => `waiting.provider = ${value}`);
      const key = [
        { sql: 'money.stream', type: 'text' },
        { sql: 'money.asset', type: 'text' },
      ];
      where.addKey(after, key, '>');
      const { rows } = await session.query(
        `${selectEntries} ${where.where()} order by money.stream, money.asset limit ${limit}`,
        where.values(),
      );
      return rows.map(entryRow);
    },
  });
}

/** What one waiting account keeps, empty when it keeps nothing. */
export async function findSuspense(
  session: SqlSession,
  id: string,
): Promise<readonly SuspenseEntry[]> {
  const { rows } = await session.query(
    `${selectEntries} where waiting.waiting_id = $1 order by money.asset`,
    [id],
  );
  return rows.map((sqlRow) => showEntry(entryRow(sqlRow)));
}

const selectEntries = `
  select ${columnList(suspenseTable, 'money')}, waiting.waiting_id, waiting.provider,
    waiting.reference_kind, waiting.reference_external_id
  from read_suspense.suspense_money as money
  join read_suspense.waiting_accounts as waiting using (stream)`;

const entryRow = (sqlRow: Readonly<Record<string, unknown>>): SuspenseRow & WaitingRow => ({
  ...rowOfSql<SuspenseRow>(suspenseTable, sqlRow),
  ...rowOfSql<WaitingRow>(waitingTable, sqlRow),
});

function showEntry(row: SuspenseRow & WaitingRow): SuspenseEntry {
  const { referenceKind: kind, referenceExternalId: externalId } = row;
  const reference =
    kind === null || externalId === null ? null : { provider: row.provider, kind, externalId };
  return {
    id: row.waitingId,
    provider: row.provider,
    reference,
    asset: row.asset,
    amount: formatUnits(row.units, row.asset as Asset),
    reason: reference === null ? 'no-reference' : 'reference-not-linked',
    since: instantText(row.since),
    lastEventType: row.lastEventType,
    lastDeliveryId: row.lastDeliveryId,
  };
}
