import { type CanonicalEvent, type FactEventType, type Money } from '@counterfoil/domain';
import { expect, test } from 'vitest';
import { projectLog } from '../testing/project-log.ts';
import {
  bucket,
  cause,
  effect,
  fact,
  noEffect,
  opened,
  sampleLog,
  type SampleLog,
  usd,
} from '../testing/sample-log.ts';
import { withModels } from '../testing/with-models.ts';
import { findOrder, listOrders } from './queries.ts';

const models = withModels();

const reserve = (amount: Money) =>
  effect([[bucket('m', 'available'), bucket('m', 'reserved'), amount]]);
const pay = (amount: Money) =>
  effect([[bucket('m', 'reserved'), 'providers:calypso:account', amount]]);
const giveBack = (amount: Money) =>
  effect([[bucket('m', 'reserved'), bucket('m', 'available'), amount]]);

const place = (log: SampleLog, orderId: string) =>
  log.record('account-m', {
    type: 'OrderPlaced',
    data: {
      order: { kind: 'payout', provider: 'calypso', orderId, amount: usd('30'), fee: usd('1') },
      effect: reserve(usd('31')),
    },
  });
const tell = (log: SampleLog, type: FactEventType, event: CanonicalEvent, posted = noEffect) =>
  log.record('account-m', { type, data: fact(event, posted) });

const about = {
  provider: 'calypso',
  references: { parentExternalId: '88101', requestId: 'R' },
} as const;
const step = (payoutId: string, stage: 'approved' | 'broadcast', chainHash: string | null = null) =>
  cause('PayoutProgressed', { payoutId, stage, reason: null, chainHash }, about);
const completed = (payoutId: string, withdrawalId: string | null = null) =>
  cause(
    'PayoutCompleted',
    { payoutId, withdrawalId, amount: null, fees: [], chainHash: null },
    about,
  );
const returned = (payoutId: string, withdrawalId: string | null = null) =>
  cause(
    'PayoutReturned',
    { payoutId, withdrawalId, amount: null, outcome: 'failed', chainHash: null },
    about,
  );

async function found(log: SampleLog, id = 'P') {
  await projectLog(models.database, log.events());
  return findOrder(models.database, 'payout', 'calypso', id);
}

test('a payout whose provider names it by a text too long for an id is found by its other ids', async () => {
  // Random, as PostgreSQL would compress what repeats itself.
  const long = Array.from({ length: 1000 }, (_, n) =>
    String.fromCodePoint(0x4e00 + ((n * n * 7_919 + n * 104_729) % 20_000)),
  ).join('');
  const references = { customId: long, orderNumberId: 'x'.repeat(200) };
  const log = sampleLog();
  log.record('account-m', opened('m'));
  tell(
    log,
    'PayoutProgressed',
    cause(
      'PayoutProgressed',
      { payoutId: 'L', stage: 'approved', reason: null, chainHash: null },
      { provider: 'calypso', references },
    ),
  );
  const order = await found(log, references.orderNumberId);
  expect(order).toMatchObject({ id: 'L', references });
  expect(await found(log, long)).toBeNull();
});

test('a payout goes from our order to its completion, found by any of its ids', async () => {
  const log = sampleLog();
  log.record('account-m', opened('m'));
  place(log, 'P');
  expect(await found(log)).toMatchObject({ status: 'requested', accountId: 'm' });
  tell(log, 'PayoutProgressed', step('P', 'broadcast', '0xhash'));
  tell(log, 'PayoutProgressed', step('P', 'approved'));
  expect(await found(log, '88101')).toMatchObject({ id: 'P', status: 'broadcast' });
  expect(await found(log, '0xhash')).toMatchObject({ id: 'P' });
  expect(await found(log, 'R')).toBeNull();
  tell(log, 'PayoutPaid', completed('P'), pay(usd('31')));
  expect(await found(log)).toMatchObject({
    status: 'completed',
    amount: { asset: 'USD', amount: '30.00' },
    fee: { asset: 'USD', amount: '1.00' },
    chainHash: '0xhash',
    history: [
      { type: 'OrderPlaced', status: 'requested', deliveryId: null },
      { type: 'PayoutProgressed', status: 'broadcast' },
      { type: 'PayoutProgressed', status: 'broadcast' },
      { type: 'PayoutPaid', status: 'completed' },
    ],
  });
  const withdrawals = await listOrders(models.database, 'withdrawal', {});
  expect(withdrawals.ok && withdrawals.value.data).toEqual([]);
});

test('facts told before our order give the same payout', async () => {
  const log = sampleLog();
  tell(log, 'PayoutPaid', completed('P'));
  place(log, 'P');
  expect(await found(log)).toMatchObject({ status: 'completed', amount: { amount: '30.00' } });
});

test('a failure returns the payout; one after the broadcast waits for a person', async () => {
  const log = sampleLog();
  place(log, 'P');
  tell(log, 'PayoutReturned', returned('P'), giveBack(usd('31')));
  expect(await found(log)).toMatchObject({ status: 'returned' });

  place(log, 'Q');
  const review = {
    reviewId: 'failure-after-broadcast|Q',
    reason: 'failure-after-broadcast',
    subject: 'order|calypso:payout:Q',
    deliveryIds: [],
  } as const;
  tell(log, 'PayoutReturned', returned('Q'), { ...noEffect, reviewsOpened: [review] });
  expect(await found(log, 'Q')).toMatchObject({ status: 'review' });
  log.record('account-m', {
    type: 'ReviewResolved',
    data: {
      reviewId: review.reviewId,
      ruling: 'failure-confirmed',
      note: 'seen',
      actor: 'test',
      effect: { ...giveBack(usd('31')), reviewsClosed: [review.reviewId] },
    },
  });
  expect(await found(log, 'Q')).toMatchObject({ status: 'returned' });
});

