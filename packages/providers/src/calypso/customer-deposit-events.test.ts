import { describe, expect, it } from 'vitest';
import { calypsoEvent, calypsoEvents, calypsoQuarantine } from '../testing/calypso-delivery.ts';

const purse = '"customerId":"c-1","customerBlocked":false,"purseId":"p-1"';
const money = '"transactionId":"t-1","amount":75.000000000000000001,"currency":"USDT_BSC"';
const about = { about: 'address p-1', owners: ['address p-1', 'client c-1'] };

describe('deposits of customers', () => {
  it.each(['CUSTOMER_PURSE_MEM_POOL_FOUND', 'CUSTOMER_PURSE_MEMPOOL_FOUND'])(
    '%s detects a deposit',
    (eventType) => {
      const data = `{${purse},${money},"address":"0xAB","transactionHash":"0xCD","senderAddress":"0xEF"}`;
      expect(calypsoEvent(eventType, data)).toMatchObject({
        ...about,
        type: 'DepositDetected',
        stage: 'seen',
        amount: '75.000000000000000001 USDT:BSC',
        depositId: 't-1',
        chainHash: '0xcd',
        effectKey: null,
        references: { address: '0xab', senderAddress: '0xef', purseId: 'p-1', customerId: 'c-1' },
      });
    },
  );

  it.each(['5', '"5"', '840'])(
    'decision 29: a deposit in the currency %s is recorded without asset',
    (currency) => {
      const data = `{${purse},"transactionId":17,"amount":250,"currency":${currency}}`;
      expect(calypsoEvent('CUSTOMER_PURSE_MEM_POOL_FOUND', data)).toMatchObject({
        amount: null,
        depositId: '17',
      });
    },
  );

  it('decision 29: everywhere else a numeric currency is unknown', () => {
    const data = `{${purse},"transactionId":"t-1","amount":250,"currency":5}`;
    expect(calypsoQuarantine('CUSTOMER_PURSE_FUNDS_RECEIVED_FOR_PURSE', data)).toBe(
      'asset-unknown data.currency',
    );
  });

  it.each(['CUSTOMER_PURSE_PENDING_COMPLIANCE', 'CUSTOMER_PURSE_PENDING_COMLIANCE'])(
    '%s flags the deposit',
    (eventType) => {
      expect(calypsoEvent(eventType, `{${purse},${money}}`)).toMatchObject({
        ...about,
        type: 'ComplianceStatusChanged',
        status: 'pending',
        depositId: 't-1',
        amount: '75.000000000000000001 USDT:BSC',
        effectKey: null,
      });
    },
  );

  it.each(['CUSTOMER_PURSE_COMPLIANCE_DECLINED', 'CUSTOMER_PURSE_COMLIANCE_DECLINED'])(
    '%s, decision 18: declines the deposit without credit and blocks its address',
    (eventType) => {
      expect(calypsoEvents(eventType, `{${purse},${money}}`)).toMatchObject([
        { ...about, type: 'ComplianceStatusChanged', status: 'declined', effectKey: null },
        { ...about, type: 'DepositAddressClosed', reason: 'blocked', effectKey: null },
      ]);
    },
  );

  it('CUSTOMER_PURSE_FUNDS_RECEIVED_FOR_PURSE, decision 5: credits the amount, no fee, unverified', () => {
    expect(
      calypsoEvent('CUSTOMER_PURSE_FUNDS_RECEIVED_FOR_PURSE', `{${purse},${money}}`),
    ).toMatchObject({
      ...about,
      type: 'DepositConfirmed',
      depositId: 't-1',
      gross: '75.000000000000000001 USDT:BSC',
      fees: [],
      net: '75.000000000000000001 USDT:BSC',
      method: 'chain',
      isDelivered: false,
      effectKey: 'calypso|deposit|t-1|confirmed',
      flags: ['amount-unverified'],
    });
  });

  it('CUSTOMER_PURSE_TRANSLATION_TO_ACCOUNT_COMPLETED, decision 21: moves the provider side only', () => {
    expect(
      calypsoEvent('CUSTOMER_PURSE_TRANSLATION_TO_ACCOUNT_COMPLETED', `{${purse},${money}}`),
    ).toMatchObject({
      ...about,
      type: 'FundsDelivered',
      depositId: 't-1',
      amount: '75.000000000000000001 USDT:BSC',
      purpose: 'holder-deposit',
      effectKey: 'calypso|deposit|t-1|delivered',
      flags: ['assumed-mapping', 'amount-unverified'],
    });
  });

  it('CUSTOMER_PURSE_EXPIRED closes the address', () => {
    expect(calypsoEvent('CUSTOMER_PURSE_EXPIRED', `{${purse},"address":"0xAB"}`)).toMatchObject({
      ...about,
      type: 'DepositAddressClosed',
      reason: 'expired',
      effectKey: null,
      references: { address: '0xab' },
    });
  });

  it('decision 31: the asset comes from the currency, never from the address', () => {
    const received = (currency: string) =>
      calypsoEvent(
        'CUSTOMER_PURSE_FUNDS_RECEIVED_FOR_PURSE',
        `{${purse},"transactionId":"t","amount":1,"currency":"${currency}"}`,
      )['gross'];
    expect(received('ETH')).toBe('1.00 ETH:ETHEREUM');
    expect(received('POL')).toBe('1.00 POL:POLYGON');
  });

  it('decision 32: a deposit to a blocked customer is posted when it is reported', () => {
    const data = `{${purse.replace('false', 'true')},${money}}`;
    expect(calypsoEvent('CUSTOMER_PURSE_FUNDS_RECEIVED_FOR_PURSE', data)).toMatchObject({
      type: 'DepositConfirmed',
    });
  });

  it('is found by its on-chain address where no purse is named', () => {
    const data = `{"address":"0xABCD",${money}}`;
    expect(calypsoEvent('CUSTOMER_PURSE_FUNDS_RECEIVED_FOR_PURSE', data)).toMatchObject({
      about: 'address 0xabcd',
      owners: ['address 0xabcd'],
    });
  });

  it.each([
    [`{"customerId":"c-1",${money}}`, 'field-missing data.purseId'],
    [`{${purse},"amount":1,"currency":"BTC"}`, 'field-missing data.transactionId'],
    [`{${purse},"transactionId":"t","currency":"BTC"}`, 'field-missing data.amount'],
    [`{${purse},"transactionId":"t","amount":1}`, 'field-missing data.currency'],
    [`{${purse},"transactionId":"t","amount":0,"currency":"BTC"}`, 'amount-malformed data.amount'],
  ])('posts nothing from a guess: %s', (data, quarantine) => {
    for (const eventType of [
      'CUSTOMER_PURSE_FUNDS_RECEIVED_FOR_PURSE',
      'CUSTOMER_PURSE_TRANSLATION_TO_ACCOUNT_COMPLETED',
    ])
      expect(calypsoQuarantine(eventType, data), eventType).toBe(quarantine);
  });
});
