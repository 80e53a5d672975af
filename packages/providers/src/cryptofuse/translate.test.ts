import {
  type CanonicalEvent,
  type Flag,
  instant,
  instantText,
  moneyText,
} from '@counterfoil/domain';
import { describe, expect, it } from 'vitest';
import { sampleAmountMax, sampleReceivedAt, verifiedWebhook } from '../testing/index.ts';
import { cryptofuseAdapter } from './adapter.ts';
import { dialects } from './dialect.ts';
import {
  g1Events,
  g2EventNames,
  paymentStatuses,
  subscriptionNames,
  transferStatuses,
  withdrawalStatuses,
} from './event-names.ts';
import type { CryptofuseSettings } from './settings.ts';

// One test for every row of "What the adapter must produce", and for every decision that an
// adapter can take. Bodies are as small as the row allows.

type Fields = Readonly<Record<string, unknown>>;

const at = '2025-06-01T11:00:00.000Z';
const adapterWith = (settings: Partial<CryptofuseSettings> = {}) =>
  cryptofuseAdapter({
    secrets: ['whsk_test'],
    settings: {
      signature: 'sha256-hex',
      secretPrefix: 'keep',
      withdrawalFee: 'on-top',
      ...settings,
    },
    amountMax: sampleAmountMax,
  });

const g1 = (event: string, data: Fields, more: Fields = {}): Fields => ({
  id: 'ntf_1',
  event,
  created_at: at,
  data,
  ...more,
});
const g2a = (event: string, data: Fields): Fields => ({
  event,
  status: data['status'],
  timestamp: at,
  transaction_id: data['transaction_id'],
  data,
});
const g2b = (event: string, data: Fields): Fields => ({ event, timestamp: at, data });

function translated(
  body: Fields,
  settings: Partial<CryptofuseSettings> = {},
  receivedAt = sampleReceivedAt,
) {
  const adapter = adapterWith(settings);
  const webhook = verifiedWebhook(adapter, JSON.stringify(body), receivedAt);
  return adapter.webhooks.translate(webhook);
}
function only(body: Fields, settings: Partial<CryptofuseSettings> = {}): CanonicalEvent {
  const result = translated(body, settings);
  if (!result.ok) throw new Error(`quarantined: ${result.error.code} ${result.error.path}`);
  const [event, ...others] = result.value;
  expect(others).toEqual([]);
  if (event === undefined) throw new Error('nothing was emitted');
  return event;
}
const quarantine = (body: Fields) => {
  const result = translated(body);
  return result.ok ? 'translated' : { code: result.error.code, path: result.error.path };
};
const keyOf = (body: Fields) => {
  const adapter = adapterWith();
  return adapter.webhooks.identify(verifiedWebhook(adapter, JSON.stringify(body))).eventKey;
};
const ownersOf = (event: CanonicalEvent) =>
  event.owners.map(({ kind, externalId }) => `${kind} ${externalId}`);
/** Data as a wire would write it: money and instants as text. */
const plain = (event: CanonicalEvent): unknown =>
  JSON.parse(
    JSON.stringify(event.data, (key, value: unknown) => {
      if (typeof value === 'number' && key.endsWith('At')) return instantText(instant(value));
      if (typeof value !== 'object' || value === null || !('units' in value)) return value;
      const { amount, asset } = moneyText(value as Parameters<typeof moneyText>[0]);
      return `${amount} ${asset}`;
    }),
  );

const payment = {
  payment_id: 'pay-1',
  amount: 250.5,
  currency: 'USDTTRC20',
  wallet_id: 'wal-1',
  custom_id: 'order-1',
};
const withdrawal = {
  withdrawal_id: 'wd-1',
  amount: '100.50',
  fee: '1.50',
  address: '0xABC',
  blockchain: 'ETH',
  token: 'USDT',
  custom_id: 'WD-9',
};
const g2Payment = {
  transaction_id: 'pay-2',
  amount_crypto: '250.00000000',
  currency: 'USDTTRC20',
  total_paid_amount: '100.00000000',
  order_id: 'order-2',
  payment_history: [
    { deposit_id: 'dep-1', amount: '60.00000000' },
    { deposit_id: 'dep-2', amount: '40.00000000' },
  ],
};
const transfer = {
  transfer_id: 'tr-1',
  transfer_type: 'to_sub',
  currency: 'usdttrc20',
  amount: '60.00',
  wallet_id: 'wal-1',
  created_at: at,
};

