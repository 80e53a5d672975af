import type { CanonicalOf, CardStatus } from '@counterfoil/domain';
import { amountOf } from '@counterfoil/domain/testing';
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
import { cardAuthorizations, findCard } from './queries.ts';

const models = withModels();
const name = { provider: 'cryptomate', cardId: 'card-1' };

const reported = (status: CardStatus, changedAt: number): CanonicalOf<'CardStatusChanged'> =>
  cause('CardStatusChanged', {
    cardId: 'card-1',
    status,
    reason: null,
    changedAt: second(changedAt),
    reportedBalance: status === 'active' ? usd('12.5') : null,
    holder: null,
  });

test.each([
  [[reported('active', 10), reported('frozen', 20)], 'frozen'],
  [[reported('frozen', 20), reported('active', 10)], 'frozen'],
  [[reported('closed', 5), reported('active', 10)], 'closed'],
  [[reported('active', 10), reported('closed', 5)], 'closed'],
  [[reported('active', 10), reported('blocked', 10)], 'blocked'],
  [[reported('blocked', 10), reported('active', 10)], 'blocked'],
] as const)(
  'the latest state of a card wins and closed is final, whatever is told first',
  async (told, status) => {
    const log = sampleLog();
    for (const event of told)
      log.record('account-a', { type: 'CardStatusRecorded', data: fact(event) });
    await projectLog(models.database, log.events());
    expect(await findCard(models.database, name)).toMatchObject({ accountId: 'a', status });
  },
);

test('a balance that the provider reports stays when a later state has none', async () => {
  const log = sampleLog();
  for (const event of [reported('active', 10), reported('frozen', 20)])
    log.record('account-a', { type: 'CardStatusRecorded', data: fact(event) });
  await projectLog(models.database, log.events());
  expect(await findCard(models.database, name)).toMatchObject({
    reportedBalance: { asset: 'USD', amount: '12.50' },
    changedAt: new Date(second(20)).toISOString(),
  });
});

const purchase = { cardId: 'card-1', linkId: null, merchant: null, fees: [] } as const;
const confirmed = (amount: string, money = usd(amount)) =>
  cause('AuthorizationConfirmed', {
    ...purchase,
    authorizationId: 'txn_A',
    amount: money,
    holdTotal: money,
    changedAt: second(5),
  });
const requested = cause('AuthorizationRequested', {
  ...purchase,
  authorizationId: 'life_evt_A',
  amount: usd('20'),
  holdTotal: usd('20'),
  merchantAmount: null,
  channel: null,
  answerBy: second(9),
  isConfirmationExpected: true,
  refusal: null,
});
const toHeld = effect([[bucket('a', 'available'), bucket('a', 'held'), usd('20')]], {
  holds: [hold('A', usd('20'))],
});

async function authorizations() {
  const page = await cardAuthorizations(models.database, name);
  if (!page.ok) throw new Error(page.error.message);
  return page.value.data;
}

test('a purchase whose id has a bar in it is one authorization', async () => {
  const log = sampleLog();
  const barred = cause('AuthorizationRequested', { ...requested.data, authorizationId: 'A|1' });
  const held = effect([[bucket('a', 'available'), bucket('a', 'held'), usd('20')]], {
    holds: [hold('A|1', usd('20'), { authorizationId: 'A|1' })],
  });
  log.record('account-a', { type: 'HoldPlaced', data: fact(barred, held) });
  await projectLog(models.database, log.events());
  expect(await authorizations()).toMatchObject([
    { authorizationId: 'A|1', status: 'approved', held: { amount: '20.00' } },
  ]);
});

test('the events of one purchase are one authorization, from request to clearing', async () => {
  const log = sampleLog();
  log.record('account-a', { type: 'HoldPlaced', data: fact(requested, toHeld) });
  await projectLog(models.database, log.events());
  expect(await authorizations()).toMatchObject([
    { authorizationId: 'life_evt_A', status: 'approved', held: { amount: '20.00' } },
  ]);

  const isConfirmed = { holds: [hold('A', usd('20'), { isConfirmed: true })] };
  log.record('account-a', {
    type: 'HoldConfirmed',
    data: fact(confirmed('20'), effect([], isConfirmed)),
  });
  await projectLog(models.database, log.events());
  expect(await authorizations()).toMatchObject([
    { status: 'confirmed', expiresAt: expect.any(String) },
  ]);

  const cleared = cause('ClearingReceived', {
    ...purchase,
    clearingId: 'txn_B',
    authorizationId: null,
    amount: usd('20'),
    isFinal: true,
    amountMeans: 'piece',
  });
  const posted = effect([[bucket('a', 'held'), 'providers:cryptomate:clearing', usd('20')]], {
    holds: [hold('A', usd('0'), { isConfirmed: true })],
  });
  log.record('account-a', { type: 'ClearingPosted', data: fact(cleared, posted) });
  await projectLog(models.database, log.events());
  expect(await authorizations()).toMatchObject([
    {
      authorizationId: 'life_evt_A',
      status: 'cleared',
      held: { amount: '0.00' },
      cleared: { amount: '20.00' },
      expiresAt: null,
    },
  ]);
});

test('a decline says why; an approval that the network cancels is canceled, not declined', async () => {
  const log = sampleLog();
  const other = cause('AuthorizationRequested', {
    ...requested.data,
    authorizationId: 'life_evt_B',
  });
  log.record('account-a', {
    type: 'AuthorizationDeclined',
    data: { ...fact(other), reason: 'insufficient-funds' },
  });
  log.record('account-a', { type: 'HoldPlaced', data: fact(requested, toHeld) });
  const canceled = cause('AuthorizationDeclined', {
    ...purchase,
    authorizationId: 'life_evt_A',
    amount: usd('20'),
    reasonCode: '05',
  });
  const back = effect([[bucket('a', 'held'), bucket('a', 'available'), usd('20')]], {
    holds: [hold('A', usd('0'))],
  });
  log.record('account-a', { type: 'AuthorizationCanceled', data: fact(canceled, back) });
  await projectLog(models.database, log.events());
  expect(await authorizations()).toMatchObject([
    { authorizationId: 'life_evt_A', status: 'canceled', reason: '05' },
    { authorizationId: 'life_evt_B', status: 'declined', reason: 'insufficient-funds' },
  ]);
});

test('an authorization is in the asset in which its hold stands now', async () => {
  const euros = amountOf('18', 'EUR');
  const log = sampleLog();
  log.record('account-a', { type: 'HoldPlaced', data: fact(requested, toHeld) });
  const moved = effect(
    [
      [bucket('a', 'held'), bucket('a', 'available'), usd('20')],
      [bucket('a', 'available'), bucket('a', 'held'), euros],
    ],
    { holds: [hold('A', euros, { isConfirmed: true })] },
  );
  log.record('account-a', { type: 'HoldConfirmed', data: fact(confirmed('18', euros), moved) });
  await projectLog(models.database, log.events());
  const eighteen = { asset: 'EUR', amount: '18.00' };
  expect(await authorizations()).toMatchObject([
    { status: 'confirmed', amount: eighteen, held: eighteen },
  ]);
});
