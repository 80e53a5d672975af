import { describe, expect, it } from 'vitest';
import { calypsoAccount, calypsoEvent, calypsoQuarantine } from '../testing/calypso-delivery.ts';

const ids =
  '"orderId":"o-1","idempotencyKey":"key-1","parentExternalId":70021,"externalId":"cashout-9"';
const about = {
  about: 'withdrawal o-1',
  withdrawalId: 'o-1',
  owners: ['withdrawal o-1', 'withdrawal key-1', `account ${calypsoAccount}`],
};

describe('orders that sell crypto for fiat', () => {
  const success = `{${ids},"rate":1.0812,"state":"SUCCESS","currency":"USDT_TRX","fiatAmount":92.35,"fiatCurrency":"EUR"}`;

  it('FIAT_APPLIER_WITHDRAWAL_SUCCESS, decision 8: completes with the fiat sum as a reference only', () => {
    expect(calypsoEvent('FIAT_APPLIER_WITHDRAWAL_SUCCESS', success)).toMatchObject({
      ...about,
      type: 'WithdrawalCompleted',
      amount: null,
      fees: [],
      destination: null,
      chainHash: null,
      effectKey: 'calypso|withdrawal|o-1|completed',
      references: {
        orderId: 'o-1',
        idempotencyKey: 'key-1',
        parentExternalId: '70021',
        fiatAmount: '92.35',
        fiatCurrency: 'EUR',
        rate: '1.0812',
        currency: 'USDT_TRX',
        state: 'SUCCESS',
      },
    });
  });

  it('FIAT_APPLIER_WITHDRAWAL_FAILED returns the withdrawal', () => {
    const data = `{${ids},"state":"FAILED","reason":"Card declined"}`;
    expect(calypsoEvent('FIAT_APPLIER_WITHDRAWAL_FAILED', data)).toMatchObject({
      ...about,
      type: 'WithdrawalFailed',
      outcome: 'failed',
      reason: 'Card declined',
      chainHash: null,
      effectKey: 'calypso|withdrawal|o-1|returned',
    });
  });

  it('decision 16: the outcome comes from the event type, never from state', () => {
    const contradicting = success.replace('"SUCCESS"', '"FAILED"');
    expect(calypsoEvent('FIAT_APPLIER_WITHDRAWAL_SUCCESS', contradicting)).toMatchObject({
      type: 'WithdrawalCompleted',
      references: { state: 'FAILED' },
    });
  });

  it('is named by its order: without orderId it is quarantined', () => {
    const data = '{"idempotencyKey":"key-1"}';
    expect(calypsoQuarantine('FIAT_APPLIER_WITHDRAWAL_SUCCESS', data)).toBe(
      'field-missing data.orderId',
    );
  });

  it('is found by its order alone where no key is stated', () => {
    expect(
      calypsoEvent('FIAT_APPLIER_WITHDRAWAL_SUCCESS', '{"orderId":"o-1","fiatAmount":{"EUR":1}}'),
    ).toMatchObject({ owners: ['withdrawal o-1', `account ${calypsoAccount}`] });
  });
});
