import { instant, moneyText } from '@counterfoil/domain';
import { describe, expect, it } from 'vitest';
import { altered, codeOf, eventOf, refusalOf, sentAt } from '../testing/cryptomate-delivery.ts';
import { sampleReceivedAt } from '../testing/index.ts';

const pending = 'constructed/c/cards-authorization-pending';
const confirmed = 'constructed/c/cards-authorized-success';
const declined = 'constructed/c/cards-declined-success';

describe('AuthorizationRequested', () => {
  it('asks for the billed amount and every fee on top of it (row 3)', () => {
    const { data, ...event } = eventOf('AuthorizationRequested', altered(pending));
    expect(data).toMatchObject({ authorizationId: 'life_evt_7Kq2', linkId: 'life_evt_7Kq2' });
    expect(moneyText(data.amount)).toEqual({ asset: 'USD', amount: '23.40' });
    expect(data.fees.map((fee) => [fee.kind, moneyText(fee.amount).amount])).toEqual([
      ['fx', '0.23'],
    ]);
    expect(moneyText(data.holdTotal).amount).toBe('23.63');
    expect(data.merchantAmount && moneyText(data.merchantAmount)).toEqual({
      asset: 'EUR',
      amount: '21.57',
    });
    expect(event.subject).toEqual({ kind: 'card', id: 'crd_7788' });
    expect(event.owners).toEqual([
      { provider: 'cryptomate', kind: 'card', externalId: 'crd_7788' },
    ]);
    expect(event.effectKey).toBe('cryptomate|authorization|life_evt_7Kq2|requested');
  });

  it('names the shop by what groups the events of one purchase (row 1)', () => {
    expect(eventOf('AuthorizationRequested', altered(pending)).data.merchant).toMatchObject({
      categoryCode: '5812',
      name: 'Bar Sol',
      country: 'ESP',
      currency: 'EUR',
    });
    const byNumber = { transaction_currency_code: null };
    expect(
      eventOf('AuthorizationRequested', altered(pending, byNumber)).data.merchant,
    ).toMatchObject({ currency: 'EUR' });
  });

  it('takes the fees out of the bill where the setting says they are inside (row 3)', () => {
    const { data } = eventOf('AuthorizationRequested', altered(pending), {
      billAmountIncludesFees: true,
    });
    expect(moneyText(data.amount).amount).toBe('23.17');
    expect(moneyText(data.holdTotal).amount).toBe('23.40');
    const small = altered(pending, { bill_amount: '0.10' });
    expect(codeOf(small, { billAmountIncludesFees: true })).toBe('field-malformed');
  });

  it('reads amounts written as JSON numbers and a currency number written as a number', () => {
    const { data } = eventOf(
      'AuthorizationRequested',
      altered('constructed/b/cards-authorization-pending-number-as-number'),
    );
    expect(moneyText(data.holdTotal).amount).toBe('18.94');
  });

  it('is to be answered within our own limit, counted from the receipt (row 30)', () => {
    expect(eventOf('AuthorizationRequested', altered(pending)).data.answerBy).toBe(
      sampleReceivedAt + 800,
    );
    const slower = eventOf('AuthorizationRequested', altered(pending), { answerWithinMs: 900 });
    expect(slower.data.answerBy).toBe(sampleReceivedAt + 900);
  });

  it('is refused for a DeFi card whose signature nobody checks, unless set otherwise (row 43)', () => {
    const defi = altered('constructed/b/cards-authorization-pending-defi');
    expect(eventOf('AuthorizationRequested', defi).data.refusal).toBe('defi-card');
    expect(
      eventOf('AuthorizationRequested', defi, { defiCards: 'decide' }).data.refusal,
    ).toBeNull();
    for (const signature of [null, '', undefined]) {
      const unsigned = altered(pending, { signature });
      expect(eventOf('AuthorizationRequested', unsigned).data.refusal).toBeNull();
    }
    const long = altered(pending, { signature: 'f'.repeat(5000) });
    expect(eventOf('AuthorizationRequested', long).data.refusal).toBe('defi-card');
  });

  it('is refused when it was sent more than 5 s ago; no header is no reason (row 10)', () => {
    const refusal = (timestamp: string | null) => {
      const event = sentAt(altered(pending), timestamp);
      return event.type === 'AuthorizationRequested' ? event.data.refusal : 'another event';
    };
    expect(refusal(String(sampleReceivedAt - 5001))).toBe('timestamp-stale');
    expect(refusal(String(sampleReceivedAt - 5000))).toBeNull();
    expect(refusal(String(sampleReceivedAt + 60_000))).toBeNull();
    for (const absent of [null, '', 'soon', '1.5', '-1', '9'.repeat(30)])
      expect(refusal(absent)).toBeNull();
  });

  it('may be over nothing: a balance inquiry (rows 23 and 24)', () => {
    const { data } = eventOf(
      'AuthorizationRequested',
      altered('constructed/c/cards-authorization-pending-zero-amount'),
    );
    expect(data.holdTotal.units).toBe(0n);
    expect(data.refusal).toBeNull();
  });

  it('is not read from the field names of before 2024-08-30 (row 49)', () => {
    expect(refusalOf(altered('constructed/b/cards-authorization-pending-early-names'))).toBe(
      'field-missing data.bill_amount',
    );
  });

  it('is declined as malformed when its amounts are negative, inexact or absurd (rows 4 and 22)', () => {
    const refused = (data: object) => refusalOf(altered(pending, { ...data }));
    expect(refused({ bill_amount: '-23.40' })).toBe('amount-negative data.bill_amount');
    expect(refused({ bill_amount: '23.4000001' })).toBe('amount-too-precise data.bill_amount');
    expect(refused({ bill_amount: '1000000000.01' })).toBe('amount-too-large data.bill_amount');
    expect(refused({ bill_amount: '1e400' })).toBe('amount-too-large data.bill_amount');
    expect(refused({ bill_amount: 'ten' })).toBe('amount-malformed data.bill_amount');
    expect(refused({ bill_amount: true })).toBe('field-malformed data.bill_amount');
    expect(refused({ fees: { fx_fees: '-0.01' } })).toBe('amount-negative data.fees.fx_fees');
    expect(refused({ transaction_amount: '-1' })).toBe('amount-negative data.transaction_amount');
    expect(refused({ card_id: null })).toBe('field-missing data.card_id');
    const inYearZero = { created_at: '0000-06-01T00:00:00Z' };
    expect(refused(inYearZero)).toBe('field-malformed data.created_at');
  });

  it('takes no number for the object of the fees, which would make them zero', () => {
    expect(refusalOf(altered(pending, { fees: 5 }))).toBe('field-malformed data.fees');
  });
});

