import { checkpoint, err, moneyText, ok, type Order } from '@counterfoil/domain';
import type { OrderFilters, OrderView } from '@counterfoil/read-models';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiUnderTest, apiUnderTest } from '../testing/api-under-test.ts';

let api: ApiUnderTest;
let orders: Map<string, OrderView>;
let asked: OrderFilters[];

beforeEach(async () => {
  orders = new Map();
  asked = [];
  api = await apiUnderTest({
    commands: {
      placeOrder: async ({ accountId, order }) => {
        if (order.amount.units > 1_000_000_000n)
          return err({ code: 'insufficient-funds', message: 'Only 1000.00 USD are available.' });
        const known = orders.get(`${order.kind}:${order.orderId}`);
        if (known && known.amount?.amount !== moneyText(order.amount).amount)
          return err({ code: 'order-differs', message: 'Another amount.' });
        if (order.orderId !== 'hidden')
          orders.set(`${order.kind}:${order.orderId}`, viewOf(accountId, order));
        return ok({ accountId, position: checkpoint('7') });
      },
    },
    readModels: {
      position: async () => checkpoint('7'),
      findOrder: async (kind, _provider, id) => orders.get(`${kind}:${id}`) ?? null,
      listOrders: async (kind, filters) => {
        asked.push(filters);
        const data = [...orders].filter(([key]) => key.startsWith(kind)).map(([, view]) => view);
        return ok({ data, nextCursor: null });
      },
    },
  });
});
afterEach(() => api.close());

const viewOf = (accountId: string, order: Order): OrderView => ({
  provider: order.provider,
  id: order.orderId,
  accountId,
  status: 'requested',
  amount: moneyText(order.amount),
  fee: moneyText(order.fee),
  chainHash: null,
  destination: null,
  firstSeenAt: '2026-01-01T00:00:00.000Z',
  changedAt: '2026-01-01T00:00:00.000Z',
  references: {},
  history: [],
});

const right = { accountId: 'p-1', provider: '4pay', id: 'po-1', asset: 'USD', amount: '10' };
const place = (kind: string, fault: object = {}) =>
  api.send('POST', `/v1/${kind}s`, { body: { ...right, ...fault } });

describe.each(['payout', 'withdrawal'])('a %s', (kind) => {
  it('is registered with its fee, read and listed', async () => {
    const placed = await place(kind, { fee: '0.5' });
    expect(placed).toMatchObject({
      status: 201,
      position: '7',
      body: {
        provider: '4pay',
        id: 'po-1',
        status: 'requested',
        amount: { asset: 'USD', amount: '10.00' },
        fee: { asset: 'USD', amount: '0.50' },
      },
    });
    expect((await api.get(`/v1/${kind}s/4pay/po-1`)).body).toEqual(placed.body);
    const query = 'status=requested&provider=4pay&accountId=p-1&from=2026-01-01T00:00:00Z';
    expect((await api.get(`/v1/${kind}s?${query}`)).body).toEqual({
      data: [placed.body],
      nextCursor: null,
    });
    expect(asked).toMatchObject([
      { status: 'requested', provider: '4pay', accountId: 'p-1', from: Date.UTC(2026, 0, 1) },
    ]);
  });

  it('that is placed and cannot be shown is answered with where the books stand', async () => {
    const hidden = await place(kind, { id: 'hidden' });
    expect(hidden).toMatchObject({
      status: 202,
      position: '7',
      body: { accountId: 'p-1', position: '7' },
    });
  });

  it('has no fee unless one is named', async () => {
    expect((await place(kind)).body).toMatchObject({ fee: { asset: 'USD', amount: '0.00' } });
  });

  it('is not there', async () => {
    const answer = await api.get(`/v1/${kind}s/4pay/unknown`);
    expect(answer).toMatchObject({ status: 404, body: { code: `${kind}-not-found` } });
  });

  it.each([
    [409, 'order-differs', { amount: '11' }],
    [422, 'insufficient-funds', { amount: '1000.01' }],
    [422, 'amount-not-positive', { amount: '0' }],
    [422, 'amount-negative', { amount: '-1' }],
    [422, 'amount-negative', { fee: '-1' }],
    [422, 'amount-too-precise', { fee: '0.0000001' }],
    [422, 'asset-unknown', { asset: 'GOLD' }],
    [400, 'amount-malformed', { fee: 'free' }],
    [400, 'request-malformed', { amount: 10 }],
    [400, 'request-malformed', { provider: 'bank' }],
    [400, 'request-malformed', { id: '' }],
    [400, 'request-malformed', { id: 'po-1 ' }],
    [400, 'request-malformed', { id: '\tpo-1' }],
    [400, 'request-malformed', { id: 'po\n1' }],
    [400, 'request-malformed', { id: 'x'.repeat(201) }],
    [400, 'request-malformed', { accountId: '../x' }],
  ])('is answered %i %s with %j', async (status, code, fault) => {
    await place(kind);
    expect(await place(kind, fault)).toMatchObject({ status, body: { code } });
  });

  it.each([
    'status=lost',
    'from=yesterday',
    'from=0000-06-01T00:00:00Z',
    'to=2026-02-30T00:00:00Z',
    'accountId=a%2Fb',
  ])('is not listed by ?%s', async (query) => {
    const answer = await api.get(`/v1/${kind}s?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { code: 'request-malformed' } });
  });
});
