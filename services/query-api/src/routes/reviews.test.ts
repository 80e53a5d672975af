import { accountId, checkpoint, err, eventId, instant, ok } from '@counterfoil/domain';
import type { ReviewView } from '@counterfoil/read-models';
import { beforeEach, afterEach, describe, expect, it } from 'vitest';
import { type ApiUnderTest, apiUnderTest } from '../testing/api-under-test.ts';

let api: ApiUnderTest;
let review: ReviewView;

beforeEach(async () => {
  review = {
    reviewId: 'variant-differs|e-1',
    status: 'open',
    reason: 'variant-differs',
    subject: 'clearing:1',
    stream: 'account-p-1',
    accountId: 'p-1',
    deliveryIds: ['d-1', 'd-2', 'gone'],
    openedAt: '2026-01-01T00:00:00.000Z',
    resolvedAt: null,
    ruling: null,
    note: null,
    actor: null,
  };
  api = await apiUnderTest({
    readModels: {
      position: async () => checkpoint('5'),
      listReviews: async ({ status }) =>
        ok({ data: status === review.status ? [review] : [], nextCursor: null }),
      findReview: async (id) => (id === review.reviewId ? review : null),
    },
    commands: {
      resolveReview: async ({ reviewId, stream, ruling, note }, { actor }) => {
        if (ruling === 'failure-confirmed')
          return err({ code: 'ruling-not-applicable', message: 'Nothing was sent.' });
        expect([reviewId, stream]).toEqual([review.reviewId, review.stream]);
        review = { ...review, status: 'resolved', ruling, note, actor };
        return ok({ accountId: accountId('p-1'), position: checkpoint('5') });
      },
    },
    inboundWebhooks: {
      find: async (id) =>
        id === 'gone'
          ? null
          : {
              id,
              provider: 'cryptomate',
              dialect: 'v1',
              receivedAt: instant(0),
              status: 'variant',
              reason: null,
              bodySha256: id,
              counterpartOf: [],
              body: Buffer.from(`{"of":"${id}"}`),
              canonicalEvents: [{ eventId: eventId('e'), type: 'ClearingReceived' }],
            },
    },
  });
});
afterEach(() => api.close());

const path = `/v1/reviews/${encodeURIComponent('variant-differs|e-1')}/resolve`;

describe('reviews', () => {
  it('are listed with the bodies side by side', async () => {
    const answer = await api.get('/v1/reviews?status=open');
    expect(answer).toMatchObject({
      status: 200,
      position: '5',
      body: {
        data: [
          {
            reviewId: 'variant-differs|e-1',
            reason: 'variant-differs',
            deliveries: [
              { id: 'd-1', body: '{"of":"d-1"}', bodyEncoding: 'utf8' },
              { id: 'd-2', body: '{"of":"d-2"}' },
            ],
          },
        ],
        nextCursor: null,
      },
    });
    expect((await api.get('/v1/reviews?status=resolved')).body).toMatchObject({ data: [] });
  });

  it('are resolved by a ruling, with who and why', async () => {
    const body = { ruling: 'second-stands', note: 'The provider confirmed it.' };
    expect(await api.send('POST', path, { body })).toMatchObject({
      status: 200,
      position: '5',
      body: {
        status: 'resolved',
        ruling: 'second-stands',
        note: 'The provider confirmed it.',
        actor: 'admin',
      },
    });
  });

  it.each([
    [path, { ruling: 'failure-confirmed' }, 409, 'ruling-not-applicable'],
    ['/v1/reviews/none/resolve', { ruling: 'separate' }, 404, 'review-not-found'],
    [path, { ruling: 'ignore' }, 400, 'request-malformed'],
    [path, {}, 400, 'request-malformed'],
  ])('at %s with %j are answered with a problem', async (url, body, status, code) => {
    expect(await api.send('POST', url, { body })).toMatchObject({ status, body: { code } });
  });
});
