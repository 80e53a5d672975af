import { moneyText, toWire } from '@counterfoil/domain';
import { describe, expect, it } from 'vitest';
import { altered, codeOf, eventOf, refusalOf } from '../testing/cryptomate-delivery.ts';

const challenge = 'constructed/c/cards-notification-3ds-authorization-pending';
const outOfBand = 'constructed/c/cards-notification-3ds-authorization-oob-pending';
const blocked = 'constructed/c/cards-card-blocked-by-velocity-success';
const client = 'constructed/c/company-activity-client-status-failed';

describe('CardChallengeRequested', () => {
  it('carries the code opaque, as the id to answer with (row 39)', () => {
    const { data, subject, effectKey } = eventOf('CardChallengeRequested', altered(challenge));
    expect(data).toMatchObject({ challengeId: 'act_5Wx8', cardId: 'crd_7788', answerBy: null });
    expect(data.amount && moneyText(data.amount)).toEqual({ asset: 'EUR', amount: '64.50' });
    expect(subject).toEqual({ kind: 'challenge', id: 'act_5Wx8' });
    expect(effectKey).toBe('cryptomate|challenge|act_5Wx8');
  });

  it("reads B's numeric currency as its letters", () => {
    const inB = altered('constructed/b/cards-notification-3ds-authorization-pending');
    const { amount } = eventOf('CardChallengeRequested', inB).data;
    expect(amount && moneyText(amount)).toEqual({ asset: 'USD', amount: '64.50' });
  });

  it('is shown without an amount rather than not at all where its currency is unknown', () => {
    const unknown = altered(challenge, { transaction_currency: 'ZZZ' });
    expect(eventOf('CardChallengeRequested', unknown).data.amount).toBeNull();
    expect(refusalOf(altered(challenge, { transaction_amount: '-1' }))).toBe(
      'amount-negative data.transaction_amount',
    );
  });

  it('has a deadline out of band, and is not understood without one', () => {
    const { data } = eventOf('CardChallengeRequested', altered(outOfBand));
    expect(data).toMatchObject({
      challengeId: '22222222-3333-4444-8555-666666666666',
      cardId: 'icrd_42',
      answerBy: Date.UTC(2026, 4, 13, 18, 5),
    });
    expect(refusalOf(altered(outOfBand, { expiry_time: null }))).toBe(
      'field-missing data.expiry_time',
    );
  });

  it('is made of pending only', () => {
    for (const path of [challenge, outOfBand])
      expect(codeOf(altered(path, {}, { status: 'success' }))).toBe('status-unknown');
  });
});

describe('CardStatusChanged', () => {
  it('says that a velocity rule blocked the card, once for each block', () => {
    const event = eventOf('CardStatusChanged', altered(blocked));
    expect(event.data).toEqual({
      cardId: '11111111-2222-4333-8444-555555555555',
      status: 'blocked',
      reason: 'velocity',
      changedAt: Date.UTC(2026, 4, 12, 9, 10, 11, 12),
      reportedBalance: null,
      holder: null,
    });
    const again = altered(blocked, { blocked_at: '2026-05-13T09:10:11.012Z' });
    expect(eventOf('CardStatusChanged', again).effectKey).not.toBe(event.effectKey);
    expect(refusalOf(altered(blocked, { blocked_at: 'today' }))).toBe(
      'field-malformed data.blocked_at',
    );
  });
});

describe('HolderStatusChanged', () => {
  it("takes the status of the client's record, whatever the status of the notice", () => {
    const event = eventOf('HolderStatusChanged', altered(client, { status: 'REJECTED' }));
    expect(event.data).toEqual({
      clientId: 'cli_77',
      status: 'rejected',
      reasonCode: 'REJECTED_BY_PROVIDER',
      changedAt: Date.UTC(2026, 4, 15, 12, 34, 56),
    });
    for (const status of ['pending', 'success', 'canceled', 'time_canceled', 'manual_check'])
      eventOf('HolderStatusChanged', altered(client, {}, { status }));
    expect(codeOf(altered(client, { status: null }))).toBe('field-missing');
  });
});

describe('personal data', () => {
  it('stays in the archive: canonical events carry ids, states and codes only', () => {
    const bodies = [
      eventOf('HolderStatusChanged', altered(client)),
      eventOf('DepositConfirmed', altered('constructed/c/virtual-wallets-ramp-on-success')),
      eventOf('FundsDelivered', altered('constructed/c/treasury-ramp-on-success')),
      eventOf('DepositConfirmed', altered('constructed/c/cards-visa-direct-deposit-success')),
      eventOf('AuthorizationRequested', altered('constructed/b/cards-authorization-pending-defi')),
    ];
    for (const event of bodies) {
      const text = JSON.stringify(toWire(event));
      expect(text).not.toMatch(
        /Ana|Ruiz|example\.com|unreadable|Sender Bank|0x0526912b|0x7da450ab/,
      );
    }
  });
});
