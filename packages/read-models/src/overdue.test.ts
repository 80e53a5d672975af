import { instant } from '@counterfoil/domain';
import { expect, test } from 'vitest';
import { overdueIn } from './overdue.ts';
import { projectLog } from './testing/project-log.ts';
import {
  cause,
  effect,
  fact,
  hold,
  noEffect,
  sampleLog,
  second,
  usd,
} from './testing/sample-log.ts';
import { withModels } from './testing/with-models.ts';

const models = withModels();
const dayMs = 86_400_000;
const aboutPayout = { provider: 'calypso' } as const;

const inDays = (days: number) => ({ expiresAt: instant(second(1) + days * dayMs) });
const requested = cause('AuthorizationRequested', {
  cardId: 'card-1',
  linkId: null,
  merchant: null,
  authorizationId: 'life_evt_A',
  amount: usd('5'),
  fees: [],
  holdTotal: usd('5'),
  merchantAmount: null,
  channel: null,
  answerBy: second(9),
  isConfirmationExpected: true,
  refusal: null,
});

test('an approval is overdue until it is confirmed, where a confirmation is expected (cryptomate row 21)', async () => {
  const log = sampleLog();
  const overdue = overdueIn(models.database);
  const change = (...holds: readonly ReturnType<typeof hold>[]) =>
    log.record('account-a', { type: 'HoldPlaced', data: fact(requested, effect([], { holds })) });
  change(hold('A', usd('5'), inDays(7)));
  change(hold('B', usd('5'), inDays(30)));
  await projectLog(models.database, log.events());
  expect(await overdue.unconfirmedHolds(second(0))).toBe(0);
  expect(await overdue.unconfirmedHolds(second(1))).toBe(1);
  change(hold('A', usd('5'), { ...inDays(30), isConfirmed: true }));
  await projectLog(models.database, log.events());
  expect(await overdue.unconfirmedHolds(second(9))).toBe(0);
});

test('an order is overdue until the provider has told of it and its amount is known (calypso row 7)', async () => {
  const log = sampleLog();
  const overdue = overdueIn(models.database);
  const awaited = async () => {
    await projectLog(models.database, log.events());
    return overdue.awaitedOrders(second(99));
  };
  const place = (orderId: string) =>
    log.record('account-m', {
      type: 'OrderPlaced',
      data: {
        order: { kind: 'payout', provider: 'calypso', orderId, amount: usd('30'), fee: usd('1') },
        effect: noEffect,
      },
    });
  const tell = (payoutId: string) =>
    log.record('account-m', {
      type: 'PayoutProgressed',
      data: fact(
        cause(
          'PayoutProgressed',
          { payoutId, stage: 'approved', reason: null, chainHash: null },
          aboutPayout,
        ),
      ),
    });
  place('ours');
  tell('theirs');
  expect(await awaited()).toBe(2);
  expect(await overdue.awaitedOrders(second(1))).toBe(1);
  tell('ours');
  expect(await awaited()).toBe(1);
  place('theirs');
  expect(await awaited()).toBe(0);
  place('lost');
  log.record('account-m', {
    type: 'PayoutReturned',
    data: fact(
      cause(
        'PayoutReturned',
        {
          payoutId: 'unknown',
          withdrawalId: null,
          amount: null,
          outcome: 'failed',
          chainHash: null,
        },
        aboutPayout,
      ),
    ),
  });
  expect(await awaited()).toBe(1);
});

test('reviews count while they are open', async () => {
  const log = sampleLog();
  const review = {
    reviewId: 'variant-differs|e',
    reason: 'variant-differs',
    subject: 'clearing',
    deliveryIds: [],
  } as const;
  log.record('account-a', {
    type: 'EffectRepeated',
    data: fact(requested, { ...noEffect, reviewsOpened: [review] }),
  });
  await projectLog(models.database, log.events());
  expect(await overdueIn(models.database).openReviews()).toBe(1);
  log.record('account-a', {
    type: 'EffectRepeated',
    data: fact(requested, { ...noEffect, reviewsClosed: [review.reviewId] }),
  });
  await projectLog(models.database, log.events());
  expect(await overdueIn(models.database).openReviews()).toBe(0);
});