describe('the rows of G1', () => {
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
    expect(event.source).toMatchObject({ dialect: 'g1', channel: 'webhook', adapterVersion: 1 });
    expect(keyOf(g1(name, data))).toBe(`${name}|pay-1|${String(data['status'])}|${at}`);
  });

  it('wallet.created is a notice about the wallet', () => {
    const event = only(g1('wallet.created', { id: 'wal-1', name: 'Player' }));
    expect(event).toMatchObject({
      type: 'ProviderNoticeReceived',
      data: { kind: 'wallet-created' },
      subject: { kind: 'wallet', id: 'wal-1' },
      effectKey: null,
    });
    expect(ownersOf(event)).toEqual(['wallet wal-1']);
    expect(keyOf(g1('wallet.created', { id: 'wal-1' }))).toBe(`wallet.created|wal-1|${at}`);
  });

  it('wallet.balance_changed reports a balance and posts nothing (decision 13)', () => {
    const balances = [
      { currency: 'usdttrc20', amount: '350.00', pendingAmount: '1.00' },
      { currency: 'btc', amount: '0.1' },
    ];
    const event = only(g1('wallet.balance_changed', { id: 'wal-1', balances }));
    expect(event).toMatchObject({ type: 'BalanceReported', effectKey: null });
    expect(plain(event)).toEqual({ balances: ['350.00 USDT:TRON', '0.10 BTC:BITCOIN'] });
    expect(ownersOf(event)).toEqual(['wallet wal-1']);
    const unknown = [...balances, { currency: 'xyz', amount: '1' }];
    expect(quarantine(g1('wallet.balance_changed', { id: 'wal-1', balances: unknown }))).toEqual({
      code: 'asset-unknown',
      path: 'data.balances.2.currency',
    });
  });

  it.each(['security.login_attempt', 'security.settings_changed'])(
    '%s is a security notice, told by its name for the alert',
    (name) => {
      for (const body of [g1(name, {}), { id: 'ntf_1', event: name, created_at: at }]) {
        const event = only(body);
        expect(event).toMatchObject({ type: 'ProviderNoticeReceived', data: { kind: 'security' } });
        expect(event.source.providerEvent).toBe(name);
        expect(ownersOf(event)).toEqual(['account default']);
      }
      expect(keyOf(g1(name, {}))).toBe(`${name}|ntf_1`);
    },
  );
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

  it('deposit_received announces and never credits (decision 5)', () => {
    const minimal = only(g2b('deposit_received', { transaction_id: 'pay-2' }));
    expect(minimal).toMatchObject({ type: 'DepositDetected', effectKey: null });
    expect(plain(minimal)).toEqual({
      amount: null,
      stage: 'seen',
      depositId: null,
      chainHash: null,
    });
    const named = { transaction_id: 'pay-2', deposit_id: 'dep-1', amount: '5', currency: 'BTC' };
    const event = only(g2b('deposit_received', named));
    expect(plain(event)).toMatchObject({ amount: '5.00 BTC:BITCOIN', depositId: 'dep-1' });
    expect(event.references).toMatchObject({ depositId: 'dep-1' });
    expect(keyOf(g2b('deposit_received', named))).toBe(`deposit_received|pay-2|${at}`);
    expect(quarantine(g2b('deposit_received', { deposit_id: 'dep-1' }))).toEqual({
      code: 'field-missing',
      path: 'data.transaction_id',
    });
    const long = { ...named, transaction_hash: 'a'.repeat(201) };
    expect(quarantine(g2b('deposit_received', long))).toEqual({
      code: 'field-malformed',
      path: 'data.transaction_hash',
    });
  });
});

