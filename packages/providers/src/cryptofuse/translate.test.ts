import { instant } from '@counterfoil/domain';
import { describe, expect, it } from 'vitest';
import {
  at,
  flagsOf,
  g1,
  g2a,
  g2b,
  g2Payment,
  keyOf,
  only,
  payment,
  quarantine,
  transfer,
  withdrawal,
} from '../testing/cryptofuse-delivery.ts';
import { sampleReceivedAt } from '../testing/index.ts';
import { subscriptionNames } from './event-names.ts';

// What is told is tested beside the reader of each event.

describe('what is quarantined', () => {
  it.each(subscriptionNames)('%s as an event (decision 16)', (name) => {
    for (const body of [
      g1(name, { ...payment, status: 'completed' }),
      g2b(name, { ...withdrawal, status: 'completed' }),
      g1(name, { ...transfer, status: 'completed' }),
    ]) {
      expect(quarantine(body)).toEqual({ code: 'type-unknown', path: 'event' });
    }
    expect(keyOf(g1(name, payment))).toBeNull();
  });

  it('G0, as retired, under its own key (decision 15)', () => {
    const body = {
      event_type: 'payment.status_updated',
      payment_id: 'pay-0',
      status: 'confirming',
      updated_at: at,
    };
    expect(quarantine(body)).toEqual({ code: 'dialect-retired', path: 'event_type' });
    expect(keyOf(body)).toBe(`payment.status_updated|pay-0|confirming|${at}`);
  });

  it.each([
    ['an unknown G1 event', g1('payment.refunded', payment), 'type-unknown', 'event'],
    ['an unknown G2 event', g2b('payment_refunded', g2Payment), 'type-unknown', 'event'],
    ['a G1 name in the envelope of G2', g2b('payment.completed', payment), 'type-unknown', 'event'],
    [
      'a G2 name in the envelope of G1',
      g1('payment_status_update', { ...g2Payment, status: 'completed' }),
      'type-unknown',
      'event',
    ],
    [
      'an unknown status',
      g2a('payment_status_update', { ...g2Payment, status: 'refunded' }),
      'status-unknown',
      'data.status',
    ],
    [
      'an unknown status of a withdrawal',
      g1('withdrawal.status_changed', { ...withdrawal, status: 'lost' }),
      'status-unknown',
      'data.status',
    ],
    [
      'status_changed without a status',
      g1('withdrawal.status_changed', withdrawal),
      'field-missing',
      'data.status',
    ],
    [
      'a status that contradicts its event',
      g1('payment.completed', { ...payment, status: 'failed' }),
      'status-unknown',
      'data.status',
    ],
    [
      'two statuses that differ',
      { ...g2a('payment_status_update', { ...g2Payment, status: 'completed' }), status: 'failed' },
      'field-malformed',
      'status',
    ],
    ['no envelope', { data: payment }, 'dialect-unknown', ''],
    [
      'data that is a number',
      { ...g1('payment.completed', {}), data: 5 },
      'field-malformed',
      'data',
    ],
    ['no data', { ...g1('payment.completed', {}), data: null }, 'field-missing', 'data'],
    [
      'a time that is none',
      g1('payment.completed', payment, { created_at: 'yesterday' }),
      'field-malformed',
      'created_at',
    ],
    [
      'a payment without id',
      g1('payment.completed', { ...payment, payment_id: null }),
      'field-missing',
      'data.payment_id',
    ],
    [
      'a completed payment without amount (decision 3)',
      g1('payment.completed', { ...payment, amount: null }),
      'field-missing',
      'data.amount',
    ],
    [
      'a completed payment without asset',
      g1('payment.completed', { ...payment, currency: null }),
      'field-missing',
      'data.currency',
    ],
    [
      'a completed payment of zero',
      g1('payment.completed', { ...payment, amount: 0 }),
      'amount-malformed',
      'data.amount',
    ],
    [
      'a completed withdrawal without amount (decision 3)',
      g1('withdrawal.completed', { ...withdrawal, amount: null }),
      'field-missing',
      'data.amount',
    ],
    [
      'a withdrawal without id',
      g1('withdrawal.failed', { ...withdrawal, withdrawal_id: null }),
      'field-missing',
      'data.withdrawal_id',
    ],
    [
      'an unknown asset',
      g1('payment.completed', { ...payment, currency: 'XMR' }),
      'asset-unknown',
      'data.currency',
    ],
    [
      'a token on a chain that is not listed',
      g1('withdrawal.created', { ...withdrawal, blockchain: 'SOL' }),
      'asset-unknown',
      'data.token',
    ],
    [
      'a code and a token that name two assets',
      g2b('withdrawal_status_update', { ...withdrawal, currency: 'USDTTRC20', status: 'pending' }),
      'currency-mismatch',
      'data.currency',
    ],
    [
      'a wrong amount in a step without money',
      g1('withdrawal.failed', { ...withdrawal, amount: '-1' }),
      'amount-negative',
      'data.amount',
    ],
  ] as const)('%s', (_title, body, code, path) => {
    expect(quarantine(body)).toEqual({ code, path });
  });
});

describe('what is translated', () => {
  const completed = g1('payment.completed', payment);
  const week = 7 * 24 * 3_600_000;

  it('is accepted when it is older than seven days, and flagged (decision 2)', () => {
    const sentAt = sampleReceivedAt - 3_600_000;
    expect(flagsOf(completed, instant(sentAt + week))).not.toContain('late');
    expect(flagsOf(completed, instant(sentAt + week + 1))).toContain('late');
    const updated = g2b('payment_status_update', { ...g2Payment, status: 'completed' });
    expect(flagsOf(updated, instant(sentAt + week + 1))).toContain('late');
  });

  it('compares event names and statuses without case, and ids byte for byte', () => {
    const body = g1(' Payment.COMPLETED ', {
      ...payment,
      payment_id: 'PAY-1',
      status: 'Completed',
    });
    expect(only(body).effectKey).toBe('cryptofuse|invoice|PAY-1|settled');
  });
});
