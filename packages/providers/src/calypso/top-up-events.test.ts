import { describe, expect, it } from 'vitest';
import { calypsoAccount, calypsoEvent, calypsoQuarantine } from '../testing/calypso-delivery.ts';

const topUp = (amount = '5000', hash = '0xEF28', sender = '"0x6B9d"') =>
  `{"amount":${amount},"currency":"USDC","senderAddress":${sender},"transactionHash":"${hash}","fiatAmount":{"USD":4999.2}}`;
const about = { about: `account ${calypsoAccount}`, owners: [`account ${calypsoAccount}`] };
const depositId = '0xef28|USDC:ETHEREUM|0x6b9d|5000.00';

describe('top-ups of our own Calypso account', () => {
  it.each([
    ['TOP_UP_COMPLIANCE_CHECK', 'pending'],
    ['TOP_UP_PENDING_COMPLIANCE', 'pending'],
    ['TOP_UP_COMPLIANCE_DECLINED', 'declined'],
  ])('%s flags the top-up as %s and credits nothing', (eventType, status) => {
    expect(calypsoEvent(eventType, topUp())).toMatchObject({
      ...about,
      type: 'ComplianceStatusChanged',
      status,
      amount: '5000.00 USDC:ETHEREUM',
      depositId,
      effectKey: null,
    });
  });

  it('WALLET_FUNDS_DELIVERED_ACCOUNT, decision 5: credits the merchant, fee zero, unverified', () => {
    expect(calypsoEvent('WALLET_FUNDS_DELIVERED_ACCOUNT', topUp())).toMatchObject({
      ...about,
      type: 'FundsDelivered',
      purpose: 'merchant-top-up',
      amount: '5000.00 USDC:ETHEREUM',
      depositId,
      effectKey: 'calypso|deposit|0xef28|USDC:ETHEREUM|0x6b9d|5000.00|delivered',
      flags: ['amount-unverified'],
      references: { chainHash: '0xef28', senderAddress: '0x6b9d' },
    });
  });

  it('tells apart several outputs of one chain transaction, and no two spellings of one', () => {
    const keyOf = (data: string) =>
      calypsoEvent('WALLET_FUNDS_DELIVERED_ACCOUNT', data)['effectKey'];
    expect(keyOf(topUp('5001'))).not.toBe(keyOf(topUp()));
    expect(keyOf(topUp('5000', '0xEF28', '"0xother"'))).not.toBe(keyOf(topUp()));
    expect(keyOf(topUp('5.000E3', '0xef28', '"0x6b9D"'))).toBe(keyOf(topUp()));
  });

  it('is known by a digest where its parts are longer together than an id may be', () => {
    const long = topUp('5000', `0x${'a'.repeat(150)}`, `"0x${'b'.repeat(150)}"`);
    expect(calypsoEvent('WALLET_FUNDS_DELIVERED_ACCOUNT', long)).toMatchObject({
      depositId: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
  });

  it('needs a hash to be named by, and an amount to post', () => {
    const quarantine = (data: string) => calypsoQuarantine('WALLET_FUNDS_DELIVERED_ACCOUNT', data);
    expect(quarantine('{"amount":1,"currency":"BTC"}')).toBe('field-missing data.transactionHash');
    expect(quarantine('{"transactionHash":"h","currency":"BTC"}')).toBe(
      'field-missing data.amount',
    );
    expect(quarantine(topUp('0'))).toBe('amount-malformed data.amount');
  });

  it('is flagged without an amount where a compliance event states none', () => {
    expect(calypsoEvent('TOP_UP_COMPLIANCE_CHECK', '{"transactionHash":"h"}')).toMatchObject({
      amount: null,
      depositId: 'h|||',
    });
  });
});