describe('the rows of withdrawals', () => {
  const completed = {
    type: 'WithdrawalCompleted',
    effectKey: 'cryptofuse|withdrawal|wd-1|completed',
  };
  const returned = { type: 'WithdrawalFailed', effectKey: 'cryptofuse|withdrawal|wd-1|returned' };
  const step = { type: 'WithdrawalProgressed', effectKey: null };
  const expected: Readonly<Record<(typeof withdrawalStatuses)[number], Fields>> = {
    pending: { type: 'WithdrawalRequested', effectKey: 'cryptofuse|withdrawal|wd-1|requested' },
    approved: { ...step, data: { stage: 'approved' } },
    processing: { ...step, data: { stage: 'processing' } },
    submitted: { ...step, data: { stage: 'submitted' } },
    confirmed: { ...step, data: { stage: 'confirmed' } },
    completed,
    rejected: { ...returned, data: { outcome: 'rejected' } },
    failed: { ...returned, data: { outcome: 'failed' } },
    cancelled: { ...returned, data: { outcome: 'canceled' } },
  };
  const names: Readonly<Record<string, (typeof withdrawalStatuses)[number]>> = {
    'withdrawal.created': 'pending',
    'withdrawal.approved': 'approved',
    'withdrawal.processing': 'processing',
    'withdrawal.completed': 'completed',
    'withdrawal.failed': 'failed',
    'withdrawal.cancelled': 'cancelled',
  };
  const owners = ['withdrawal wd-1', 'withdrawal WD-9', 'account default'];

  it.each(Object.entries(names))('%s is told with and without a status', (name, status) => {
    for (const data of [withdrawal, { ...withdrawal, status }]) {
      const event = only(g1(name, data));
      expect(event).toMatchObject(expected[status]);
      expect(ownersOf(event)).toEqual(owners);
      expect(event.flags).toContain('assumed-mapping');
    }
  });

  it.each(withdrawalStatuses)('withdrawal.status_changed %s is told', (status) => {
    const event = only(g1('withdrawal.status_changed', { ...withdrawal, status }));
    expect(event).toMatchObject(expected[status]);
    expect(event.source.providerEvent).toBe(`withdrawal.status_changed ${status}`);
  });

  it.each(withdrawalStatuses)('a G2 event with %s is told by its shape (decision 4)', (status) => {
    for (const name of ['withdrawal_status_update', 'anything_else']) {
      const body = g2b(name, { ...withdrawal, status });
      const event = only(body);
      expect(event).toMatchObject(expected[status]);
      expect(event.flags).toContain('assumed-mapping');
      expect(keyOf(body)).toBe(`${name}|wd-1|${status}|${at}`);
      const { withdrawal_id: id, ...rest } = withdrawal;
      expect(only(g2a(name, { ...rest, id, status }))).toMatchObject(expected[status]);
    }
  });

  it('carry amount, fee, destination and hash', () => {
    const data = { ...withdrawal, transaction_hash: '0xBB22', wallet_id: 'wal-1' };
    const event = only(g1('withdrawal.completed', data));
    expect(plain(event)).toEqual({
      withdrawalId: 'wd-1',
      amount: '100.50 USDT:ETHEREUM',
      fees: [{ kind: 'other', amount: '1.50 USDT:ETHEREUM' }],
      destination: '0xabc',
      chainHash: '0xbb22',
    });
    expect(ownersOf(event)).toEqual(['withdrawal wd-1', 'withdrawal WD-9', 'wallet wal-1']);
  });
});

