import { type CanonicalEvent, instant, instantText, moneyText } from '@counterfoil/domain';
import { describe, expect, it } from 'vitest';
import { sampleAmountMax, sampleReceivedAt, verifiedWebhook } from '../testing/index.ts';
import { fourpayAdapter } from './adapter.ts';
import {
  accountTransactionStatuses,
  accountTransactionTypes,
  cardStatuses,
  cardTransactionStatuses,
  cardTransactionTypes,
  topupStatuses,
} from './event-names.ts';
import { type FourpaySettings, transactionFees } from './settings.ts';

// One test for every row of "What the adapter must produce", and for every decision that an
// adapter can take. Bodies are as small as the row allows.

type Fields = Readonly<Record<string, unknown>>;
type Settings = Partial<FourpaySettings>;

const updatedAt = '2025-06-01T11:00:00+00:00';
const changed = '2025-06-01T11:00:00.000Z';

const adapterWith = (settings: Settings = {}) =>
  fourpayAdapter({
    secrets: ['test-secret'],
    settings: { signature: 'a', transactionFee: 'on-top', ...settings },
    amountMax: sampleAmountMax,
  });

function translated(body: Fields, settings: Settings = {}) {
  const adapter = adapterWith(settings);
  return adapter.webhooks.translate(verifiedWebhook(adapter, JSON.stringify(body)));
}
function eventsOf(body: Fields, settings: Settings = {}): readonly CanonicalEvent[] {
  const result = translated(body, settings);
  if (!result.ok) throw new Error(`quarantined: ${result.error.code} ${result.error.path}`);
  return result.value;
}
function only(body: Fields, settings: Settings = {}): CanonicalEvent {
  const [event, ...others] = eventsOf(body, settings);
  expect(others).toEqual([]);
  if (event === undefined) throw new Error('nothing was emitted');
  return event;
}
const quarantine = (body: Fields, settings: Settings = {}) => {
  const result = translated(body, settings);
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

const flatCard = (type: string, status: string, more: Fields = {}): Fields => ({
  id: 'tx-1',
  cardUuid: 'card-1',
  accountUuid: 'acc-1',
  amount: '42.10',
  currency: 'USD',
  type,
  status,
  createdAt: '2025-06-01T10:00:00+00:00',
  updatedAt,
  ...more,
});
const nestedCard = (type: string, status: string, more: Fields = {}): Fields => ({
  data: {
    id: 'tx-1',
    account: { accountId: 'acc-1', accountName: 'Main' },
    amount: '38.50',
    currency: 'EUR',
    settlementAmount: '42.10',
    settlementCurrency: 'USD',
    status,
    createdAt: '2025-06-01T10:00:00+00:00',
    updatedAt,
    transactionDetails: { card: { id: 'card-1' }, type },
    ...more,
  },
});
const flatAccount = (type: string, status: string, more: Fields = {}): Fields => ({
  id: 'tx-2',
  accountUuid: 'acc-1',
  amount: '100.00',
  currency: 'USD',
  type,
  status,
  updatedAt,
  ...more,
});
const nestedAccount = (type: string, status: string): Fields => ({
  data: {
    id: 'tx-2',
    account: { id: 'acc-1', name: 'Main' },
    settlementAmount: '100.00',
    settlementCurrency: 'USD',
    status,
    updatedAt,
    transactionDetails: { sourceAccountId: 'acc-9', type },
  },
});
const topup = (status: string, more: Fields = {}): Fields => ({
  id: 'top-1',
  accountUuid: 'acc-1',
  currency: 'USDTTRC20',
  amount: '500.00',
  status,
  updatedAt,
  ...more,
});
const state = (status: string, more: Fields = {}): Fields => ({
  id: 'card-1',
  accountUuid: 'acc-1',
  cardOwnerId: 'player-77',
  status,
  lastFour: '0001',
  balance: '50.00',
  availableBalance: '45.00',
  currency: 'USD',
  updatedAt,
  ...more,
});

const notice = (kind: string) => ({ type: 'ProviderNoticeReceived', data: { kind }, effect: null });
type Row = Readonly<{ type: string; data: unknown; effect: string | null }>;

describe('the rows of card_transaction', () => {
  const card = { cardId: 'card-1', linkId: null, authorizationId: 'tx-1', amount: '42.10 USD' };
  const from = { provider: '4pay', kind: 'account', externalId: 'acc-1' };
  const to = { provider: '4pay', kind: 'card', externalId: 'card-1' };
  const moved = { transferId: 'tx-1', amount: '42.10 USD', fees: [], isOutsidePossible: false };
  const failed = (reason: string): Row => ({
    type: 'TransferFailed',
    data: { transferId: 'tx-1', reason },
    effect: 'transfer|tx-1|failed',
  });
  const rows: Readonly<Record<string, Row>> = {
    'purchase authorized': {
      type: 'AuthorizationConfirmed',
      data: { ...card, fees: [], holdTotal: '42.10 USD', changedAt: changed },
      effect: `authorization|tx-1|confirmed|${changed}`,
    },
    'purchase completed': {
      type: 'ClearingReceived',
      data: { ...card, clearingId: 'tx-1', fees: [], isFinal: true, amountMeans: 'piece' },
      effect: 'clearing|tx-1',
    },
    'purchase declined': {
      type: 'AuthorizationDeclined',
      data: { ...card, reasonCode: null },
      effect: 'authorization|tx-1|declined',
    },
    'purchase canceled': {
      type: 'AuthorizationReversed',
      data: { ...card, reversalId: 'tx-1', fees: [], isFull: true },
      effect: 'reversal|tx-1',
    },
    'refund authorized': notice('refund-announced'),
    'refund completed': {
      type: 'RefundReceived',
      data: { ...card, authorizationId: null, refundId: 'tx-1', fees: [] },
      effect: 'refund|tx-1',
    },
    'refund declined': notice('refund-canceled'),
    'refund canceled': notice('refund-canceled'),
    'fee authorized': notice('fee-announced'),
    'fee completed': {
      type: 'FeeCharged',
      data: { feeId: 'tx-1', kind: 'transaction', amount: '42.10 USD', relatedTo: null },
      effect: 'fee|tx-1',
    },
    'fee declined': notice('fee-canceled'),
    'fee canceled': notice('fee-canceled'),
    'top_up authorized': notice('transfer-pending'),
    'top_up completed': {
      type: 'TransferCompleted',
      data: { ...moved, from, to },
      effect: 'transfer|tx-1|completed',
    },
    'top_up declined': failed('declined'),
    'top_up canceled': failed('canceled'),
    'withdrawal authorized': notice('transfer-pending'),
    'withdrawal completed': {
      type: 'TransferCompleted',
      data: { ...moved, from: to, to: from },
      effect: 'transfer|tx-1|completed',
    },
    'withdrawal declined': failed('declined'),
    'withdrawal canceled': failed('canceled'),
  };

  it.each(Object.entries(rows))(
    '%s is told, flat and nested alike (decision 4)',
    (row, expected) => {
      const [type = '', status = ''] = row.split(' ');
      for (const body of [flatCard(type, status), nestedCard(type, status)]) {
        const event = only(body);
        const { merchant: _, ...data } = plain(event) as Record<string, unknown>;
        expect({ type: event.type, data, effect: event.effectKey }).toEqual({
          ...expected,
          effect: expected.effect === null ? null : `4pay|${expected.effect}`,
        });
        expect(ownersOf(event)).toEqual(['card card-1']);
        expect(instantText(event.occurredAt)).toBe(changed);
        expect(event.source.providerEvent).toBe(`card_transaction ${row}`);
        expect(keyOf(body)).toBe(`card_transaction|tx-1|${status}|${updatedAt}`);
      }
    },
  );

  it('are there for every documented type and status', () => {
    const pairs = cardTransactionTypes.flatMap((type) =>
      cardTransactionStatuses.map((status) => `${type} ${status}`),
    );
    expect(Object.keys(rows).sort()).toEqual(pairs.sort());
  });

  it('name the shop, the reason and the network references', () => {
    const event = only(
      nestedCard('purchase', 'declined', {
        parentId: 'tx-0',
        transactionDetails: {
          card: { id: 'card-1' },
          type: 'purchase',
          merchantName: 'Example Shop',
          merchantCountry: 'DE',
          declineReason: 'INSUFFICIENT_FUNDS',
          rrn: '000000000001',
          authorizationCode: 'A1B2C3',
        },
      }),
    );
    expect(event.data).toMatchObject({
      reasonCode: 'INSUFFICIENT_FUNDS',
      merchant: {
        id: null,
        name: 'Example Shop',
        categoryCode: null,
        country: 'DE',
        currency: 'EUR',
      },
    });
    expect(event.references).toEqual({
      parentId: 'tx-0',
      accountId: 'acc-1',
      rrn: '000000000001',
      authorizationCode: 'A1B2C3',
      transactionId: 'tx-1',
    });
    const shop = { merchantName: 'Example Shop', merchantCategory: '5411' };
    expect(only(flatCard('purchase', 'completed', shop)).data).toMatchObject({
      merchant: { name: 'Example Shop', categoryCode: '5411', currency: null },
    });
    expect(only(flatCard('purchase', 'completed')).data).toMatchObject({ merchant: null });
  });

  it("read the upstream's names as the same fields (decision 4)", () => {
    const { cardUuid: cardId, accountUuid: accountId, ...rest } = flatCard('top_up', 'completed');
    const named = only({ ...rest, cardId, accountId, mcc: '5411' });
    expect(named.data).toEqual(only(flatCard('top_up', 'completed')).data);
  });

  it('name the holder only where the body does', () => {
    const event = only(flatCard('purchase', 'completed', { cardOwnerId: 'player-77' }));
    expect(ownersOf(event)).toEqual(['card card-1', 'client player-77']);
  });

  it('take parentId as a hint for refunds and fees (decision 10)', () => {
    const refund = only(flatCard('refund', 'completed', { parentId: 'tx-0' }));
    expect(refund.data).toMatchObject({ authorizationId: 'tx-0' });
    const fee = only(flatCard('fee', 'completed', { parentId: 'tx-0' }));
    expect(fee.data).toMatchObject({ relatedTo: 'tx-0' });
  });
});

describe('the rows of account_transaction', () => {
  const detected = {
    type: 'DepositDetected',
    data: { amount: '100.00 USD', stage: 'confirming', depositId: 'tx-2', chainHash: null },
    effect: null,
  };
  const depositFailed = (reason: string): Row => ({
    type: 'DepositFailed',
    data: { depositId: 'tx-2', reason },
    effect: 'deposit|tx-2|failed',
  });
  const fee = (kind: string): Row => ({
    type: 'FeeCharged',
    data: { feeId: 'tx-2', kind, amount: '100.00 USD', relatedTo: null },
    effect: 'fee|tx-2',
  });
  const withdrawn = { withdrawalId: 'tx-2', amount: '100.00 USD', fees: [], destination: null };
  const requested: Row = {
    type: 'WithdrawalRequested',
    data: withdrawn,
    effect: 'withdrawal|tx-2|requested',
  };
  const returned = (outcome: string): Row => ({
    type: 'WithdrawalFailed',
    data: { withdrawalId: 'tx-2', outcome, reason: null, chainHash: null },
    effect: 'withdrawal|tx-2|returned',
  });
  const fees = (type: string, kind: string): Readonly<Record<string, Row>> => ({
    [`${type} authorized`]: notice('fee-announced'),
    [`${type} pending`]: notice('fee-announced'),
    [`${type} completed`]: fee(kind),
    [`${type} declined`]: notice('fee-canceled'),
    [`${type} canceled`]: notice('fee-canceled'),
  });
  const rows: Readonly<Record<string, Row>> = {
    'payin authorized': detected,
    'payin pending': detected,
    'payin completed': {
      type: 'FundsDelivered',
      data: { depositId: 'tx-2', amount: '100.00 USD', purpose: 'merchant-top-up' },
      effect: 'deposit|tx-2|delivered',
    },
    'payin declined': depositFailed('declined'),
    'payin canceled': depositFailed('canceled'),
    ...fees('card_issuing', 'card-issuing'),
    ...fees('transfer_fee', 'transfer'),
    'withdrawal authorized': requested,
    'withdrawal pending': requested,
    'withdrawal completed': {
      type: 'WithdrawalCompleted',
      data: { ...withdrawn, chainHash: null },
      effect: 'withdrawal|tx-2|completed',
    },
    'withdrawal declined': returned('rejected'),
    'withdrawal canceled': returned('canceled'),
  };

  it.each(Object.entries(rows))('%s is told, flat and nested alike', (row, expected) => {
    const [type = '', status = ''] = row.split(' ');
    for (const body of [flatAccount(type, status), nestedAccount(type, status)]) {
      const event = only(body);
      expect({ type: event.type, data: plain(event), effect: event.effectKey }).toEqual({
        ...expected,
        effect: expected.effect === null ? null : `4pay|${expected.effect}`,
      });
      expect(ownersOf(event)).toEqual(
        type === 'withdrawal' ? ['withdrawal tx-2', 'account acc-1'] : ['account acc-1'],
      );
      expect(keyOf(body)).toBe(`account_transaction|tx-2|${status}|${updatedAt}`);
    }
  });

  it('are there for every documented type and status', () => {
    const pairs = accountTransactionTypes.flatMap((type) =>
      accountTransactionStatuses.map((status) => `${type} ${status}`),
    );
    expect(Object.keys(rows).sort()).toEqual(pairs.sort());
  });

  it('the account side of a card top-up has no documented type and waits (decision 8)', () => {
    expect(quarantine(flatAccount('card_top_up', 'completed'))).toEqual({
      code: 'type-unknown',
      path: 'type',
    });
  });
});

describe('the rows of account_topup', () => {
  const stages: Readonly<Record<string, string>> = {
    in_progress: 'seen',
    readyForAllocation: 'converting',
    allocating: 'converting',
    readyForTransfer: 'converting',
    transfering: 'converting',
    completed: 'confirmed',
  };
  it.each(Object.entries(stages))(
    '%s announces, and payin posts (decisions 9 and 15)',
    (status, stage) => {
      const event = only(topup(status));
      const awaitedCredit = { amount: null, completedAt: changed };
      expect({ type: event.type, data: plain(event), effect: event.effectKey }).toEqual({
        type: 'DepositDetected',
        data: {
          amount: '500.00 USDT:TRON',
          stage,
          depositId: 'top-1',
          chainHash: null,
          ...(status === 'completed' ? { awaitedCredit } : {}),
        },
        effect: null,
      });
      expect(ownersOf(event)).toEqual(['account acc-1']);
      expect(keyOf(topup(status))).toBe(`account_topup|top-1|${status.toLowerCase()}|${updatedAt}`);
    },
  );

  it.each([
    ['what will be credited', '99.50', 'USD', '99.50 USD'],
    ['nothing where it is zero', '0.00', 'USD', null],
    ['nothing where it is not money that we know', '99.50', 'XXX', null],
    ['nothing where it is no amount', 'many', 'USD', null],
  ])('completed tells of its payin %s (decision 9)', (_, settlementAmount, currency, amount) => {
    const settled = { settlementAmount, settlementCurrency: currency };
    const stated = plain(only(topup('completed', settled)));
    expect(stated).toMatchObject({ awaitedCredit: { amount, completedAt: changed } });
    const { updatedAt: _updated, ...undated } = topup('completed', {
      ...settled,
      createdAt: '2025-05-01T10:00:00+00:00',
    });
    const completedAt = instantText(sampleReceivedAt);
    expect(plain(only(undated))).toMatchObject({ awaitedCredit: { amount, completedAt } });
  });

  it('created is a notice', () => {
    expect(only(topup('created'))).toMatchObject({
      type: 'ProviderNoticeReceived',
      data: { kind: 'topup-created' },
    });
  });

  it.each(['failed', 'refunded'])('%s will not be credited', (status) => {
    expect(only(topup(status))).toMatchObject({
      type: 'DepositFailed',
      data: { depositId: 'top-1', reason: status },
      effectKey: '4pay|deposit|top-1|failed',
    });
  });

  it('cover every documented status', () => {
    const told = [...Object.keys(stages), 'created', 'failed', 'refunded'];
    expect(told.map((status) => status.toLowerCase()).sort()).toEqual([...topupStatuses].sort());
  });

  it('say no amount while it is zero', () => {
    expect(plain(only(topup('in_progress', { amount: '0.00' })))).toMatchObject({ amount: null });
  });

  it('fall back on our account where the nested form names none', () => {
    const { accountUuid: _, updatedAt: __, ...rest } = topup('completed');
    const data = { ...rest, paymentAddress: 'TAddress', txHash: '0xAA11', settlementAmount: '5' };
    const event = only({ data });
    expect(ownersOf(event)).toEqual(['account default']);
    expect(event.data).toMatchObject({ chainHash: '0xaa11' });
    expect(event.references).toEqual({
      topupId: 'top-1',
      paymentAddress: 'TAddress',
      chainHash: '0xaa11',
    });
    expect(event.occurredAt).toBe(sampleReceivedAt);
    expect(keyOf({ data })).toBe('account_topup|top-1|completed|');
  });
});

describe('the rows of card_state', () => {
  const statuses: Readonly<Record<string, string>> = {
    creating: 'creating',
    creating_failed: 'creation-failed',
    active: 'active',
    frozen: 'frozen',
    blocked: 'blocked',
    closed: 'closed',
    expired: 'expired',
  };
  it.each(Object.entries(statuses))('%s is told, flat and nested alike', (wire, status) => {
    const { accountUuid, cardOwnerId, id: cardId, ...rest } = state(wire);
    const nested = {
      account: { id: accountUuid },
      card: { ...rest, cardId, cardOwner: { cardOwnerId } },
    };
    for (const body of [state(wire), { data: nested }]) {
      const event = only(body);
      expect({ type: event.type, data: plain(event), effect: event.effectKey }).toEqual({
        type: 'CardStatusChanged',
        data: {
          cardId: 'card-1',
          status,
          reason: null,
          changedAt: changed,
          reportedBalance: '45.00 USD',
          holder: { provider: '4pay', kind: 'client', externalId: 'player-77' },
        },
        effect: `4pay|card|card-1|${status}|${changed}`,
      });
      expect(event.references).toEqual({ accountId: 'acc-1' });
      expect(keyOf(body)).toBe(`card_state|card-1|${wire}|${updatedAt}`);
    }
  });

  it('cover every documented status', () => {
    expect(Object.keys(statuses).sort()).toEqual([...cardStatuses].sort());
  });

  it("name the card's holder, so that the card follows its account (decision 21)", () => {
    expect(ownersOf(only(state('active')))).toEqual(['card card-1', 'client player-77']);
    const unnamed = only(state('active', { cardOwnerId: null }));
    expect(unnamed.data).toMatchObject({ holder: null });
    expect(ownersOf(unnamed)).toEqual(['card card-1']);
  });

  it('report balances only, also when nothing else changed (decisions 11 and 19)', () => {
    const closed = only(state('closed', { availableBalance: null }));
    expect(plain(closed)).toMatchObject({ status: 'closed', reportedBalance: '50.00 USD' });
    const silent = { balance: null, availableBalance: null };
    expect(only(state('active', silent)).data).toMatchObject({ reportedBalance: null });
    expect(only(state('active')).effectKey).not.toBe(
      only(state('active', { updatedAt: '2025-06-01T11:05:00Z' })).effectKey,
    );
  });

  it('read cardStatus as status, and the receipt as the time where none is stated', () => {
    const { status: _, updatedAt: __, ...rest } = state('active');
    const event = only({ ...rest, cardStatus: 'frozen' });
    expect(event.data).toMatchObject({ status: 'frozen', changedAt: sampleReceivedAt });
  });
});

describe('the event type by shape (decision 1)', () => {
  it.each([
    ['cardUuid and type', flatCard('purchase', 'completed'), 'card_transaction'],
    ['transactionDetails.card', nestedCard('purchase', 'completed'), 'card_transaction'],
    [
      'accountUuid and type without a card',
      flatAccount('payin', 'completed'),
      'account_transaction',
    ],
    ['sourceAccountId', nestedAccount('payin', 'completed'), 'account_transaction'],
    ['cardOwnerId without type', { id: '1', cardOwnerId: '2', status: 'active' }, 'card_state'],
    ['lastFour without type', { id: '1', lastFour: '0001', status: 'active' }, 'card_state'],
    [
      'maskedNumber without type',
      { cardId: '1', maskedNumber: '4*1', status: 'active' },
      'card_state',
    ],
    ['a card object', { data: { card: { id: '1', status: 'active' } } }, 'card_state'],
    ['a crypto currency without type', topup('completed'), 'account_topup'],
    ['paymentAddress', { id: '1', paymentAddress: 'T1', status: 'created' }, 'account_topup'],
    ['txHash', { id: '1', txHash: 'aa11', status: 'created' }, 'account_topup'],
    ['settlementAmount', { id: '1', settlementAmount: '1', status: 'created' }, 'account_topup'],
    ['flat fields inside data', { data: flatCard('fee', 'completed') }, 'card_transaction'],
  ] as const)('is told by %s', (_title, body, eventType) => {
    expect(keyOf(body)).toMatch(new RegExp(`^${eventType}\\|`));
    expect(only(body).source.providerEvent).toMatch(new RegExp(`^${eventType} `));
  });

  it.each([
    ['nothing', {}],
    ['a dollar amount without type', { id: '1', accountUuid: 'a', amount: '1', currency: 'USD' }],
    ['a card and a top-up at once', { ...topup('completed'), lastFour: '0001' }],
    ['a card transaction without type', { ...flatCard('purchase', 'completed'), type: null }],
    ['a type and a card object', { ...flatAccount('payin', 'completed'), card: { id: '1' } }],
    ['a type alone', { id: '1', type: 'purchase', status: 'completed' }],
    ['a top-up with a card', { ...topup('completed'), cardUuid: 'card-1' }],
  ] as const)('is not guessed from %s', (_title, body) => {
    expect(quarantine(body)).toEqual({ code: 'type-unknown', path: '' });
    expect(keyOf(body)).toBeNull();
  });
});

describe('what is quarantined', () => {
  it.each([
    ['a card type', flatCard('cashback', 'completed'), 'type-unknown', 'type'],
    ['a card status', flatCard('purchase', 'chargeback'), 'status-unknown', 'status'],
    ['a pending card transaction', flatCard('purchase', 'pending'), 'status-unknown', 'status'],
    ['a nested status', nestedCard('purchase', 'lost'), 'status-unknown', 'data.status'],
    ['an account status', flatAccount('payin', 'lost'), 'status-unknown', 'status'],
    ['a top-up status (decision 14)', topup('lost'), 'status-unknown', 'status'],
    ['a card state', state('lost'), 'status-unknown', 'status'],
  ] as const)('an unknown word: %s', (_title, body, code, path) => {
    expect(quarantine(body)).toEqual({ code, path });
  });

  it.each([
    ['no id', flatCard('purchase', 'completed', { id: null }), 'field-missing', 'id'],
    ['no amount', flatCard('purchase', 'completed', { amount: null }), 'field-missing', 'amount'],
    [
      'no account',
      flatCard('top_up', 'completed', { accountUuid: null }),
      'field-missing',
      'accountUuid',
    ],
    [
      'a negative amount (decision 7)',
      flatCard('refund', 'completed', { amount: '-1' }),
      'amount-negative',
      'amount',
    ],
    [
      'too many digits',
      flatCard('fee', 'completed', { amount: '0.0000001' }),
      'amount-too-precise',
      'amount',
    ],
    [
      'too much',
      flatAccount('payin', 'completed', { amount: '1e10' }),
      'amount-too-large',
      'amount',
    ],
    [
      'a refund of zero',
      flatCard('refund', 'completed', { amount: '0' }),
      'amount-malformed',
      'amount',
    ],
    [
      'an unknown currency',
      flatCard('purchase', 'completed', { currency: 'XXX' }),
      'asset-unknown',
      'currency',
    ],
    [
      'a top-up in an asset of ours',
      topup('completed', { currency: 'USDT:TRON', txHash: '1' }),
      'asset-unknown',
      'currency',
    ],
    [
      'a wrong time',
      flatCard('purchase', 'completed', { updatedAt: 'soon' }),
      'field-malformed',
      'updatedAt',
    ],
    ['a card that is a number', { data: { card: 5 } }, 'type-unknown', ''],
  ] as const)('%s', (_title, body, code, path) => {
    if (_title === 'a card that is a number') expect(quarantine(body)).not.toBe('translated');
    else expect(quarantine(body)).toEqual({ code, path });
  });
});

describe('the decisions', () => {
  it('give one key to all deliveries of a state, and one effect to a transaction (decision 2)', () => {
    const first = flatCard('purchase', 'completed');
    const variant = { ...first, amount: '42.20' };
    expect(keyOf(variant)).toBe(keyOf(first));
    const later = { ...first, updatedAt: '2025-06-02T11:00:00+00:00' };
    expect(keyOf(later)).not.toBe(keyOf(first));
    expect(only(later).effectKey).toBe(only(first).effectKey);
  });

  it('set the hold to a later amount, and release it with its cancellation (decision 6)', () => {
    const later = flatCard('purchase', 'authorized', {
      amount: '50.00',
      updatedAt: '2025-06-01T11:10:00+00:00',
    });
    expect(plain(only(later))).toMatchObject({
      authorizationId: 'tx-1',
      holdTotal: '50.00 USD',
      changedAt: '2025-06-01T11:10:00.000Z',
    });
    expect(only(later).effectKey).toBe(
      '4pay|authorization|tx-1|confirmed|2025-06-01T11:10:00.000Z',
    );
    const zero = flatCard('purchase', 'authorized', { amount: '0.00' });
    expect(plain(only(zero))).toMatchObject({ holdTotal: '0.00 USD' });
  });

  const fee = { kind: 'transaction', amount: '1.05 USD' };
  const expected: Readonly<Record<(typeof transactionFees)[number], Fields>> = {
    'on-top': { amount: '42.10 USD', fees: [fee], holdTotal: '43.15 USD' },
    inside: { amount: '41.05 USD', fees: [fee], holdTotal: '42.10 USD' },
    separate: { amount: '42.10 USD', fees: [], holdTotal: '42.10 USD' },
  };
  it.each(transactionFees)('read feeAmount as %s (decision 7)', (transactionFee) => {
    const stated = { feeAmount: '1.05', feeCurrency: 'USD' };
    const { holdTotal, ...moved } = expected[transactionFee];
    const settings = { transactionFee };
    const told = (type: string, status: string) =>
      plain(only(nestedCard(type, status, stated), settings));
    expect(told('purchase', 'authorized')).toMatchObject({ ...moved, holdTotal });
    expect(told('purchase', 'completed')).toMatchObject(moved);
    expect(told('purchase', 'canceled')).toMatchObject(moved);
    expect(told('top_up', 'completed')).toMatchObject(moved);
    expect(told('withdrawal', 'completed')).toMatchObject(moved);
  });

  it('credit a refund in full and charge its fee, inside or on top (decision 7)', () => {
    for (const transactionFee of ['on-top', 'inside'] as const)
      expect(
        plain(only(flatCard('refund', 'completed', { feeAmount: '1.05' }), { transactionFee })),
      ).toMatchObject({ amount: '42.10 USD', fees: [fee] });
  });

  it('charge a fee of a payin by an event of its own (decision 7)', () => {
    const body = flatAccount('payin', 'completed', { feeAmount: '1.05' });
    const [delivered, charged] = eventsOf(body);
    expect(delivered).toMatchObject({ type: 'FundsDelivered' });
    expect(charged).toMatchObject({
      type: 'FeeCharged',
      data: { feeId: 'tx-2', kind: 'transaction', relatedTo: 'tx-2' },
      effectKey: '4pay|fee|tx-2',
    });
    expect(charged?.eventId).not.toBe(delivered?.eventId);
    expect(eventsOf(body, { transactionFee: 'separate' })).toHaveLength(1);
  });

  it('read the fee of a fee as the fee itself (decision 7)', () => {
    const event = only(flatCard('fee', 'completed', { feeAmount: '42.10' }));
    expect(plain(event)).toMatchObject({ amount: '42.10 USD' });
  });

  it('refuse a fee in another asset, or inside an amount that is smaller (decision 7)', () => {
    const other = flatCard('purchase', 'completed', { feeAmount: '1', feeCurrency: 'EUR' });
    expect(quarantine(other)).toEqual({ code: 'currency-mismatch', path: 'feeCurrency' });
    const larger = flatCard('purchase', 'completed', { feeAmount: '50.00' });
    expect(quarantine(larger, { transactionFee: 'inside' })).toEqual({
      code: 'amount-negative',
      path: 'feeAmount',
    });
  });

  it('move the settlement amount, else the amount in dollars, else nothing (decision 16)', () => {
    const settled = nestedCard('purchase', 'completed');
    expect(plain(only(settled))).toMatchObject({ amount: '42.10 USD' });
    expect(plain(only(flatCard('purchase', 'completed')))).toMatchObject({ amount: '42.10 USD' });
    expect(quarantine(flatCard('purchase', 'completed', { currency: 'EUR' }))).toEqual({
      code: 'currency-mismatch',
      path: 'currency',
    });
    const halfStated = { settlementAmount: '1.00' };
    expect(quarantine(flatCard('purchase', 'completed', halfStated))).toEqual({
      code: 'field-missing',
      path: 'settlementCurrency',
    });
  });

  it('compare words without case, and ids byte for byte', () => {
    const event = only(flatCard(' Purchase', 'COMPLETED', { id: 'TX-1', currency: 'usd' }));
    expect(event.effectKey).toBe('4pay|clearing|TX-1');
  });
});
