import { describe, expect, it } from 'vitest';
import {
  type Fields,
  flagsOf,
  g1,
  g2a,
  g2b,
  g2Payment,
  only,
  payment,
} from '../testing/cryptofuse-delivery.ts';
import { ownersOf, plain } from '../testing/event-text.ts';

describe('the fields of a payment', () => {
  const completed = g1('payment.completed', payment);

  it('read the fields of G1 by the names of its nearest objects (decision 3)', () => {
    const { payment_id: id, ...rest } = payment;
    for (const named of [{ transaction_id: id }, { id }])
      expect(only(g1('payment.completed', { ...rest, ...named })).subject.id).toBe('pay-1');
    const received = { ...payment, amount_received: 99 };
    expect(plain(only(g1('payment.completed', received)))).toMatchObject({
      gross: '99.00 USDT:TRON',
    });
    const { currency: _, ...unnamed } = payment;
    const paid = only(g1('payment.completed', { ...unnamed, pay_currency: 'BTC' }));
    expect(plain(paid)).toMatchObject({ gross: '250.50 BTC:BITCOIN' });
    const pair = only(g1('payment.completed', { ...unnamed, token: 'usdt', blockchain: 'arb' }));
    expect(plain(pair)).toMatchObject({ gross: '250.50 USDT:ARBITRUM' });
    const account = only(
      g1('payment.completed', { ...payment, wallet_id: null, account_id: 'acc-1' }),
    );
    expect(ownersOf(account)).toContain('wallet acc-1');
    const order = only(
      g1('payment.completed', { ...payment, custom_id: null, order_id: 'order-9' }),
    );
    expect(order.references).toMatchObject({ orderId: 'order-9' });
    expect(flagsOf(completed)).toContain('assumed-mapping');
  });

  it('take the amount of G1 as received, unverified and without a fee (decisions 11 and 21)', () => {
    expect(flagsOf(completed)).toEqual(['assumed-mapping', 'amount-unverified']);
    expect(flagsOf(g2a('payment_status_update', { ...g2Payment, status: 'completed' }))).toEqual([
      'amount-unverified',
    ]);
  });

  it('credit what arrived when it is stated, else what was asked (decision 9)', () => {
    const grossOf = (fields: Fields) =>
      plain(only(g2a('payment_status_update', { ...g2Payment, ...fields, status: 'completed' })));
    expect(grossOf({})).toMatchObject({ gross: '100.00 USDT:TRON' });
    // The deposits count for a credit, the stated total for a notice, where the two differ.
    const differing = { total_paid_amount: '90.00' };
    expect(grossOf(differing)).toMatchObject({ gross: '100.00 USDT:TRON' });
    const notice = { ...g2Payment, ...differing, status: 'partially_paid' };
    expect(plain(only(g2a('payment_status_update', notice)))).toMatchObject({
      receivedTotal: '90.00 USDT:TRON',
    });
    expect(grossOf({ payment_history: [] })).toMatchObject({ gross: '100.00 USDT:TRON' });
    expect(grossOf({ payment_history: [{ deposit_id: 'dep-1' }] })).toMatchObject({
      gross: '100.00 USDT:TRON',
    });
    const asked = { payment_history: null, total_paid_amount: null };
    expect(grossOf(asked)).toMatchObject({ gross: '250.00 USDT:TRON' });
    expect(grossOf({ ...asked, pay_amount: '251' })).toMatchObject({ gross: '251.00 USDT:TRON' });
    const partial = only(
      g2a('payment_status_update', { ...g2Payment, status: 'partially_completed' }),
    );
    expect(partial).toMatchObject({ type: 'InvoiceReviewRequired', effectKey: null });
  });

  it('store other payment types, which decide nothing (decision 22)', () => {
    const body = g2b('payment_status_update', { ...g2Payment, status: 'expired' });
    const other = g2b('payment_status_update', {
      ...g2Payment,
      status: 'expired',
      payment_type: 'split',
    });
    expect(only(other).data).toEqual(only(body).data);
  });

  it('keep purchase_id as a reference only (decision 24)', () => {
    const event = only(g1('payment.completed', { ...payment, purchase_id: 'pur-1' }));
    expect(event.references).toMatchObject({ purchaseId: 'pur-1' });
    expect(ownersOf(event)).not.toContain('invoice pur-1');
  });
});