describe('the billing currency', () => {
  it('must agree in code and number, as must the one of the shop (row 36)', () => {
    expect(refusalOf(altered('constructed/c/cards-authorization-pending-currency-mismatch'))).toBe(
      'currency-mismatch data.bill_currency_number',
    );
    expect(refusalOf(altered(pending, { bill_currency_number: '999' }))).toBe(
      'currency-mismatch data.bill_currency_number',
    );
    expect(refusalOf(altered(pending, { transaction_currency_number: 840 }))).toBe(
      'currency-mismatch data.transaction_currency_number',
    );
    expect(codeOf(altered(pending, { bill_currency_number: 840 }))).toBe('translated');
    expect(codeOf(altered(pending, { bill_currency_code: 'usd' }))).toBe('translated');
  });

  it('is USD and no other (row 37)', () => {
    const euro = { bill_currency_code: 'EUR', bill_currency_number: '978' };
    expect(refusalOf(altered(pending, euro))).toBe(
      'billing-currency-unsupported data.bill_currency_code',
    );
    expect(refusalOf(altered(confirmed, { bill_currency_code: 'ZZZ' }))).toBe(
      'asset-unknown data.bill_currency_code',
    );
    expect(refusalOf(altered(confirmed, { bill_currency_code: undefined }))).toBe(
      'field-missing data.bill_currency_code',
    );
  });

  it('is all that decides: an unknown currency of the shop is information', () => {
    const unknown = { transaction_currency_code: 'XCG', transaction_currency_number: '532' };
    const agreed = { ...unknown, transaction_currency_number: null };
    expect(codeOf(altered(pending, unknown))).toBe('currency-mismatch');
    const { data } = eventOf('AuthorizationRequested', altered(pending, agreed));
    expect(data.merchantAmount).toBeNull();
    expect(data.merchant?.currency).toBe('XCG');
  });

  it('is converted by nobody: the rate is kept and never used (row 38)', () => {
    const event = eventOf('AuthorizationRequested', altered(pending, { exchange_rate: '99' }));
    expect(event.references['exchangeRate']).toBe('99');
    expect(moneyText(event.data.amount).amount).toBe('23.40');
  });
});

