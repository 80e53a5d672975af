import { expect, test } from 'vitest';
import { projectLog } from '../testing/project-log.ts';
import { bucket, effect, funded, moneyOf, opened, sampleLog, usd } from '../testing/sample-log.ts';
import { withModels } from '../testing/with-models.ts';
import { accountBalances, addressBalances } from './queries.ts';

const models = withModels();

test('a balance is what an address received less what it gave, to the last digit', async () => {
  const log = sampleLog();
  log.record('account-a', opened('a'));
  log.record('account-a', funded('a', usd('100.10')));
  log.record('account-a', {
    type: 'OrderPlaced',
    data: {
      order: {
        kind: 'payout',
        provider: 'calypso',
        orderId: 'order-1',
        amount: usd('30'),
        fee: usd('0.000001'),
      },
      effect: effect([[bucket('a', 'available'), bucket('a', 'reserved'), usd('30.000001')]]),
    },
  });
  const wei = moneyOf('USDT:BSC', '75.000000000000000001');
  log.record('account-a', funded('a', wei));
  await projectLog(models.database, log.events());

  expect(await accountBalances(models.database, 'a')).toEqual([
    { asset: 'USD', available: '70.099999', held: '0.00', reserved: '30.000001', total: '100.10' },
    {
      asset: 'USDT:BSC',
      available: '75.000000000000000001',
      held: '0.00',
      reserved: '0.00',
      total: '75.000000000000000001',
    },
  ]);
  expect(await accountBalances(models.database, 'nobody')).toEqual([]);
  expect(await addressBalances(models.database, 'platform:')).toEqual([
    { address: 'platform:adjustments', asset: 'USD', balance: '-100.10' },
    { address: 'platform:adjustments', asset: 'USDT:BSC', balance: '-75.000000000000000001' },
  ]);
});
