import { type Instant, instantText, type ReviewReason, type Ruling } from '@counterfoil/domain';
import type { SqlSession } from '@counterfoil/runtime';
import { type PageOf, type PageRequest, readPage } from '../paging/page.ts';
import { sqlFilters } from '../paging/sql-filters.ts';
import { rowOfSql } from '../table/row-codec.ts';
import { columnList } from '../table/table-shape.ts';
import { type ReviewRow, type ReviewStatus, reviewTable } from './schema.ts';

export type ReviewView = Readonly<{
  reviewId: string;
  status: ReviewStatus;
  reason: ReviewReason;
  subject: string;
  /** The account's, invoice's, reference's or suspense stream that keeps the review. */
  stream: string;
  /** Null for a review of an invoice, a reference or of suspense. */
  accountId: string | null;
  deliveryIds: readonly string[];
  openedAt: string;
  resolvedAt: string | null;
  ruling: Ruling | null;
  note: string | null;
  actor: string | null;
}>;

export type ReviewFilters = PageRequest &
  Readonly<{ status?: ReviewStatus | undefined; accountId?: string | undefined }>;

/** The longest open first. */
export async function listReviews(
  session: SqlSession,
  filters: ReviewFilters,
): Promise<PageOf<ReviewView>> {
  return readPage({
    list: 'reviews',
    request: filters,
    key: ['instant', 'text'],
    keyOf: (row: ReviewRow) => [instantText(row.openedAt), row.reviewId],
    show: showReview,
    read: async (after, limit) => {
      const where = sqlFilters();
      where.add(filters.status, (value) => `status = ${value}`);
      const stream = filters.accountId === undefined ? undefined : `account-${filters.accountId}`;
      where.add(stream, (value) => `stream = ${value}`);
      const key = [
        { sql: 'opened_at', type: 'timestamptz' },
        { sql: 'review_id', type: 'text' },
      ];
      where.addKey(after, key, '>');
      const { rows } = await session.query(
        `select ${columnList(reviewTable)} from read_reviews.reviews
         ${where.where()} order by opened_at, review_id limit ${limit}`,
        where.values(),
      );
      return rows.map((sqlRow) => rowOfSql(reviewTable, sqlRow));
    },
  });
}

/** Null when there is none. */
export async function findReview(
  session: SqlSession,
  reviewId: string,
): Promise<ReviewView | null> {
  const { rows } = await session.query(
    `select ${columnList(reviewTable)} from read_reviews.reviews where review_id = $1`,
    [reviewId],
  );
  const found = rows[0];
  return found === undefined ? null : showReview(rowOfSql(reviewTable, found));
}

const accountStream = 'account-';
const instantOrNull = (at: Instant | null) => (at === null ? null : instantText(at));

const showReview = (row: ReviewRow): ReviewView => ({
  reviewId: row.reviewId,
  status: row.status,
  reason: row.reason,
  subject: row.subject,
  stream: row.stream,
  accountId: row.stream.startsWith(accountStream) ? row.stream.slice(accountStream.length) : null,
  deliveryIds: row.deliveries.ids,
  openedAt: instantText(row.openedAt),
  resolvedAt: instantOrNull(row.resolvedAt),
  ruling: row.ruling,
  note: row.note,
  actor: row.actor,
});
