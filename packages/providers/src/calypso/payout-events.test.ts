import { describe, expect, it } from 'vitest';
import {
  calypsoAccount,
  calypsoEvent,
  calypsoEvents,
  calypsoQuarantine,
} from '../testing/calypso-delivery.ts';

const ids =
  '"idempotencyKey":"key-1","parentExternalId":88101,"externalId":"wd-601","currency":"USDT_TRX"';
const hash = '"hash":"0xABCD"';
const status = (name: string, rest = '') => `{${ids},"payoutStatus":"${name}"${rest}}`;
const changed = (name: string, rest = '') =>
  calypsoEvent('PAYOUT_CHANGE_STATUS', status(name, rest));
const about = {
  about: 'payout key-1',
  owners: ['payout key-1', `account ${calypsoAccount}`],
  payoutId: 'key-1',
};

describe('payouts of Calypso', () => {
  it.each(['CREATION_IN_PROGRESS', 'CREATED'])(
    'PAYOUT_CHANGE_STATUS %s, decision 7: asks for a payout whose amount our order knows',
    (name) => {
      expect(changed(name)).toMatchObject({
        ...about,
        type: 'PayoutRequested',
        amount: null,
        effectKey: 'calypso|payout|key-1|requested',
        references: { parentExternalId: '88101', externalId: 'wd-601', asset: 'USDT:TRON' },
      });
    },
  );

  it.each([
    ['PENDING_CONFIRMATION', 'awaiting-approval'],
    ['CONFIRMED', 'approved'],
    ['IN_PROGRESS', 'submitted'],
    ['PARTIAL', 'partial'],
  ])('PAYOUT_CHANGE_STATUS %s is the step %s', (name, stage) => {
    expect(changed(name)).toMatchObject({
      ...about,
      type: 'PayoutProgressed',
      stage,
      reason: null,
      chainHash: null,
      effectKey: null,
    });
  });

  it('PAYOUT_CHANGE_STATUS COMPLETED pays the payout', () => {
    expect(changed('COMPLETED', `,${hash}`)).toMatchObject({
      ...about,
      type: 'PayoutCompleted',
      withdrawalId: null,
      amount: null,
      fees: [],
      chainHash: '0xabcd',
      effectKey: 'calypso|payout|key-1|completed',
    });
  });

  it.each([
    ['FAILED', 'failed'],
    ['CANCELED', 'canceled'],
  ])('PAYOUT_CHANGE_STATUS %s, decision 28: is final and returns the payout', (name, outcome) => {
    expect(changed(name)).toMatchObject({
      ...about,
      type: 'PayoutReturned',
      withdrawalId: null,
      amount: null,
      outcome,
      chainHash: null,
      effectKey: 'calypso|payout|key-1|returned',
    });
  });

  it('carries the hash of a failed payout, which keeps its reserve', () => {
    expect(changed('FAILED', `,${hash}`)).toMatchObject({ chainHash: '0xabcd' });
    expect(changed('FAILED', ',"hash":""')).toMatchObject({ chainHash: null });
  });

  it('PAYOUT_CONFIRMED is the step approved', () => {
    expect(
      calypsoEvent('PAYOUT_CONFIRMED', `{${ids},"approved":["ops@example.test"]}`),
    ).toMatchObject({
      ...about,
      type: 'PayoutProgressed',
      stage: 'approved',
    });
  });

  it('keeps the people who approved out of the events', () => {
    const event = calypsoEvent('PAYOUT_CONFIRMED', `{${ids},"approved":["ops@example.test"]}`);
    expect(JSON.stringify(event)).not.toContain('ops@');
  });

  it('PAYOUT_VALIDATION_ERROR, decision 16: is a failed attempt with its open reason code', () => {
    const data = `{${ids},"dealWithdrawalId":190501,"validationStatus":"NEW_REASON","message":"x"}`;
    expect(calypsoEvent('PAYOUT_VALIDATION_ERROR', data)).toMatchObject({
      ...about,
      type: 'PayoutProgressed',
      stage: 'attempt-failed',
      reason: 'NEW_REASON',
      references: { dealWithdrawalId: '190501' },
    });
  });

  it('PAYOUT_HASH_RECEIVED, decision 21: is the step broadcast, and needs an id only', () => {
    expect(calypsoEvent('PAYOUT_HASH_RECEIVED', `{${ids},${hash}}`)).toMatchObject({
      ...about,
      type: 'PayoutProgressed',
      stage: 'broadcast',
      chainHash: '0xabcd',
      flags: ['assumed-mapping'],
    });
    expect(calypsoEvent('PAYOUT_HASH_RECEIVED', '{"externalId":"wd-601"}')).toMatchObject({
      payoutId: 'wd-601',
      chainHash: null,
    });
  });

  it.each(['DRAFT', 'CANCELLED', 'SUCCESS', '__proto__'])(
    'PAYOUT_CHANGE_STATUS with DRAFT or any other status: %s is quarantined',
    (name) => {
      expect(calypsoQuarantine('PAYOUT_CHANGE_STATUS', status(name))).toBe(
        'status-unknown data.payoutStatus',
      );
    },
  );

  it('is quarantined without status, without id, or in an unknown currency', () => {
    const quarantine = (data: string) => calypsoQuarantine('PAYOUT_CHANGE_STATUS', data);
    expect(quarantine(`{${ids}}`)).toBe('field-missing data.payoutStatus');
    expect(quarantine('{"payoutStatus":"CREATED"}')).toBe('field-missing data.idempotencyKey');
    expect(quarantine('{"payoutStatus":"CREATED","externalId":"x","currency":"SOL"}')).toBe(
      'asset-unknown data.currency',
    );
  });

  it('decision 11: is found by idempotencyKey, then parentExternalId, then externalId', () => {
    const payoutId = (data: string) => calypsoEvent('PAYOUT_CONFIRMED', data)['payoutId'];
    expect(payoutId(`{${ids}}`)).toBe('key-1');
    expect(payoutId('{"parentExternalId":88101,"externalId":"wd-601"}')).toBe('88101');
    expect(payoutId('{"externalId":"wd-601"}')).toBe('wd-601');
  });
});

describe('decision 6: when a payout is reserved', () => {
  const typesOf = (name: string, payoutReserveAt: 'order' | 'in-progress') =>
    calypsoEvents('PAYOUT_CHANGE_STATUS', status(name), { payoutReserveAt }).map(
      (event) => `${String(event['type'])} ${String(event['stage'] ?? event['effectKey'])}`,
    );
  const requested = 'PayoutRequested calypso|payout|key-1|requested';

  it('payoutReserveAt order: at its creation', () => {
    expect(typesOf('CREATION_IN_PROGRESS', 'order')).toEqual([requested]);
    expect(typesOf('CREATED', 'order')).toEqual([requested]);
    expect(typesOf('IN_PROGRESS', 'order')).toEqual(['PayoutProgressed submitted']);
  });

  it('payoutReserveAt in-progress: when it is being sent', () => {
    expect(typesOf('CREATION_IN_PROGRESS', 'in-progress')).toEqual(['PayoutProgressed creating']);
    expect(typesOf('CREATED', 'in-progress')).toEqual(['PayoutProgressed creating']);
    expect(typesOf('IN_PROGRESS', 'in-progress')).toEqual([
      requested,
      'PayoutProgressed submitted',
    ]);
    expect(typesOf('COMPLETED', 'in-progress')).toEqual([
      'PayoutCompleted calypso|payout|key-1|completed',
    ]);
  });
});
