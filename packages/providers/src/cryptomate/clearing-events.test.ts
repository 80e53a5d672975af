import { moneyText } from '@counterfoil/domain';
import { describe, expect, it } from 'vitest';
import { altered, codeOf, eventOf, refusalOf } from '../testing/cryptomate-delivery.ts';

const cleared = 'constructed/c/cards-cleared-success';
const reversal = 'constructed/c/cards-reversal-success';
const refund = 'constructed/c/cards-refund-success';

describe('ClearingReceived', () => {
  it('names no authorization: its own id, card, shop and currency are to be matched (row 1)', () => {
    const { data, effectKey } = eventOf('ClearingReceived', altered(cleared));
    expect(data).toMatchObject({
      cardId: 'crd_7788',
      authorizationId: null,
      linkId: data.clearingId.split('|')[0],
      isFinal: null,
      merchant: { id: null, name: 'Bar Sol', categoryCode: '5812', country: null, currency: 'EUR' },
    });
    expect(effectKey).toBe(`cryptomate|clearing|${data.clearingId}`);
  });

  it('is a piece, unless the setting says that it states the running total (row 2)', () => {
    expect(eventOf('ClearingReceived', altered(cleared)).data.amountMeans).toBe('piece');
    const total = eventOf('ClearingReceived', altered(cleared), {
      clearingAmountMeans: 'running-total',
    });
    expect(total.data.amountMeans).toBe('running-total');
  });

  it('states the amount and each fee beside it (row 3)', () => {
    const { data } = eventOf(
      'ClearingReceived',
      altered(cleared, { fees: { atm_fees: '2', fx_fees: '0.27' } }),
    );
    expect(moneyText(data.amount).amount).toBe('26.90');
    expect(data.fees.map((fee) => [fee.kind, moneyText(fee.amount).amount])).toEqual([
      ['atm', '2.00'],
      ['fx', '0.27'],
    ]);
  });

  it('says so where it has no time of its own, so that the time of receipt orders nothing', () => {
    const event = eventOf('ClearingReceived', altered(cleared, { created_at: undefined }));
    expect(event.flags).toEqual(['undated']);
    expect(event.occurredAt).toBe(event.receivedAt);
    expect(event.source.adapterVersion).toBe(2);
    expect(eventOf('ClearingReceived', altered(cleared)).flags).toEqual([]);
  });

  it('is one effect for each piece, although pieces may share an operation (row 5)', () => {
    const effect = (created_at: string) =>
      eventOf('ClearingReceived', altered(cleared, { created_at })).effectKey;
    expect(effect('2026-05-04T03:00:00Z')).not.toBe(effect('2026-05-05T03:00:00Z'));
    expect(effect('2026-05-04T03:00:00Z')).toBe(effect('2026-05-04T00:00:00.000-03:00'));
  });

  it('does not share an effect with its announcement, its failure, a refund or a reversal', () => {
    const bodies = ['success', 'pending', 'failed'].map((status) =>
      altered(cleared, {}, { status }),
    );
    const same = { operation_id: 'txn_8Lr3' };
    const createdAt = { created_at: '2026-05-04T03:00:00Z' };
    const events = [
      eventOf('ClearingReceived', bodies[0] ?? ''),
      eventOf('ClearingPending', bodies[1] ?? ''),
      eventOf('ClearingFailed', bodies[2] ?? ''),
      eventOf('RefundReceived', altered(refund, createdAt, same)),
      eventOf('AuthorizationReversed', altered(reversal, createdAt, same)),
    ];
    expect(new Set(events.map(({ effectKey }) => effectKey)).size).toBe(events.length);
  });
});

describe('a clearing by its status (rows 16 and 17)', () => {
  it.each([
    ['success', 'ClearingReceived'],
    ['pending', 'ClearingPending'],
    ['manual_check', 'ClearingPending'],
    ['failed', 'ClearingFailed'],
  ] as const)('%s gives %s', (status, type) => {
    expect(eventOf(type, altered(cleared, {}, { status })).data).toMatchObject({
      cardId: 'crd_7788',
      authorizationId: null,
    });
  });

  it('canceled or time_canceled is not documented in B and C; in A it is a failure', () => {
    for (const status of ['canceled', 'time_canceled', 'CANCELLED'])
      expect(refusalOf(altered(cleared, {}, { status }))).toBe('status-unknown status');
    const inA = altered('constructed/a/cards-clearing-failed', {}, { status: 'CANCELLED' });
    expect(eventOf('ClearingFailed', inA).flags).toEqual(['assumed-mapping']);
  });

  it('pending in B only announces: no answer of ours would move money (row 33)', () => {
    const event = eventOf('ClearingPending', altered('constructed/b/cards-clearing-pending'));
    expect(event.effectKey).toMatch(/\|pending$/);
  });
});

describe('AuthorizationReversed and RefundReceived', () => {
  it('give back the fees that they state, and no others (row 28)', () => {
    const stated = eventOf('AuthorizationReversed', altered(reversal));
    expect(stated.data.fees.map((fee) => moneyText(fee.amount).amount)).toEqual(['0.23']);
    expect(stated.data).toMatchObject({ isFull: null, authorizationId: null });
    const unstated = eventOf('RefundReceived', altered(refund, { fees: undefined }));
    expect(unstated.data.fees).toEqual([]);
    expect(unstated.flags).toEqual(['amount-unverified']);
  });

  it('are always positive: the event says the direction (row 4)', () => {
    for (const path of [cleared, reversal, refund])
      expect(refusalOf(altered(path, { bill_amount: '-1.00' }))).toBe(
        'amount-negative data.bill_amount',
      );
  });

  it('are only noticed while announced or when failed (row 16)', () => {
    for (const path of [reversal, refund, 'constructed/c/cards-visa-direct-deposit-success'])
      for (const status of ['pending', 'manual_check', 'failed']) {
        const event = eventOf('ProviderNoticeReceived', altered(path, {}, { status }));
        expect(event.effectKey).toBeNull();
        expect(event.subject).toEqual({ kind: 'card', id: 'crd_7788' });
      }
    expect(
      eventOf('ProviderNoticeReceived', altered(refund, {}, { status: 'manual_check' })).data.kind,
    ).toBe('refund-manual-check');
    for (const status of ['canceled', 'time_canceled'])
      expect(codeOf(altered(refund, {}, { status }))).toBe('status-unknown');
  });
});
