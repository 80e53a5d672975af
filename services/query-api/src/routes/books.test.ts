import { checkpoint, ok } from '@counterfoil/domain';
import type { Authorization, Card, Invoice } from '@counterfoil/read-models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiUnderTest, apiUnderTest } from '../testing/api-under-test.ts';

let api: ApiUnderTest;

const usd = (amount: string) => ({ asset: 'USD', amount });
const at = '2026-01-01T00:00:00.000Z';
const buckets = { available: '5.00', held: '0.00', reserved: '0.00', total: '5.00' };

const card: Card = {
  provider: 'cryptomate',
  cardId: 'crd_1',
  accountId: 'p-1',
  status: 'active',
  reason: null,
  reportedBalance: usd('5.00'),
  changedAt: at,
  firstSeenAt: at,
};
const authorization: Authorization = {
  authorizationId: 'a-1',
  provider: 'cryptomate',
  cardId: 'crd_1',
  status: 'approved',
  reason: null,
  amount: usd('5.00'),
  held: usd('5.00'),
  cleared: usd('0.00'),
  merchant: { name: 'Shop', categoryCode: null },
  requestedAt: at,
  changedAt: at,
  expiresAt: null,
};
const invoice: Invoice = {
  provider: '4pay',
  invoiceId: 'i-1',
  accountId: 'm-1',
  status: 'settled',
  asked: usd('10.00'),
  received: usd('10.00'),
  settled: usd('9.90'),
  fees: [usd('0.10')],
  expiresAt: null,
  firstSeenAt: at,
  changedAt: at,
  references: { orderId: 'o-1' },
  history: [
    {
      position: '8',
      eventId: 'e-1',
      type: 'InvoiceSettled',
      providerEvent: 'invoice.settled',
      deliveryId: 'd-1',
      status: 'settled',
      occurredAt: at,
      recordedAt: at,
    },
  ],
};
const line = {
  position: '3',
  eventId: 'e-1',
  type: 'AdjustmentPosted',
  transactionId: 't-1',
  asset: 'USD',
  change: buckets,
  balance: buckets,
  effectiveAt: at,
  occurredAt: at,
  recordedAt: at,
  description: { reason: 'test', actor: 'admin' },
  deliveryId: null,
};
const hold = {
  holdId: 'h-1',
  accountId: 'p-1',
  provider: 'cryptomate',
  cardId: 'crd_1',
  authorizationId: 'a-1',
  amount: usd('5.00'),
  isConfirmed: false,
  placedAt: at,
  expiresAt: at,
};
const transaction = {
  transactionId: 't-1',
  postings: [
    { source: 'platform:adjustments', destination: 'accounts:p-1:available', amount: usd('5.00') },
  ],
  effectiveAt: at,
  occurredAt: at,
  recordedAt: at,
  stream: 'account-p-1',
  eventId: 'e-1',
  type: 'AdjustmentPosted',
  position: '3',
  correlationId: 'c-1',
  deliveryId: null,
};
const waiting = {
  id: 'w-1',
  provider: 'calypso',
  reference: { provider: 'calypso', kind: 'wallet', externalId: 'w' },
  asset: 'USD',
  amount: '5.00',
  reason: 'reference-not-linked' as const,
  since: at,
  lastEventType: 'DepositCredited',
  lastDeliveryId: 'd-1',
};
const account = {
  accountId: 'p-1',
  kind: 'player' as const,
  status: 'active' as const,
  reason: null,
  openedAt: at,
  balances: [{ asset: 'USD', ...buckets }],
  creditLimits: [],
  references: [],
};

const page = async <Row>(isThere: boolean, row: Row) =>
  ok({ data: isThere ? [row] : [], nextCursor: null });

beforeAll(async () => {
  api = await apiUnderTest({
    readModels: {
      position: async () => checkpoint('9'),
      findAccount: async (id) => (['p-1', 'empty'].includes(id) ? account : null),
      listAccounts: () => page(true, account),
      accountStatement: ({ accountId }) => page(accountId === 'p-1', line),
      accountHolds: ({ accountId }) => page(accountId === 'p-1', hold),
      listCards: ({ status }) => page(status === 'active', card),
      findCard: async ({ cardId }) => (['crd_1', 'idle'].includes(cardId) ? card : null),
      cardAuthorizations: ({ cardId }) => page(cardId === 'crd_1', authorization),
      listInvoices: ({ status, from }) => page(status === 'settled' && from === 0, invoice),
      findInvoice: async (_provider, id) => (['i-1', 'o-1'].includes(id) ? invoice : null),
      findTransaction: async (id) => (id === 't-1' ? transaction : null),
      listSuspense: ({ provider }) => page(provider === 'calypso', waiting),
    },
  });
});
afterAll(() => api.close());

