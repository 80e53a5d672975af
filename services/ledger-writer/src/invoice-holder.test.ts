import type { CanonicalEvent } from '@counterfoil/domain';
import { amountOf, canonicalEvent, referenceOf, settledBy } from '@counterfoil/domain/testing';
import { describe, expect, test } from 'vitest';
import { sharedStore } from './testing/shared-store.ts';

const invoice = referenceOf('cryptofuse', 'invoice', 'i1');
const wallet = referenceOf('cryptofuse', 'wallet', 'wallet-1');
const merchant = referenceOf('cryptofuse', 'account', 'main');
const thirty = amountOf('30');
const [credited, empty] = ['30.00 0.00 0.00', '0.00 0.00 0.00'];

const opened = canonicalEvent(
  'InvoiceOpened',
  { invoiceId: 'i1', amountAsked: thirty, asset: null, expiresAt: null },
  { provider: 'cryptofuse', id: 'opened', owners: [invoice, wallet], effectKey: null },
);
const settled = { ...settledBy(invoice, thirty, 'd1'), owners: [invoice, merchant] };
const orders: readonly (readonly [string, readonly CanonicalEvent[]])[] = [
  ['the one that names it first', [opened, settled]],
  ['the one that names it last', [settled, opened]],
];

describe('an invoice whose events name its holder unequally', () => {
  test.each(orders)('is credited to the holder that is linked: %s', async (_order, events) => {
    const { startProcess, totals } = sharedStore();
    const process = startProcess();
    await process.open('player', wallet);
    await process.open('house', merchant);
    for (const event of events) await startProcess().record(event);
    for (const event of events) await process.record(event);
    expect([await process.money('player'), await process.money('house')]).toEqual([
      credited,
      empty,
    ]);
    expect((await totals()).get('platform:transit USD')).toBeUndefined();
  });

  test('follows when its holder is linked afterwards', async () => {
    const { startProcess, totals } = sharedStore();
    const process = startProcess();
    await process.open('house', merchant);
    for (const event of [opened, settled]) await startProcess().record(event);
    await process.open('player', wallet);
    for (const event of [opened, settled]) await process.record(event);
    expect([await process.money('player'), await process.money('house')]).toEqual([
      credited,
      empty,
    ]);
    expect((await totals()).get('platform:transit USD')).toBeUndefined();
  });

  test('stays where it is linked itself when a name that counts less is linked after that', async () => {
    const { startProcess } = sharedStore();
    const process = startProcess();
    await process.record({ ...settled, owners: [invoice, wallet] });
    await process.open('shop', invoice);
    await process.open('player', wallet);
    expect([await process.money('shop'), await process.money('player')]).toEqual([credited, empty]);
  });

  test('says nothing of another invoice that has an id of ours in common with it', async () => {
    const { startProcess } = sharedStore();
    const process = startProcess();
    const ours = referenceOf('cryptofuse', 'invoice', 'order-7');
    const another = referenceOf('cryptofuse', 'invoice', 'i2');
    await process.open('player', wallet);
    await process.open('house', merchant);
    await process.record({ ...opened, owners: [invoice, ours, wallet] });
    const second = settledBy(another, thirty, 'd2');
    await process.record({ ...second, owners: [another, ours, merchant] });
    expect([await process.money('player'), await process.money('house')]).toEqual([
      empty,
      credited,
    ]);
  });

  test('that is linked itself belongs where it is linked', async () => {
    const { startProcess } = sharedStore();
    const process = startProcess();
    await process.open('player', wallet);
    await process.open('shop', invoice);
    for (const event of [opened, settled]) await process.record(event);
    expect(await process.money('shop')).toBe(credited);
  });
});
