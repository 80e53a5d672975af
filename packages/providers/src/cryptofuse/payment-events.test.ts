import { instantText } from '@counterfoil/domain';
import { describe, expect, it } from 'vitest';
import {
  at,
  type Fields,
  g1,
  g2a,
  g2b,
  g2Payment,
  keyOf,
  only,
  payment,
} from '../testing/cryptofuse-delivery.ts';
import { ownersOf, plain } from '../testing/event-text.ts';
import { paymentStatuses } from './event-names.ts';

describe('the rows of payments in G1', () => {
  const rows: readonly (readonly [string, Fields, string, unknown, string | null])[] = [
    [
      'payment.created',
      { ...payment, status: 'pending', expiry_time: '2025-06-01T11:30:00Z' },
      'InvoiceOpened',
      {
        invoiceId: 'pay-1',
        amountAsked: '250.50 USDT:TRON',
        asset: 'USDT:TRON',
        expiresAt: '2025-06-01T11:30:00.000Z',
      },
      null,
    ],
    [
      'payment.processing',
      { ...payment, status: 'confirming', transaction_hash: '0xAA11' },
      'DepositDetected',
      { amount: '250.50 USDT:TRON', stage: 'confirming', depositId: null, chainHash: '0xaa11' },
      null,
    ],
    [
      'payment.completed',
      { ...payment, status: 'completed' },
      'InvoiceSettled',
      {
        invoiceId: 'pay-1',
        gross: '250.50 USDT:TRON',
        fees: [],
        net: '250.50 USDT:TRON',
        depositIds: [],
      },
      'cryptofuse|invoice|pay-1|settled',
    ],
    [
      'payment.failed',
      { ...payment, status: 'failed', error_message: 'reverted' },
      'InvoicePaymentFailed',
      { invoiceId: 'pay-1', reason: 'reverted', isFinal: true },
      null,
    ],
    [
      'payment.expired',
      { ...payment, status: 'expired' },
      'InvoiceExpired',
      { invoiceId: 'pay-1', receivedTotal: null },
      null,
    ],
  ];
  it.each(rows)('%s is told', (name, data, type, expected, effectKey) => {
    const event = only(g1(name, data));
    expect({ type: event.type, data: plain(event), effectKey: event.effectKey }).toEqual({
      type,
      data: expected,
      effectKey,
    });
    expect(event.subject).toEqual({ kind: 'invoice', id: 'pay-1' });
    expect(ownersOf(event)).toEqual(['invoice pay-1', 'invoice order-1', 'wallet wal-1']);
    expect(event.references).toMatchObject({ customId: 'order-1' });
    expect(instantText(event.occurredAt)).toBe(at);
    expect(event.source).toMatchObject({ dialect: 'g1', channel: 'webhook', adapterVersion: 2 });
    expect(keyOf(g1(name, data))).toBe(`${name}|pay-1|${String(data['status'])}|${at}`);
  });
});

describe('the rows of payment_status_update', () => {
  const opened = {
    invoiceId: 'pay-2',
    amountAsked: '250.00 USDT:TRON',
    asset: 'USDT:TRON',
    expiresAt: null,
  };
  const detected = { amount: '100.00 USDT:TRON', depositId: null, chainHash: null };
  const receivedTotal = '100.00 USDT:TRON';
  const rows: readonly (readonly [string, string, unknown])[] = [
    ['waiting', 'InvoiceOpened', opened],
    ['pending', 'InvoiceOpened', opened],
    ['confirming', 'DepositDetected', { ...detected, stage: 'confirming' }],
    ['confirmed', 'DepositDetected', { ...detected, stage: 'confirmed' }],
    [
      'partially_paid',
      'InvoiceFundsReceived',
      { invoiceId: 'pay-2', amount: null, receivedTotal, depositIds: ['dep-1', 'dep-2'] },
    ],
    [
      'completed',
      'InvoiceSettled',
      {
        invoiceId: 'pay-2',
        gross: '100.00 USDT:TRON',
        fees: [],
        net: '100.00 USDT:TRON',
        depositIds: ['dep-1', 'dep-2'],
      },
    ],
    [
      'partially_completed',
      'InvoiceReviewRequired',
      { invoiceId: 'pay-2', reason: 'underpaid', receivedTotal },
    ],
    ['expired', 'InvoiceExpired', { invoiceId: 'pay-2', receivedTotal }],
    ['failed', 'InvoicePaymentFailed', { invoiceId: 'pay-2', reason: null, isFinal: true }],
  ];
  it.each(rows)('%s is told, in both dialects of G2', (status, type, data) => {
    const fields = { ...g2Payment, status };
    for (const [dialect, body] of [
      ['g2a', g2a('payment_status_update', fields)],
      ['g2b', g2b('payment_status_update', fields)],
    ] as const) {
      const event = only(body);
      expect({ type: event.type, data: plain(event) }).toEqual({ type, data });
      expect(event.source).toMatchObject({
        dialect,
        providerEvent: `payment_status_update ${status}`,
      });
      expect(ownersOf(event)).toEqual(['invoice pay-2', 'invoice order-2', 'account default']);
      expect(event.effectKey).toBe(
        status === 'completed' ? 'cryptofuse|invoice|pay-2|settled' : null,
      );
      expect(keyOf(body)).toBe(`payment_status_update|pay-2|${status}|${at}`);
    }
  });

  it('have a row for every documented status', () => {
    expect(rows.map(([status]) => status).sort()).toEqual([...paymentStatuses].sort());
  });
});
