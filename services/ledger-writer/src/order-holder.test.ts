import {
  amountOf,
  deposits,
  fourpay,
  noon,
  payouts,
  referenceOf,
  withdrawals,
} from '@counterfoil/domain/testing';
import { accountId } from '@counterfoil/domain';
import { describe, expect, test } from 'vitest';
import { sharedStore } from './testing/shared-store.ts';

const wallet = referenceOf('cryptofuse', 'wallet', 'wallet-1');
const merchant = referenceOf('cryptofuse', 'account', 'main');
const client = referenceOf('cryptofuse', 'client', 'client-1');
const thirty = amountOf('30');

describe('an order whose events name its owner unequally', () => {
  const full = withdrawals.requested('w1', thirty, { owners: [wallet, merchant] });
  const bare = withdrawals.completed('w1', null, { owners: [merchant] });

  test.each([
    ['the closer first', [full, bare]],
    ['the closer last', [bare, full]],
  ] as const)('is in the account that the closest of them names: %s', async (_order, events) => {
    const { startProcess, totals } = sharedStore();
    const process = startProcess();
    await process.open('player', wallet);
    await process.open('house', merchant);
    for (const event of events) await process.record(event);
    expect(await process.money('player')).toBe('-30.00 0.00 0.00');
    expect(await process.money('house')).toBe('0.00 0.00 0.00');
    expect((await totals()).get('platform:transit USD')).toBeUndefined();
  });

  test('follows when the closer name is linked only afterwards', async () => {
    for (const events of [
      [full, bare],
      [bare, full],
    ]) {
      const { startProcess } = sharedStore();
      const process = startProcess();
      await process.open('house', merchant);
      for (const event of events) await process.record(event);
      expect(await process.money('house')).toBe('-30.00 0.00 0.00');
      await process.open('player', wallet);
      expect(await process.money('player')).toBe('-30.00 0.00 0.00');
      await process.record(withdrawals.failed('w1', { owners: [merchant] }));
      expect(await process.money('house')).toBe('0.00 0.00 0.00');
    }
  });
});

describe('an order whose holder nobody has linked', () => {
  const full = withdrawals.requested('w1', thirty, { owners: [wallet] });
  const bare = withdrawals.completed('w1', thirty, { owners: [merchant] });
  const ofClient = withdrawals.completed('w1', thirty, { owners: [wallet, client] });
  const kept = 'auto.cryptofuse.wallet.wallet-1';

  test.each([
    ['the closer first', [full, bare]],
    ['the closer last', [bare, full]],
    ['with the client first', [ofClient, full]],
    ['with the client last', [full, ofClient]],
  ] as const)('is in one account though our own is nobody’s: %s', async (_order, events) => {
    const { startProcess, totals } = sharedStore();
    const process = startProcess();
    for (const event of events) await startProcess().record(event);
    for (const event of events) await process.record(event);
    const moved = [...(await totals())].filter(([, units]) => units !== 0n);
    expect(moved.map(([, units]) => units)).toEqual([-thirty.units, thirty.units]);
    await process.open('player', wallet);
    expect(await process.money('player')).toBe('-30.00 0.00 0.00');
  });

  test.each([
    ['the closer first', [full, bare], kept, 'house'],
    ['the closer last', [bare, full], 'house', kept],
  ] as const)('is in one account: %s', async (_order, events, here, elsewhere) => {
    const { startProcess } = sharedStore();
    const process = startProcess();
    await process.open('house', merchant);
    for (const event of events) await startProcess().record(event);
    for (const event of events) await process.record(event);
    expect(await process.money(here)).toBe('-30.00 0.00 0.00');
    expect(await process.money(elsewhere)).toBe('0.00 0.00 0.00');
    await process.open('player', wallet);
    expect(await process.money('player')).toBe('-30.00 0.00 0.00');
    await process.record(withdrawals.failed('w1', { owners: [merchant] }));
    expect(await process.money('player')).toBe('-30.00 0.00 0.00');
    expect(await process.money('house')).toBe('0.00 0.00 0.00');
  });
});

test('an order follows whichever of its names is linked, and a closer one after that', async () => {
  const { startProcess, totals } = sharedStore();
  const process = startProcess();
  const requested = withdrawals.requested('w1', thirty, { owners: [wallet] });
  await process.record(requested);
  await process.record(withdrawals.progressed('w1', { owners: [wallet, client] }));
  await process.open('by-client', client);
  await process.record(withdrawals.completed('w1', thirty, { owners: [merchant] }));
  expect(await process.money('by-client')).toBe('-30.00 0.00 0.00');
  await process.open('by-wallet', wallet);
  await process.record(withdrawals.failed('w1', { owners: [merchant] }));
  const accounts = [...(await totals())].filter(([at]) => at.startsWith('accounts:'));
  expect(accounts.map(([at]) => at)).toEqual(['accounts:by-wallet:available USD']);
});

