import type { Instant, ReviewReason, Ruling } from '@counterfoil/domain';
import { createTable, type TableShape } from '../table/table-shape.ts';

export type ReviewStatus = 'open' | 'resolved';

export type ReviewRow = Readonly<{
  reviewId: string;
  /** The stream that a `ResolveReview` command goes to. */
  stream: string;
  status: ReviewStatus;
  reason: ReviewReason;
  subject: string;
  deliveries: Readonly<{ ids: readonly string[] }>;
  openedAt: Instant;
  resolvedAt: Instant | null;
  /** Null while open, and where a later fact settled it without a person. */
  ruling: Ruling | null;
  note: string | null;
  actor: string | null;
}>;

export const reviewTable: TableShape<ReviewRow> = {
  name: 'reviews',
  columns: {
    reviewId: 'text',
    stream: 'text',
    status: 'text',
    reason: 'text',
    subject: 'text',
    deliveries: 'json',
    openedAt: 'instant',
    resolvedAt: 'instant?',
    ruling: 'text?',
    note: 'text?',
    actor: 'text?',
  },
  key: ['reviewId'],
};

export const reviewTables: readonly string[] = [
  createTable(reviewTable),
  'create index on reviews (status, opened_at, review_id)',
];
