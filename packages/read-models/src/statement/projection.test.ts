import { instant } from '@counterfoil/domain';
import { expect, test } from 'vitest';
import { projectLog } from '../testing/project-log.ts';
import { bucket, effect, funded, moneyOf, opened, sampleLog, usd } from '../testing/sample-log.ts';
import { withModels } from '../testing/with-models.ts';
import { accountStatement } from './queries.ts';

const models = withModels();

test('a statement has a line for each transaction and asset, with the balances after it', async () => {
  const log = sampleLog();
  log.record('account-a', opened('a'));
  log.record('account-a', funded('a', usd('100')));
  log.record('account-b', funded('b', usd('7')));
  log.record('account-a', funded('a', moneyOf('EUR', '1')));
  log.record('account-a', {
    type: 'OrderPlaced',
    data: {
      order: {
        kind: 'payout',
        provider: 'calypso',
        orderId: 'P',
        amount: usd('30'),
        fee: usd('1'),
      },
      effect: effect([[bucket('a', 'available'), bucket('a', 'reserved'), usd('31')]]),
    },
  });
  for (const held of ['3', '4'])
    log.record('account-a', {
      type: 'ApprovalWithdrawn',
      data: {
        holdId: 'h',
        reason: 'deadline-passed',
        effect: effect([[bucket('a', 'available'), bucket('a', 'held'), usd(held)]]),
      },
    });
  await projectLog(models.database, log.events(), { batchSize: 4 });

  const lines = await accountStatement(models.database, { accountId: 'a', asset: 'USD' });
  expect(lines.ok && lines.value.data).toMatchObject([
    {
      position: '2',
      type: 'AdjustmentPosted',
      change: { available: '100.00', held: '0.00', reserved: '0.00', total: '100.00' },
      balance: { available: '100.00', total: '100.00' },
      description: { reason: 'start', actor: 'test' },
      deliveryId: null,
    },
    {
      position: '5',
      change: { available: '-31.00', reserved: '31.00', total: '0.00' },
      balance: { available: '69.00', held: '0.00', reserved: '31.00', total: '100.00' },
      description: { provider: 'calypso', orderId: 'P' },
    },
    { change: { held: '3.00' }, balance: { available: '66.00', held: '3.00', reserved: '31.00' } },
    { change: { held: '4.00' }, balance: { available: '62.00', held: '7.00', total: '100.00' } },
  ]);
});

test('a line whose effect is recorded for the year 0, which PostgreSQL lacks, stands in the year 1', async () => {
  const log = sampleLog();
  const posted = funded('zero', usd('1'));
  if (posted.type !== 'AdjustmentPosted') throw new Error('the sample is an adjustment');
  const { transaction } = posted.data.effect;
  if (transaction === null) throw new Error('the sample posts');
  const effectiveAt = instant(Date.parse('0000-06-01T00:00:00Z'));
  log.record('account-zero', opened('zero'));
  log.record('account-zero', {
    ...posted,
    data: {
      ...posted.data,
      effect: { ...posted.data.effect, transaction: { ...transaction, effectiveAt } },
    },
  });
  await projectLog(models.database, log.events());
  const lines = await accountStatement(models.database, { accountId: 'zero' });
  expect(lines.ok && lines.value.data).toMatchObject([{ effectiveAt: '0001-01-01T00:00:00.000Z' }]);
});

test('pages of a statement show every line once, while lines are being added', async () => {
  const log = sampleLog();
  for (let n = 1; n <= 7; n += 1) log.record('account-a', funded('a', usd(`${n}`)));
  await projectLog(models.database, log.events());

  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await accountStatement(models.database, { accountId: 'a', limit: 3, cursor });
    if (!page.ok) throw new Error(page.error.message);
    seen.push(...page.value.data.map(({ position }) => position));
    cursor = page.value.nextCursor;
    if (seen.length === 3) {
      log.record('account-a', funded('a', usd('8')));
      await projectLog(models.database, log.events());
    }
  } while (cursor !== null);
  expect(seen).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
});

test('a cursor that this list did not give is refused', async () => {
  const forged = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');
  for (const cursor of [
    'nonsense',
    forged(['holds', '1', 'USD']),
    forged(['statement', '1']),
    forged(['statement', '1; drop table', 'USD']),
    forged(['statement', '1', 'US\0D']),
    forged(['statement', 1, 'USD']),
    '',
  ])
    expect(await accountStatement(models.database, { accountId: 'a', cursor })).toMatchObject({
      ok: false,
      error: { code: 'cursor-malformed' },
    });
});