describe('the rows of wallet transfers', () => {
  it('pending is a notice', () => {
    const event = only({ ...transfer, status: 'pending' });
    expect(event).toMatchObject({
      type: 'ProviderNoticeReceived',
      data: { kind: 'transfer-pending' },
      subject: { kind: 'transfer', id: 'tr-1' },
      effectKey: null,
    });
    expect(event.source.dialect).toBe('g3');
  });

  it('completed moves money between our account and the wallet, both ways', () => {
    const account = { provider: 'cryptofuse', kind: 'account', externalId: 'default' };
    const wallet = { provider: 'cryptofuse', kind: 'wallet', externalId: 'wal-1' };
    const toSub = only({ ...transfer, status: 'completed' });
    expect(toSub.effectKey).toBe('cryptofuse|transfer|tr-1|completed');
    expect(plain(toSub)).toEqual({
      transferId: 'tr-1',
      from: account,
      to: wallet,
      amount: '60.00 USDT:TRON',
      fees: [],
      isOutsidePossible: false,
    });
    const toMaster = only({ ...transfer, transfer_type: 'to_master', status: 'completed' });
    expect(toMaster.data).toMatchObject({ from: wallet, to: account });
    expect(ownersOf(toMaster)).toEqual(['wallet wal-1']);
  });

  it('failed moves nothing', () => {
    const event = only({ ...transfer, status: 'failed', error_message: 'Insufficient balance' });
    expect(event).toMatchObject({
      type: 'TransferFailed',
      data: { transferId: 'tr-1', reason: 'Insufficient balance' },
      effectKey: 'cryptofuse|transfer|tr-1|failed',
    });
  });

  it('are recognised with either id, flat or in data, under any name (decision 5)', () => {
    const { transfer_id: id, ...rest } = transfer;
    const bare = { ...rest, id, status: 'completed' };
    const bodies = [
      bare,
      { data: bare },
      { event: 'transfer_done', timestamp: at, data: { ...transfer, status: 'completed' } },
      g1('wallet.transferred', { ...transfer, status: 'completed' }),
    ];
    for (const body of bodies) {
      expect(only(body).effectKey).toBe('cryptofuse|transfer|tr-1|completed');
      expect(keyOf(body)).toBe('transfer|tr-1|completed');
    }
    const named = g1('payment.expired', { ...payment, transfer_id: 'tr-1', status: 'expired' });
    expect(only(named).type).toBe('InvoiceExpired');
  });

  it.each(['amount', 'currency', 'wallet_id', 'transfer_type'])(
    'completed without %s is quarantined and read (decision 5)',
    (field) => {
      const body = { ...transfer, status: 'completed', [field]: null };
      expect(quarantine({ data: body })).toMatchObject({ code: 'field-missing' });
    },
  );

  it('with an unknown status or type are quarantined by name', () => {
    expect(quarantine({ ...transfer, status: 'reversed' })).toEqual({
      code: 'status-unknown',
      path: 'status',
    });
    expect(quarantine({ ...transfer, status: 'completed', transfer_type: 'sideways' })).toEqual({
      code: 'type-unknown',
      path: 'transfer_type',
    });
  });

  it('cover every documented status', () => {
    for (const status of transferStatuses) expect(only({ ...transfer, status })).toBeDefined();
  });
});

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

