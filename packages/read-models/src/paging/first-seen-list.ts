import { type Instant, instantText } from '@counterfoil/domain';
import type { PageRequest } from './page.ts';
import { type SqlFilters, sqlFilters } from './sql-filters.ts';

/** How lists of what has a life of its own are narrowed: invoices, payouts, withdrawals. */
export type FirstSeenFilters<Status extends string> = PageRequest &
  Readonly<{
    provider?: string | undefined;
    status?: Status | undefined;
    accountId?: string | undefined;
    /** First seen at or after this time, */
    from?: Instant | undefined;
    /** and before this one. */
    to?: Instant | undefined;
  }>;

/** The conditions of one page of such a list, the latest first seen first, then by `idColumn`. */
export function firstSeenConditions(
  filters: FirstSeenFilters<string>,
  after: readonly string[] | null,
  idColumn: string,
): SqlFilters {
  const where = sqlFilters();
  where.add(filters.provider, (value) => `provider = ${value}`);
  where.add(filters.status, (value) => `status = ${value}`);
  where.add(filters.accountId, (value) => `account_id = ${value}`);
  where.add(textOf(filters.from), (value) => `first_seen_at >= ${value}`);
  where.add(textOf(filters.to), (value) => `first_seen_at < ${value}`);
  const key = [
    { sql: 'first_seen_at', type: 'timestamptz' },
    { sql: 'provider', type: 'text' },
    { sql: idColumn, type: 'text' },
  ];
  where.addKey(after, key, '<');
  return where;
}

const textOf = (at: Instant | undefined) => (at === undefined ? undefined : instantText(at));