describe('the books', () => {
  it.each([
    ['/v1/accounts/p-1', account],
    ['/v1/accounts/p-1/balances', { accountId: 'p-1', balances: account.balances }],
    ['/v1/cards/cryptomate/crd_1', card],
    ['/v1/invoices/4pay/i-1', invoice],
    ['/v1/invoices/4pay/o-1', invoice],
    ['/v1/transactions/t-1', transaction],
  ])('answer %s', async (path, body) => {
    expect(await api.get(path)).toMatchObject({ status: 200, position: '9', body });
    expect((await api.get(path)).body).toEqual(body);
  });

  it.each([
    ['/v1/accounts', [account]],
    ['/v1/accounts/p-1/statement?asset=USD', [line]],
    ['/v1/accounts/p-1/holds', [hold]],
    ['/v1/accounts/empty/statement', []],
    ['/v1/accounts/empty/holds', []],
    ['/v1/cards?status=active&provider=cryptomate&accountId=p-1', [card]],
    ['/v1/cards/cryptomate/crd_1/authorizations', [authorization]],
    ['/v1/cards/cryptomate/idle/authorizations', []],
    ['/v1/invoices?status=settled&from=1970-01-01T00:00:00Z', [invoice]],
    ['/v1/suspense?provider=calypso', [waiting]],
    ['/v1/suspense', []],
  ])('list %s', async (path, data) => {
    expect((await api.get(path)).body).toEqual({ data, nextCursor: null });
  });

  it.each([
    ['/v1/accounts/none/statement', 'account-not-found'],
    ['/v1/accounts/none/holds', 'account-not-found'],
    ['/v1/cards/cryptomate/none', 'card-not-found'],
    ['/v1/cards/cryptomate/none/authorizations', 'card-not-found'],
    ['/v1/invoices/4pay/none', 'invoice-not-found'],
    ['/v1/transactions/none', 'transaction-not-found'],
    ['/v1/nothing', 'route-not-found'],
  ])('answer %s with 404 %s', async (path, code) => {
    expect(await api.get(path)).toMatchObject({ status: 404, body: { code } });
  });

  it.each([
    '/v1/cards?status=lost',
    '/v1/invoices?status=lost',
    '/v1/invoices?from=1',
    '/v1/invoices?from=0000-06-01T00:00:00Z',
    '/v1/accounts/p-1/balances?at=2026-01-01T00:00:00Z',
  ])('refuse %s', async (path) => {
    const answer = await api.get(path);
    expect(answer).toMatchObject({ status: 400, body: { code: 'request-malformed' } });
  });

  it('list every asset with its scale and digits', async () => {
    const { body } = await api.get('/v1/assets');
    const { data, nextCursor } = body as { data: { asset: string }[]; nextCursor: null };
    expect(nextCursor).toBe(null);
    expect(data).toContainEqual({ asset: 'USD', scale: 6, digits: 2 });
    expect(data).toContainEqual({ asset: 'USDT:TRON', scale: 6, digits: 2 });
    const first = await api.get('/v1/assets?limit=1');
    expect(first.body).toMatchObject({ data: [data[0]], nextCursor: data[0]?.asset });
    const second = await api.get(`/v1/assets?limit=1&cursor=${data[0]?.asset}`);
    expect(second.body).toMatchObject({ data: [data[1]] });
    expect(await api.get('/v1/assets?cursor=x')).toMatchObject({ status: 400 });
  });
});

describe('the documentation', () => {
  it('describes every route of the contract with its answers', async () => {
    const { body } = await api.get('/openapi.json');
    const { paths } = body as {
      paths: Record<string, Record<string, { responses: Record<string, object> }>>;
    };
    const documented = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { responses }]) => {
        expect(Object.keys(responses)).toContain('default');
        return `${method.toUpperCase()} ${path}`;
      }),
    );
    for (const route of [
      'POST /v1/accounts',
      'GET /v1/accounts',
      'GET /v1/accounts/{accountId}',
      'POST /v1/accounts/{accountId}/references',
      'GET /v1/accounts/by-reference/{provider}/{kind}/{externalId}',
      'POST /v1/accounts/{accountId}/freeze',
      'POST /v1/accounts/{accountId}/unfreeze',
      'POST /v1/accounts/{accountId}/close',
      'PUT /v1/accounts/{accountId}/credit-limit',
      'POST /v1/accounts/{accountId}/adjustments',
      'POST /v1/payouts',
      'POST /v1/withdrawals',
      'GET /v1/reviews',
      'POST /v1/reviews/{id}/resolve',
      'GET /v1/accounts/{accountId}/balances',
      'GET /v1/accounts/{accountId}/statement',
      'GET /v1/accounts/{accountId}/holds',
      'GET /v1/cards',
      'GET /v1/cards/{provider}/{cardId}',
      'GET /v1/cards/{provider}/{cardId}/authorizations',
      'GET /v1/invoices',
      'GET /v1/invoices/{provider}/{id}',
      'GET /v1/payouts',
      'GET /v1/payouts/{provider}/{id}',
      'GET /v1/withdrawals',
      'GET /v1/withdrawals/{provider}/{id}',
      'GET /v1/transactions/{transactionId}',
      'GET /v1/suspense',
      'GET /v1/events',
      'GET /v1/inbound-webhooks',
      'GET /v1/inbound-webhooks/{id}',
      'POST /v1/inbound-webhooks/{id}/retry',
      'GET /v1/assets',
      'GET /health/live',
      'GET /health/ready',
    ])
      expect(documented).toContain(route);
  });
});