describe('the decisions', () => {
  const flags = (body: Fields, receivedAt = sampleReceivedAt): readonly Flag[] => {
    const result = translated(body, {}, receivedAt);
    return result.ok ? (result.value[0]?.flags ?? []) : [];
  };
  const completed = g1('payment.completed', payment);
  const week = 7 * 24 * 3_600_000;

  it('accept what is older than seven days, and flag it (decision 2)', () => {
    const sentAt = sampleReceivedAt - 3_600_000;
    expect(flags(completed, instant(sentAt + week))).not.toContain('late');
    expect(flags(completed, instant(sentAt + week + 1))).toContain('late');
    const updated = g2b('payment_status_update', { ...g2Payment, status: 'completed' });
    expect(flags(updated, instant(sentAt + week + 1))).toContain('late');
  });

  it('read the fields of G1 by the names of its nearest objects (decision 3)', () => {
    const { payment_id: id, ...rest } = payment;
    for (const named of [{ transaction_id: id }, { id }])
      expect(only(g1('payment.completed', { ...rest, ...named })).subject.id).toBe('pay-1');
    const received = { ...payment, amount_received: 99 };
    expect(plain(only(g1('payment.completed', received)))).toMatchObject({
      gross: '99.00 USDT:TRON',
    });
    const { currency: _, ...unnamed } = payment;
    const paid = only(g1('payment.completed', { ...unnamed, pay_currency: 'BTC' }));
    expect(plain(paid)).toMatchObject({ gross: '250.50 BTC:BITCOIN' });
    const pair = only(g1('payment.completed', { ...unnamed, token: 'usdt', blockchain: 'arb' }));
    expect(plain(pair)).toMatchObject({ gross: '250.50 USDT:ARBITRUM' });
    const account = only(
      g1('payment.completed', { ...payment, wallet_id: null, account_id: 'acc-1' }),
    );
    expect(ownersOf(account)).toContain('wallet acc-1');
    const order = only(
      g1('payment.completed', { ...payment, custom_id: null, order_id: 'order-9' }),
    );
    expect(order.references).toMatchObject({ orderId: 'order-9' });
    expect(flags(completed)).toContain('assumed-mapping');
  });

  it('take the amount of G1 as received, unverified and without a fee (decisions 11 and 21)', () => {
    expect(flags(completed)).toEqual(['assumed-mapping', 'amount-unverified']);
    expect(flags(g2a('payment_status_update', { ...g2Payment, status: 'completed' }))).toEqual([
      'amount-unverified',
    ]);
  });

  it('credit what arrived when it is stated, else what was asked (decision 9)', () => {
    const grossOf = (fields: Fields) =>
      plain(only(g2a('payment_status_update', { ...g2Payment, ...fields, status: 'completed' })));
    expect(grossOf({})).toMatchObject({ gross: '100.00 USDT:TRON' });
    // The deposits count for a credit, the stated total for a notice, where the two differ.
    const differing = { total_paid_amount: '90.00' };
    expect(grossOf(differing)).toMatchObject({ gross: '100.00 USDT:TRON' });
    const notice = { ...g2Payment, ...differing, status: 'partially_paid' };
    expect(plain(only(g2a('payment_status_update', notice)))).toMatchObject({
      receivedTotal: '90.00 USDT:TRON',
    });
    expect(grossOf({ payment_history: [] })).toMatchObject({ gross: '100.00 USDT:TRON' });
    expect(grossOf({ payment_history: [{ deposit_id: 'dep-1' }] })).toMatchObject({
      gross: '100.00 USDT:TRON',
    });
    const asked = { payment_history: null, total_paid_amount: null };
    expect(grossOf(asked)).toMatchObject({ gross: '250.00 USDT:TRON' });
    expect(grossOf({ ...asked, pay_amount: '251' })).toMatchObject({ gross: '251.00 USDT:TRON' });
    const partial = only(
      g2a('payment_status_update', { ...g2Payment, status: 'partially_completed' }),
    );
    expect(partial).toMatchObject({ type: 'InvoiceReviewRequired', effectKey: null });
  });

  it('find our own order by custom_id (decision 10)', () => {
    expect(ownersOf(only(g1('withdrawal.created', withdrawal)))).toEqual([
      'withdrawal wd-1',
      'withdrawal WD-9',
      'account default',
    ]);
  });

  it.each([
    ['on-top', '100.50', '1.50'],
    ['inside', '99.00', '1.50'],
  ] as const)('read a withdrawal fee as %s (decision 20)', (withdrawalFee, amount, fee) => {
    for (const name of ['withdrawal.created', 'withdrawal.completed'])
      expect(plain(only(g1(name, withdrawal), { withdrawalFee }))).toMatchObject({
        amount: `${amount} USDT:ETHEREUM`,
        fees: [{ kind: 'other', amount: `${fee} USDT:ETHEREUM` }],
      });
  });

  it('refuse a fee inside an amount that is smaller (decision 20)', () => {
    const body = g1('withdrawal.completed', { ...withdrawal, fee: '200' });
    const result = translated(body, { withdrawalFee: 'inside' });
    expect(result.ok ? '' : result.error.code).toBe('amount-negative');
  });

  it('name the parts of a withdrawal fee where they make it up', () => {
    const feesOf = (fields: Fields) =>
      plain(only(g1('withdrawal.created', { ...withdrawal, fee: null, ...fields })));
    const parts = {
      fees: [
        { kind: 'platform', amount: '1.00 USDT:ETHEREUM' },
        { kind: 'network', amount: '0.50 USDT:ETHEREUM' },
      ],
    };
    const later = { platform_fee: '1.00', network_fee: '0.50' };
    expect(feesOf({ ...later, fee: '1.50' })).toMatchObject(parts);
    expect(feesOf(later)).toMatchObject(parts);
    expect(feesOf({ transaction_fee: '1', network_fee: '0.5', total_fee: '1.5' })).toMatchObject(
      parts,
    );
    expect(feesOf({ ...later, fee: '2.00' })).toMatchObject({
      fees: [{ kind: 'other', amount: '2.00 USDT:ETHEREUM' }],
    });
    expect(feesOf({})).toMatchObject({ fees: [] });
  });

  it('store other payment types, which decide nothing (decision 22)', () => {
    const body = g2b('payment_status_update', { ...g2Payment, status: 'expired' });
    const other = g2b('payment_status_update', {
      ...g2Payment,
      status: 'expired',
      payment_type: 'split',
    });
    expect(only(other).data).toEqual(only(body).data);
  });

  it('read id and withdrawal_id as two names of one id (decision 23)', () => {
    const { withdrawal_id: id, ...rest } = withdrawal;
    const named = only(g1('withdrawal.completed', { ...rest, id }));
    expect(named.effectKey).toBe(only(g1('withdrawal.completed', withdrawal)).effectKey);
  });

  it('keep purchase_id as a reference only (decision 24)', () => {
    const event = only(g1('payment.completed', { ...payment, purchase_id: 'pur-1' }));
    expect(event.references).toMatchObject({ purchaseId: 'pur-1' });
    expect(ownersOf(event)).not.toContain('invoice pur-1');
  });

  it.each([
    ['usdttrc20', null, 'USDT:TRON'],
    ['UsdtErc20', null, 'USDT:ETHEREUM'],
    ['usdcerc20', null, 'USDC:ETHEREUM'],
    ['daierc20', null, 'DAI:ETHEREUM'],
    ['usdtbsc', null, 'USDT:BSC'],
    ['usdtarb', null, 'USDT:ARBITRUM'],
    ['btc', null, 'BTC:BITCOIN'],
    ['eth', null, 'ETH:ETHEREUM'],
    ['usdt', 'trx', 'USDT:TRON'],
    ['usdt', 'Ethereum', 'USDT:ETHEREUM'],
    ['usdt', 'bsc', 'USDT:BSC'],
    ['usdc', 'polygon', 'USDC:POLYGON'],
    ['btc', 'btc', 'BTC:BITCOIN'],
  ] as const)('read %s on %s without case (decision 27)', (token, blockchain, asset) => {
    const named = blockchain === null ? { currency: token } : { token, blockchain };
    const body = g1('payment.completed', { ...payment, currency: null, amount: 1, ...named });
    expect(plain(only(body))).toMatchObject({ gross: `1.00 ${asset}` });
  });

  it('compare event names and statuses without case, and ids byte for byte', () => {
    const body = g1(' Payment.COMPLETED ', {
      ...payment,
      payment_id: 'PAY-1',
      status: 'Completed',
    });
    expect(only(body).effectKey).toBe('cryptofuse|invoice|PAY-1|settled');
  });
});

describe('the documented names', () => {
  it('are those of five generations', () => {
    expect(dialects).toEqual(['g0', 'g1', 'g2a', 'g2b', 'g3']);
    expect([...g1Events.keys(), ...subscriptionNames].length).toBe(20);
    expect(g2EventNames).toEqual(['payment_status_update', 'deposit_received']);
  });
});
