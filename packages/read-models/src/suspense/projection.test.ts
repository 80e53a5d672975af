import { accountId } from '@counterfoil/domain';
import { expect, test } from 'vitest';
import { projectLog } from '../testing/project-log.ts';
import { cause, effect, fact, sampleLog, usd } from '../testing/sample-log.ts';
import { withModels } from '../testing/with-models.ts';
import { findSuspense, listSuspense } from './queries.ts';

const models = withModels();
const stream = 'suspense-suspense.cryptomate.wallet.w';
const id = accountId('suspense.cryptomate.wallet.w');
const wallet = { provider: 'cryptomate', kind: 'wallet', externalId: 'w' } as const;

test('every cent that waits is listed with whom it waits for, and gone when it has moved', async () => {
  const log = sampleLog();
  log.record(stream, {
    type: 'AccountOpened',
    data: {
      owner: { place: 'suspense', accountId: id, provider: 'cryptomate' },
      openedFor: wallet,
    },
  });
  const deposit = cause(
    'DepositConfirmed',
    {
      depositId: 'd',
      gross: usd('10'),
      fees: [],
      net: usd('10'),
      method: 'chain',
      isDelivered: true,
    },
    { deliveryId: 'delivery-d' },
  );
  const credited = effect([['providers:cryptomate:account', 'suspense:cryptomate', usd('10')]]);
  log.record(stream, { type: 'DepositCredited', data: fact(deposit, credited) });
  await projectLog(models.database, log.events());
  const entry = {
    id,
    provider: 'cryptomate',
    reference: wallet,
    asset: 'USD',
    amount: '10.00',
    reason: 'reference-not-linked',
    since: '2026-01-01T00:00:02.000Z',
    lastEventType: 'DepositCredited',
    lastDeliveryId: 'delivery-d',
  };
  expect(await listSuspense(models.database, {})).toEqual({
    ok: true,
    value: { data: [entry], nextCursor: null },
  });
  expect(await findSuspense(models.database, id)).toEqual([entry]);
  expect(await listSuspense(models.database, { provider: '4pay' })).toMatchObject({
    value: { data: [] },
  });

  log.record(stream, {
    type: 'MoneyMovedOut',
    data: {
      moveId: 'move',
      reference: wallet,
      to: accountId('a'),
      content: { lifecycles: [], marks: [] },
      effect: effect([['suspense:cryptomate', 'platform:transit', usd('10')]]),
    },
  });
  await projectLog(models.database, log.events());
  expect(await findSuspense(models.database, id)).toEqual([]);
});