test('an order that is kept for a card goes on where the card’s holder is kept', async () => {
  const { startProcess } = sharedStore();
  const process = startProcess();
  const of4pay = (name: string) => referenceOf('4pay', 'account', name);
  const own = referenceOf('4pay', 'card', 'card-1');
  const holder = referenceOf('4pay', 'client', 'owner-1');
  await process.record(withdrawals.requested('w1', thirty, { provider: '4pay', owners: [own] }));
  const status = fourpay.status('active', noon);
  await process.record({ ...status, data: { ...status.data, holder } });
  await process.record(
    withdrawals.completed('w1', thirty, { provider: '4pay', owners: [of4pay('main')] }),
  );
  expect(await process.money('auto.4pay.client.owner-1')).toBe('-30.00 0.00 0.00');
});

test('an order that moved with a wallet is found there by events that name the house alone', async () => {
  const { startProcess } = sharedStore();
  const process = startProcess();
  await process.open('house', merchant);
  await process.record(withdrawals.requested('w1', thirty, { owners: [wallet, merchant] }));
  expect(await process.money('house')).toBe('-30.00 0.00 30.00');
  await process.open('player', wallet);
  await process.record(withdrawals.completed('w1', null, { owners: [merchant] }));
  expect(await process.money('house')).toBe('0.00 0.00 0.00');
  expect(await process.money('player')).toBe('-30.00 0.00 0.00');
});

describe('an order of the platform', () => {
  const order = (amount: string) => ({
    kind: 'payout' as const,
    provider: 'cryptofuse' as const,
    orderId: 'p1',
    amount: amountOf(amount),
    fee: amountOf('0'),
  });
  const place = (
    process: ReturnType<ReturnType<typeof sharedStore>['startProcess']>,
    id: string,
    amount: string,
  ) =>
    process.commands.placeOrder(
      { accountId: accountId(id), order: order(amount) },
      process.request(),
    );

  test('that is refused may be placed again under its id, by another account', async () => {
    const { startProcess } = sharedStore();
    const process = startProcess();
    await process.open('poor');
    await process.open('rich', wallet);
    await process.record(deposits.confirmed('d1', thirty));
    expect(await place(process, 'poor', '30')).toMatchObject({
      error: { code: 'insufficient-funds' },
    });
    expect(await place(process, 'nobody', '30')).toMatchObject({
      error: { code: 'account-not-found' },
    });
    expect(await place(process, 'rich', '30')).toMatchObject({ ok: true });
    expect(await process.money('rich')).toBe('0.00 0.00 30.00');
  });

  test('that the provider told of first takes over what was kept for it', async () => {
    const { startProcess } = sharedStore();
    const process = startProcess();
    await process.open('player');
    await process.open('house', merchant);
    await process.record(payouts.completed('p1', null, { owners: [merchant] }));
    expect(await place(process, 'player', '30')).toMatchObject({ ok: true });
    expect(await process.money('player')).toBe('-30.00 0.00 0.00');
  });
});

describe('a completion that is told with our id of the order and again without it', () => {
  const order = {
    kind: 'withdrawal',
    provider: 'cryptofuse',
    orderId: 'WD-9',
    amount: thirty,
    fee: amountOf('0'),
  } as const;
  const place = (process: ReturnType<ReturnType<typeof sharedStore>['startProcess']>) =>
    process.commands.placeOrder({ accountId: accountId('player'), order }, process.request());
  const full = withdrawals.completed('w1', thirty, { owners: [merchant], names: ['WD-9'] });
  const bare = withdrawals.completed('w1', thirty, { owners: [merchant], body: 'status' });

  test('debits the account of the order, and no other', async () => {
    const { startProcess, totals } = sharedStore();
    const process = startProcess();
    await process.open('player', wallet);
    await process.record(deposits.confirmed('d1', thirty, { owners: [wallet] }));
    expect(await place(process)).toMatchObject({ ok: true });
    for (const event of [full, bare]) await process.record(event);
    expect(await process.money('player')).toBe('0.00 0.00 0.00');
    expect((await totals()).get('providers:cryptofuse:account USD')).toBeUndefined();
  });

  test('debits it also when the order is placed after the provider told of it', async () => {
    const { startProcess, totals } = sharedStore();
    const process = startProcess();
    await process.open('player', wallet);
    await process.record(deposits.confirmed('d1', thirty, { owners: [wallet] }));
    await process.record(
      withdrawals.requested('w1', thirty, { owners: [merchant], names: ['WD-9'] }),
    );
    expect(await place(process)).toMatchObject({ ok: true });
    await process.record(bare);
    expect(await process.money('player')).toBe('0.00 0.00 0.00');
    expect((await totals()).get('providers:cryptofuse:account USD')).toBeUndefined();
  });

  test('leaves an id of the provider where somebody has linked it', async () => {
    const { startProcess } = sharedStore();
    const process = startProcess();
    await process.open('player', wallet);
    await process.open('other', referenceOf('cryptofuse', 'withdrawal', 'w1'));
    await process.record(deposits.confirmed('d1', thirty, { owners: [wallet] }));
    expect(await place(process)).toMatchObject({ ok: true });
    await process.record({ ...full, owners: full.owners.toReversed() });
    await process.record(bare);
    expect(await process.money('player')).toBe('0.00 0.00 0.00');
  });
});
