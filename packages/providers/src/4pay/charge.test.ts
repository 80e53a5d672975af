import { describe, expect, it } from 'vitest';
import { plain } from '../testing/event-text.ts';
import {
  type Fields,
  flatCard,
  nestedCard,
  only,
  quarantine,
} from '../testing/fourpay-delivery.ts';
import { transactionFees } from './settings.ts';

describe('amounts and fees', () => {
  const fee = { kind: 'transaction', amount: '1.05 USD' };
  const expected: Readonly<Record<(typeof transactionFees)[number], Fields>> = {
    'on-top': { amount: '42.10 USD', fees: [fee], holdTotal: '43.15 USD' },
    inside: { amount: '41.05 USD', fees: [fee], holdTotal: '42.10 USD' },
    separate: { amount: '42.10 USD', fees: [], holdTotal: '42.10 USD' },
  };
  it.each(transactionFees)('read feeAmount as %s (decision 7)', (transactionFee) => {
    const stated = { feeAmount: '1.05', feeCurrency: 'USD' };
    const { holdTotal, ...moved } = expected[transactionFee];
    const settings = { transactionFee };
    const told = (type: string, status: string) =>
      plain(only(nestedCard(type, status, stated), settings));
    expect(told('purchase', 'authorized')).toMatchObject({ ...moved, holdTotal });
    expect(told('purchase', 'completed')).toMatchObject(moved);
    expect(told('purchase', 'canceled')).toMatchObject(moved);
    expect(told('top_up', 'completed')).toMatchObject(moved);
    expect(told('withdrawal', 'completed')).toMatchObject(moved);
  });

  it('credit a refund in full and charge its fee, inside or on top (decision 7)', () => {
    for (const transactionFee of ['on-top', 'inside'] as const)
      expect(
        plain(only(flatCard('refund', 'completed', { feeAmount: '1.05' }), { transactionFee })),
      ).toMatchObject({ amount: '42.10 USD', fees: [fee], feesAre: 'charged' });
  });

  it('refuse a fee in another asset, or inside an amount that is smaller (decision 7)', () => {
    const other = flatCard('purchase', 'completed', { feeAmount: '1', feeCurrency: 'EUR' });
    expect(quarantine(other)).toEqual({ code: 'currency-mismatch', path: 'feeCurrency' });
    const larger = flatCard('purchase', 'completed', { feeAmount: '50.00' });
    expect(quarantine(larger, { transactionFee: 'inside' })).toEqual({
      code: 'amount-negative',
      path: 'feeAmount',
    });
  });

  it('move the settlement amount, else the amount in dollars, else nothing (decision 16)', () => {
    const settled = nestedCard('purchase', 'completed');
    expect(plain(only(settled))).toMatchObject({ amount: '42.10 USD' });
    expect(plain(only(flatCard('purchase', 'completed')))).toMatchObject({ amount: '42.10 USD' });
    expect(quarantine(flatCard('purchase', 'completed', { currency: 'EUR' }))).toEqual({
      code: 'currency-mismatch',
      path: 'currency',
    });
    const halfStated = { settlementAmount: '1.00' };
    expect(quarantine(flatCard('purchase', 'completed', halfStated))).toEqual({
      code: 'field-missing',
      path: 'settlementCurrency',
    });
  });
});
