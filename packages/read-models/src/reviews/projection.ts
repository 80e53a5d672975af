import { type RecordedEvent, reviewsClosedBy, reviewsOpenedBy } from '../ledger-event.ts';
import type { Projection } from '../projection.ts';
import { workingRows } from '../table/working-rows.ts';
import { type ReviewRow, reviewTable, reviewTables } from './schema.ts';

export const reviewsProjection: Projection = {
  name: 'reviews',
  version: 1,
  tables: reviewTables,
  tableNames: [reviewTable.name],
  apply: async (batch, session) => {
    const touched = batch.flatMap((recorded) => [
      ...reviewsOpenedBy(recorded).map(({ reviewId }) => ({ reviewId })),
      ...reviewsClosedBy(recorded).map((reviewId) => ({ reviewId })),
    ]);
    const reviews = await workingRows(session, reviewTable, touched);
    for (const recorded of batch) {
      for (const reviewId of reviewsClosedBy(recorded)) {
        const known = reviews.get({ reviewId });
        if (known !== undefined) reviews.put(closed(known, recorded));
      }
      for (const row of opened(recorded)) {
        // Moving money closes its reviews here and opens them there: they stay as old as they are.
        reviews.put({ ...row, openedAt: reviews.get(row)?.openedAt ?? row.openedAt });
      }
    }
    await reviews.flush();
  },
};

const opened = (recorded: RecordedEvent): readonly ReviewRow[] =>
  reviewsOpenedBy(recorded).map(({ reviewId, reason, subject, deliveryIds }) => ({
    reviewId,
    stream: recorded.stream,
    status: 'open',
    reason,
    subject,
    deliveries: { ids: deliveryIds },
    openedAt: recorded.recordedAt,
    resolvedAt: null,
    ruling: null,
    note: null,
    actor: null,
  }));

function closed(review: ReviewRow, recorded: RecordedEvent): ReviewRow {
  const { data } = recorded.event;
  const isRuledOn = 'ruling' in data && data.reviewId === review.reviewId;
  const { ruling, note, actor } = isRuledOn ? data : review;
  return { ...review, status: 'resolved', resolvedAt: recorded.recordedAt, ruling, note, actor };
}
