import { describe, expect, it } from 'vitest';
import { altered, eventOf, identified } from '../testing/cryptomate-delivery.ts';

const keyOf = (path: string, data = {}, envelope = {}) =>
  identified(altered(path, data, envelope)).eventKey;

describe('the event key (row 5, and the last column of section 17)', () => {
  it.each([
    ['cards-authorization-pending', 'cards|authorization|OP|pending'],
    ['cards-authorized-success', 'cards|authorized|OP|success|2026-05-02T10:11:12.000Z'],
    ['cards-declined-success', 'cards|declined|OP|success|'],
    ['cards-cleared-pending', /^cards\|cleared\|OP\|pending\|20[\d-]+T[\d:.]+Z$/],
    ['cards-cleared-success', /^cards\|cleared\|OP\|success\|crd_7788\|20[\d-]+T[\d:.]+Z$/],
    ['cards-reversal-success', /^cards\|reversal\|OP\|success\|crd_7788\|20[\d-]+T[\d:.]+Z$/],
    ['cards-refund-success', /^cards\|refund\|OP\|success\|crd_7788\|20[\d-]+T[\d:.]+Z$/],
    [
      'cards-visa-direct-deposit-success',
      'cards|visa_direct_deposit|OP|success|crd_7788|2026-05-11T17:45:00.000Z',
    ],
    [
      'cards-notification-3ds-authorization-pending',
      'cards|notification_3ds_authorization|OP|pending',
    ],
    [
      'cards-notification-3ds-authorization-oob-pending',
      'cards|notification_3ds_authorization_oob|OP|pending',
    ],
    [
      'cards-card-blocked-by-velocity-success',
      'cards|card_blocked_by_velocity|99999999-8888-4777-8666-555555555555|' +
        '11111111-2222-4333-8444-555555555555|2026-05-12T09:10:11.012Z',
    ],
    [
      'cards-deposit-success',
      'cards|deposit|OP|success|wlt_31|0x926b8bd912832e81c3e8e4f8f308d41c82b5034d|' +
        '0x537486df2c8ac82805174714623b980081792889',
    ],
    ['virtual-wallets-ramp-on-success', 'virtual_wallets|ramp_on|OP|success'],
    ['virtual-wallets-withdraw-success', 'virtual_wallets|withdraw|OP|success'],
    [
      'cards-warranty-withdraw-success',
      'cards|warranty_withdraw|OP|success|wlt_holding_1|0xf728d0f437b216cc65818140119c47aa261424ca',
    ],
    ['treasury-transfer-success', 'treasury|transfer|OP|success'],
    [
      'company-activity-client-status-failed',
      'company_activity|client_status|OP|failed|rejected|2026-05-15T12:34:56.000Z',
    ],
  ])('of %s', (name, expected) => {
    const key = keyOf(`constructed/c/${name}`, {}, { operation_id: 'OP' });
    if (typeof expected === 'string') expect(key).toBe(expected);
    else expect(key).toMatch(expected);
  });

  it('is one key for one fact, in whatever words a dialect puts it', () => {
    const c = keyOf('constructed/c/cards-cleared-success');
    const shouted = { product: 'CARDS', event_type: 'CLEARING', status: 'SUCCESS' };
    expect(keyOf('constructed/c/cards-cleared-success', {}, shouted)).toBe(c);
    const createdAt = { created_at: '2026-05-04T00:00:00-03:00' };
    expect(keyOf('constructed/c/cards-cleared-success', createdAt)).toBe(
      keyOf('constructed/c/cards-cleared-success', { created_at: '2026-05-04T03:00:00.000Z' }),
    );
  });

  it('keeps apart the statuses of one operation over time (row 18)', () => {
    const keys = ['pending', 'manual_check', 'success', 'failed'].map((status) =>
      keyOf('constructed/c/virtual-wallets-withdraw-success', {}, { status }),
    );
    expect(new Set(keys).size).toBe(4);
  });

  it('keeps apart several transfers in one transaction on chain (row 44)', () => {
    const first = keyOf('constructed/c/virtual-wallets-deposit-success');
    expect(keyOf('constructed/c/virtual-wallets-deposit-two-in-one-transaction')).not.toBe(first);
    for (const data of [
      { wallet_id: 'wlt_99' },
      { from_wallet_address: '0x01' },
      { token: { address: '0x02' } },
    ])
      expect(keyOf('constructed/c/virtual-wallets-deposit-success', data)).not.toBe(first);
    const upper = { from_wallet_address: '0X926B8BD912832E81C3E8E4F8F308D41C82B5034D' };
    expect(keyOf('constructed/c/virtual-wallets-deposit-success', upper)).toBe(first);
  });

  it('gives two deposits of one transaction effects of their own (row 44)', () => {
    const effects = [
      'constructed/c/virtual-wallets-deposit-success',
      'constructed/c/virtual-wallets-deposit-two-in-one-transaction',
      'constructed/b/cards-deposit-success',
      'constructed/b/virtual-wallets-deposit-success',
    ].map((path) => eventOf('DepositConfirmed', altered(path)).effectKey);
    expect(new Set(effects).size).toBe(4);
  });

  it('compares an operation that is a hash on chain in lower case, any other id as it is', () => {
    const path = 'constructed/c/cards-deposit-success';
    const key = (operation_id: string) => keyOf(path, {}, { operation_id });
    expect(key('0xBEEF01')).toBe(key('0xbeef01'));
    expect(key('WF_44')).not.toBe(key('wf_44'));
    const effect = (operation_id: string) =>
      eventOf('DepositConfirmed', altered(path, {}, { operation_id })).effectKey;
    expect(effect('0xBEEF01')).toBe(effect('0xbeef01'));
  });

  it('is the same for another body, whose hash then tells the variant (row 6)', () => {
    const first = identified(altered('stories/duplicate-and-variant/04-cards-cleared-success'));
    const other = identified(
      altered('stories/duplicate-and-variant/06-cards-cleared-success-other-amount'),
    );
    expect(other.eventKey).toBe(first.eventKey);
    expect(other.bodySha256).not.toBe(first.bodySha256);
  });

  it('is found for what is quarantined as well, unless the envelope cannot be read', () => {
    expect(keyOf('constructed/c/cards-cleared-missing-status')).toMatch(
      /^cards\|cleared\|txn_8Ls0\|\|/,
    );
    expect(keyOf('constructed/c/cards-card-unblocked-success')).toBe(
      'cards|card_unblocked|crd_7788|success',
    );
    expect(keyOf('constructed/c/cards-cleared-success', {}, { operation_id: null })).toBeNull();
  });

  it('stays short whatever a body puts into it', () => {
    const long = { wallet_id: 'x'.repeat(100_000), from_wallet_address: { not: 'text' } };
    const key = keyOf('constructed/c/cards-deposit-success', long) ?? '';
    expect(key.length).toBeLessThan(500);
    expect(key).toContain('sha256:');
  });

  it('keeps half a character out, and two different halves apart', () => {
    const keys = ['\ud83d', '\ud83e'].map((half) =>
      keyOf('constructed/c/cards-deposit-success', { from_wallet_address: half }),
    );
    expect(new Set(keys).size).toBe(2);
    expect(keys.join('')).not.toMatch(/\p{Surrogate}/u);
  });
});