test('a ruling that closes several reviews of an order posts what it decides once', async () => {
  const log = sampleLog();
  place(log, 'P');
  const reviewed = (reviewId: string) => ({
    reviewId,
    reason: 'order-differs' as const,
    subject: 'order|calypso:payout:P',
    deliveryIds: [],
  });
  const reviewsOpened = [reviewed('one'), reviewed('other')];
  tell(log, 'PayoutReturned', returned('P'), { ...noEffect, reviewsOpened });
  log.record('account-m', {
    type: 'ReviewResolved',
    data: {
      reviewId: 'one',
      ruling: 'second-stands',
      note: '',
      actor: 'test',
      effect: { ...giveBack(usd('31')), reviewsClosed: ['one', 'other'] },
    },
  });
  expect(await found(log)).toMatchObject({ status: 'returned' });
});

test('a payout in parts is partial until nothing of it is reserved', async () => {
  const log = sampleLog();
  place(log, 'P');
  tell(log, 'PayoutPaid', completed('P', 'W1'), pay(usd('11')));
  expect(await found(log)).toMatchObject({ status: 'partial' });
  tell(log, 'PayoutPaid', completed('P', 'W2'), pay(usd('20')));
  expect(await found(log)).toMatchObject({ status: 'completed' });
});

test.each(['TransferSent', 'TransferDropped'] as const)(
  'a withdrawal that is carried out as a transfer ends with it: %s',
  async (type) => {
    const owner = { provider: 'cryptomate', kind: 'withdrawal', externalId: 'op-1' } as const;
    const wallet = { provider: 'cryptomate', kind: 'wallet', externalId: 'w' } as const;
    const envelope = { provider: 'cryptomate', owners: [owner] } as const;
    const way = { from: wallet, to: wallet, isOutsidePossible: false };
    const moved = { transferId: 'op-1', ...way, amount: usd('30'), fees: [] };
    const transfer = cause('TransferCompleted', moved, envelope);
    const failed = cause('TransferFailed', { transferId: 'op-1', reason: null }, envelope);
    const end = effect([
      [bucket('m', 'reserved'), 'platform:transit', usd('30')],
      [bucket('m', 'reserved'), bucket('m', 'available'), usd('1')],
    ]);
    const log = sampleLog();
    log.record('account-m', opened('m'));
    log.record('account-m', {
      type: 'OrderPlaced',
      data: {
        order: { ...owner, orderId: 'op-1', amount: usd('30'), fee: usd('1') },
        effect: reserve(usd('31')),
      },
    });
    if (type === 'TransferSent') {
      log.record('account-m', { type, data: { ...fact(transfer, end), side: 'from' } });
      log.record('account-m', {
        type: 'TransferReceived',
        data: { ...fact(transfer), side: 'to' },
      });
    } else tell(log, type, failed, giveBack(usd('31')));
    await projectLog(models.database, log.events());
    const order = await findOrder(models.database, 'withdrawal', 'cryptomate', 'op-1');
    expect(order?.status).toBe(type === 'TransferSent' ? 'completed' : 'returned');
    expect(order?.history).toHaveLength(2);
  },
);

test('two names that turn out to be one order become one, whatever the batches', async () => {
  const log = sampleLog();
  const theirs = { provider: 'calypso', kind: 'payout', externalId: 'theirs' } as const;
  tell(log, 'PayoutProgressed', step('theirs', 'approved'));
  place(log, 'ours');
  const both = cause(
    'PayoutProgressed',
    { payoutId: 'ours', stage: 'broadcast', reason: null, chainHash: null },
    { provider: 'calypso', owners: [theirs] },
  );
  expect(await found(log, 'theirs')).toMatchObject({ id: 'theirs', amount: null });
  tell(log, 'PayoutProgressed', both);
  const order = await found(log, 'theirs');
  expect(order).toMatchObject({ id: 'ours', status: 'broadcast', amount: { amount: '30.00' } });
  expect(order?.history.map(({ position }) => position)).toEqual(['1', '2', '3']);
  expect(await found(log, 'ours')).toEqual(order);
  const all = await listOrders(models.database, 'payout', {});
  expect(all.ok && all.value.data).toHaveLength(1);
});

test.each(['2026-01-01T00:00:00,5Z', '2026-01-01 00:00Z', '0000-01-01T00:00:00.000Z'])(
  'a cursor with the time %s, which we do not write, is refused',
  async (time) => {
    await projectLog(models.database, sampleLog().events());
    const cursor = Buffer.from(JSON.stringify(['payout', time, 'a', 'b'])).toString('base64url');
    expect(await listOrders(models.database, 'payout', { cursor })).toMatchObject({
      ok: false,
      error: { code: 'cursor-malformed' },
    });
  },
);

test('an order that goes by a name of either kind is found by both', async () => {
  const log = sampleLog();
  place(log, 'P');
  const withdrawal = { provider: 'calypso', kind: 'withdrawal', externalId: 'W' } as const;
  const both = { payoutId: 'P', stage: 'broadcast', reason: null, chainHash: '0xhash' } as const;
  const named = { provider: 'calypso', owners: [withdrawal] } as const;
  tell(log, 'PayoutProgressed', cause('PayoutProgressed', both, named));
  const order = await found(log, 'P');
  expect(order).toMatchObject({ id: 'P', status: 'broadcast' });
  const { database } = models;
  expect(await findOrder(database, 'withdrawal', 'calypso', 'W')).toEqual(order);
  expect(await findOrder(database, 'withdrawal', 'calypso', '0xhash')).toBeNull();
});
