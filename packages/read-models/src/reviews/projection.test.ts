import { accountId } from '@counterfoil/domain';
import { expect, test } from 'vitest';
import { projectLog } from '../testing/project-log.ts';
import { cause, fact, noEffect, sampleLog, usd } from '../testing/sample-log.ts';
import { withModels } from '../testing/with-models.ts';
import { findReview, listReviews } from './queries.ts';

const models = withModels();
const review = {
  reviewId: 'variant-differs|e',
  reason: 'variant-differs',
  subject: 'clearing',
  deliveryIds: ['delivery-1', 'delivery-2'],
} as const;
const repeated = cause('FeeCharged', {
  feeId: 'f',
  kind: 'other',
  amount: usd('1'),
  relatedTo: null,
});

test('a review is open with both deliveries until someone rules, and says who ruled what', async () => {
  const log = sampleLog();
  log.record('account-a', {
    type: 'EffectRepeated',
    data: fact(repeated, { ...noEffect, reviewsOpened: [review] }),
  });
  await projectLog(models.database, log.events());
  expect(await listReviews(models.database, { status: 'open', accountId: 'a' })).toMatchObject({
    value: { data: [{ ...review, status: 'open', accountId: 'a', ruling: null }] },
  });

  log.record('account-a', {
    type: 'ReviewResolved',
    data: {
      reviewId: review.reviewId,
      ruling: 'first-stands',
      note: 'checked',
      actor: 'ann',
      effect: { ...noEffect, reviewsClosed: [review.reviewId] },
    },
  });
  await projectLog(models.database, log.events());
  expect(await findReview(models.database, review.reviewId)).toMatchObject({
    status: 'resolved',
    ruling: 'first-stands',
    note: 'checked',
    actor: 'ann',
    openedAt: '2026-01-01T00:00:01.000Z',
    resolvedAt: '2026-01-01T00:00:02.000Z',
  });
  expect(await listReviews(models.database, { status: 'open' })).toMatchObject({
    value: { data: [] },
  });
});

test('an invoice opens reviews of its own, which belong to no account', async () => {
  const log = sampleLog();
  log.record('invoice-calypso:I', {
    type: 'InvoiceReviewRequired',
    data: {
      cause: cause('InvoiceReviewRequired', {
        invoiceId: 'I',
        reason: 'underpaid',
        receivedTotal: null,
      }),
      accountId: accountId('m'),
      status: 'review',
      reviewsOpened: [{ ...review, reason: 'underpaid' }],
      reviewsClosed: [],
    },
  });
  await projectLog(models.database, log.events());
  expect(await findReview(models.database, review.reviewId)).toMatchObject({
    stream: 'invoice-calypso:I',
    accountId: null,
    reason: 'underpaid',
  });
});
