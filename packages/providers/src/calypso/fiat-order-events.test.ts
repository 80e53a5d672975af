import { describe, expect, it } from 'vitest';
import { calypsoAccount, calypsoEvent, calypsoQuarantine } from '../testing/calypso-delivery.ts';

const ids = '"idempotencyKey":"key-1","parentExternalId":60001';
const onRamp = `${ids},"orderId":"o-1","externalId":"buy-1","cryptoAmount":"12.61","currency":"USDT_TRX","fiatAmount":"15000.00","fiatCurrency":"ARS"`;
const owners = ['invoice key-1', 'invoice 60001', `account ${calypsoAccount}`];
const applied = { about: 'order key-1', owners, effectKey: null, invoiceId: 'key-1', flags: [] };
const bought = ['invoice key-1', 'invoice 60001', 'invoice buy-1', `account ${calypsoAccount}`];
const ramped = { about: 'order o-1', owners: bought, effectKey: null };

describe('orders of the fiat applier', () => {
  it('FIAT_APPLIER_FIAT_FUNDS_RECEIVED, decision 8: is paid in fiat and credits nothing', () => {
    const data = `{${ids},"fiatAmount":"15000.00","fiatCurrency":"ARS","rate":1187.42}`;
    expect(calypsoEvent('FIAT_APPLIER_FIAT_FUNDS_RECEIVED', data)).toMatchObject({
      ...applied,
      type: 'InvoicePaid',
      amountAsked: null,
      amountPaid: '15000.00 ARS',
    });
  });

  it('decision 9: a rate is kept as written and never computed with', () => {
    const data = `{${ids},"fiatAmount":"1","fiatCurrency":"ARS","rate":1187.420}`;
    const paid = calypsoEvent('FIAT_APPLIER_FIAT_FUNDS_RECEIVED', data);
    expect(paid).toMatchObject({ references: { rate: '1187.420' }, amountPaid: '1.00 ARS' });
  });

  it('FIAT_APPLIER_ORDER_UNPAID lapses the order', () => {
    expect(
      calypsoEvent('FIAT_APPLIER_ORDER_UNPAID', `{${ids},"reasonType":"EXPIRED"}`),
    ).toMatchObject({
      ...applied,
      type: 'InvoiceExpired',
      receivedTotal: null,
      references: { reasonType: 'EXPIRED' },
    });
  });

  it('FIAT_APPLIER_PAYMENT_FAILED is an attempt, not the end', () => {
    expect(
      calypsoEvent('FIAT_APPLIER_PAYMENT_FAILED', `{${ids},"reason":"Rejected"}`),
    ).toMatchObject({
      ...applied,
      type: 'InvoicePaymentFailed',
      reason: 'Rejected',
      isFinal: false,
    });
  });

  it('FIAT_APPLIER_ADJUSTMENT, decision 26: asks for a review with the stated sum as given', () => {
    const data = `{${ids},"sumAfterAdjustment":14950.5,"currency":"ARS","fiatCurrency":"true"}`;
    expect(calypsoEvent('FIAT_APPLIER_ADJUSTMENT', data)).toMatchObject({
      ...applied,
      type: 'InvoiceReviewRequired',
      reason: 'amount-adjusted',
      receivedTotal: '14950.50 ARS',
      references: { sumAfterAdjustment: '14950.5', currency: 'ARS', fiatCurrency: 'true' },
    });
  });

  it.each([
    ['14950.5', '"USDT_TRX"', '14950.50 USDT:TRON'],
    ['-3', '"ARS"', null],
    ['5', '"???"', null],
    ['0.0000001', '"ARS"', null],
    ['5', 'null', null],
    ['null', '"ARS"', null],
  ])('decision 26: a sum of %s %s still opens the review', (sum, currency, receivedTotal) => {
    const data = `{${ids},"sumAfterAdjustment":${sum},"currency":${currency},"fiatCurrency":true}`;
    expect(calypsoEvent('FIAT_APPLIER_ADJUSTMENT', data)).toMatchObject({ receivedTotal });
  });
});