describe('AuthorizationConfirmed', () => {
  it('states the total that is in force, under the id of the approved notice', () => {
    const event = eventOf('AuthorizationConfirmed', altered(confirmed));
    expect(event.data).toMatchObject({
      authorizationId: 'txn_7Kq2',
      linkId: 'txn_7Kq2',
      changedAt: Date.UTC(2026, 4, 2, 10, 11, 12),
    });
    expect(moneyText(event.data.holdTotal).amount).toBe('23.63');
    expect(event.effectKey).toBe(
      'cryptomate|authorization|txn_7Kq2|confirmed|2026-05-02T10:11:12.000Z',
    );
    expect(event.flags).toEqual([]);
  });

  it('needs only card, amount and currency; fees that are not stated are flagged (row 19)', () => {
    const bare = altered(confirmed, {
      fees: undefined,
      transaction_amount: undefined,
      transaction_currency_code: undefined,
      channel: undefined,
      created_at: undefined,
      merchant_data: undefined,
    });
    const event = eventOf('AuthorizationConfirmed', bare);
    expect(event.data).toMatchObject({ fees: [], merchant: null, changedAt: sampleReceivedAt });
    expect(moneyText(event.data.holdTotal).amount).toBe('23.40');
    expect(event.flags).toEqual(['amount-unverified', 'undated']);
    const oneFee = altered(confirmed, { fees: { fx_fees: '0.23' } });
    expect(eventOf('AuthorizationConfirmed', oneFee).flags).toEqual(['amount-unverified']);
  });

  it('is not made of any other status', () => {
    for (const status of ['pending', 'failed', 'canceled', 'time_canceled', 'manual_check'])
      expect(codeOf(altered(confirmed, {}, { status }))).toBe('status-unknown');
  });
});

describe('AuthorizationDeclined', () => {
  it('gives the code of whichever object the dialect has, else null', () => {
    expect(eventOf('AuthorizationDeclined', altered(declined)).data.reasonCode).toBe('M102');
    const inB = altered('constructed/b/cards-declined-success');
    expect(eventOf('AuthorizationDeclined', inB).data.reasonCode).toBe('05');
    const none = altered('constructed/c/cards-declined-success-null-reason');
    expect(eventOf('AuthorizationDeclined', none).data.reasonCode).toBeNull();
  });

  it('is made of success and failed, of no other status, and never flags the fees it lacks', () => {
    for (const status of ['success', 'failed'])
      expect(eventOf('AuthorizationDeclined', altered(declined, {}, { status })).flags).toEqual([
        'undated',
      ]);
    for (const status of ['pending', 'canceled', 'time_canceled', 'manual_check'])
      expect(codeOf(altered(declined, {}, { status }))).toBe('status-unknown');
  });

  it('carries the id of the request it may share, with an effect of its own (row 42)', () => {
    const event = eventOf('AuthorizationDeclined', altered(declined));
    expect(event.data.linkId).toBe(event.data.authorizationId);
    expect(event.effectKey).toBe(`cryptomate|authorization|${event.data.authorizationId}|declined`);
  });
});

describe('the time of sending (row 10)', () => {
  it('flags a delivery older than a day or more than five minutes ahead, and refuses none', () => {
    const flags = (timestamp: number) => sentAt(altered(confirmed), String(timestamp)).flags;
    const day = 86_400_000;
    expect(flags(sampleReceivedAt - day - 1)).toEqual(['late']);
    expect(flags(sampleReceivedAt - day)).toEqual([]);
    expect(flags(sampleReceivedAt + 300_001)).toEqual(['late']);
    expect(flags(sampleReceivedAt + 300_000)).toEqual([]);
    expect(sentAt(altered(confirmed), null).flags).toEqual([]);
    expect(flags(instant(0))).toEqual(['late']);
  });
});
