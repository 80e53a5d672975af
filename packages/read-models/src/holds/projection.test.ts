import { expect, test } from 'vitest';
import { projectLog } from '../testing/project-log.ts';
import {
  bucket,
  cause,
  effect,
  fact,
  hold,
  sampleLog,
  second,
  usd,
} from '../testing/sample-log.ts';
import { withModels } from '../testing/with-models.ts';
import { accountHolds, expiringHolds } from './queries.ts';

const models = withModels();

const requested = (amount: string) =>
  cause('AuthorizationRequested', {
    cardId: 'card-1',
    linkId: null,
    merchant: null,
    authorizationId: 'life_evt_A',
    amount: usd(amount),
    fees: [],
    holdTotal: usd(amount),
    merchantAmount: null,
    channel: null,
    answerBy: second(9),
    isConfirmationExpected: true,
    refusal: null,
  });
const toHeld = (amount: string) =>
  [bucket('a', 'available'), bucket('a', 'held'), usd(amount)] as const;

test('a hold is open with what the last event made of it, and gone at zero', async () => {
  const log = sampleLog();
  log.record('account-a', {
    type: 'HoldPlaced',
    data: fact(requested('20'), effect([toHeld('20')], { holds: [hold('A', usd('20'))] })),
  });
  log.record('account-a', {
    type: 'HoldPlaced',
    data: fact(
      requested('5'),
      effect([toHeld('5')], { holds: [hold('B', usd('5'), { expiresAt: second(50) })] }),
    ),
  });
  const confirmed = hold('A', usd('18'), { isConfirmed: true, expiresAt: second(3000) });
  log.record('account-a', {
    type: 'HoldConfirmed',
    data: fact(
      requested('18'),
      effect([[bucket('a', 'held'), bucket('a', 'available'), usd('2')]], { holds: [confirmed] }),
    ),
  });
  await projectLog(models.database, log.events());

  const open = await accountHolds(models.database, { accountId: 'a' });
  expect(open.ok && open.value.data).toMatchObject([
    { holdId: confirmed.holdId, amount: usdText('18.00'), isConfirmed: true, placedAt: at(1) },
    { amount: usdText('5.00'), isConfirmed: false, expiresAt: at(50) },
  ]);
  expect(await expiringHolds(models.database, second(49), 10)).toEqual([]);
  expect(await expiringHolds(models.database, second(50), 10)).toEqual([
    {
      stream: 'account-a',
      accountId: 'a',
      holdId: 'card|cryptomate|card-1|B',
      expiresAt: second(50),
    },
  ]);

  log.record('account-a', {
    type: 'HoldExpired',
    data: {
      holdId: 'card|cryptomate|card-1|B',
      expiredAt: second(60),
      effect: effect([[bucket('a', 'held'), bucket('a', 'available'), usd('5')]], {
        holds: [hold('B', usd('0'))],
      }),
    },
  });
  await projectLog(models.database, log.events());
  expect(await expiringHolds(models.database, second(9999), 10)).toMatchObject([
    { holdId: confirmed.holdId },
  ]);
  expect(await accountHolds(models.database, { accountId: 'a', asset: 'EUR' })).toEqual({
    ok: true,
    value: { data: [], nextCursor: null },
  });
});

const usdText = (amount: string) => ({ asset: 'USD', amount });
const at = (n: number) => new Date(second(n)).toISOString();