describe('on-ramp orders', () => {
  it('FIAT_DEPOSIT_ORDER_CREATED opens the order for its fiat amount', () => {
    expect(calypsoEvent('FIAT_DEPOSIT_ORDER_CREATED', `{${onRamp}}`)).toMatchObject({
      ...ramped,
      type: 'InvoiceOpened',
      invoiceId: 'key-1',
      amountAsked: '15000.00 ARS',
      asset: 'USDT:TRON',
      references: { orderId: 'o-1', externalId: 'buy-1', cryptoAmount: '12.61' },
      flags: [],
    });
  });

  it.each(['FIAT_DEPOSIT_ORDER_CONFIRM', 'FIAT_DEPOSIT_ORDER_CONFIRMED'])(
    '%s is a notice',
    (eventType) => {
      expect(calypsoEvent(eventType, `{${onRamp}}`)).toMatchObject({
        ...ramped,
        type: 'ProviderNoticeReceived',
        kind: 'order-confirmed',
      });
    },
  );

  it('FIAT_DEPOSIT_FIAT_FUNDS_RECEIVED, decision 27: is paid and never credits', () => {
    expect(calypsoEvent('FIAT_DEPOSIT_FIAT_FUNDS_RECEIVED', `{${onRamp}}`)).toMatchObject({
      ...ramped,
      type: 'InvoicePaid',
      amountPaid: '15000.00 ARS',
    });
  });

  it('FIAT_DEPOSIT_ORDER_EXPIRED lapses the order', () => {
    expect(calypsoEvent('FIAT_DEPOSIT_ORDER_EXPIRED', `{${onRamp}}`)).toMatchObject({
      ...ramped,
      type: 'InvoiceExpired',
    });
  });

  it('FIAT_DEPOSIT_ORDER_FAILED is an attempt: the order may still be paid', () => {
    expect(calypsoEvent('FIAT_DEPOSIT_ORDER_FAILED', `{${onRamp}}`)).toMatchObject({
      ...ramped,
      type: 'InvoicePaymentFailed',
      reason: null,
      isFinal: false,
    });
  });

  it.each([
    'FIAT_DEPOSIT_ORDER_CONFIRM',
    'FIAT_DEPOSIT_FIAT_FUNDS_RECEIVED',
    'FIAT_DEPOSIT_ORDER_EXPIRED',
    'FIAT_DEPOSIT_ORDER_FAILED',
  ])('decision 21: %s needs an id only, and its mapping is marked as assumed', (eventType) => {
    expect(calypsoEvent(eventType, '{"orderId":"o-1"}')).toMatchObject({
      about: 'order o-1',
      flags: ['assumed-mapping'],
    });
    expect(calypsoQuarantine(eventType, '{}')).toBe('field-missing data.idempotencyKey');
  });

  it('reads a fiat amount in each shape: number, text, and a valuation that is no sum paid', () => {
    const paid = (fiatAmount: string) =>
      calypsoEvent(
        'FIAT_DEPOSIT_FIAT_FUNDS_RECEIVED',
        `{${ids},"fiatAmount":${fiatAmount},"fiatCurrency":"eur"}`,
      )['amountPaid'];
    expect(paid('92.35')).toBe('92.35 EUR');
    expect(paid('"92.35"')).toBe('92.35 EUR');
    expect(paid('{"EUR":31.994837336}')).toBeNull();
  });

  it('refuses a fiat amount without currency, or in an unknown one', () => {
    const refused = (rest: string) =>
      calypsoQuarantine('FIAT_DEPOSIT_FIAT_FUNDS_RECEIVED', `{${ids},"fiatAmount":"1"${rest}}`);
    expect(refused('')).toBe('field-missing data.fiatCurrency');
    expect(refused(',"fiatCurrency":"USDT"')).toBe('asset-unknown data.fiatCurrency');
    expect(refused(',"fiatCurrency":"ZZZ"')).toBe('asset-unknown data.fiatCurrency');
  });
});
