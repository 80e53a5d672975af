import { parseInstant } from '@counterfoil/domain';
import { describe, expect, it } from 'vitest';
import { sampleAdapters, verifiedWebhook } from '../testing/index.ts';

type Fields = Readonly<Record<string, unknown>>;

const createdAt = '2025-06-01T10:00:00+00:00';
const adapter = sampleAdapters()['4pay'];

function counterpartOf(body: Fields) {
  const webhook = verifiedWebhook(adapter, JSON.stringify(body));
  return adapter.counterpart?.(webhook, adapter.webhooks.translate(webhook));
}

const transfer = (more: Fields = {}): Fields => ({
  id: 'tx-1',
  cardUuid: 'card-1',
  accountUuid: 'acc-1',
  amount: '42.10',
  currency: 'USD',
  type: 'top_up',
  status: 'completed',
  createdAt,
  updatedAt: '2025-06-01T10:05:00+00:00',
  ...more,
});
const accountSide = (more: Fields = {}): Fields => ({
  id: 'tx-2',
  accountUuid: 'acc-1',
  amount: '42.1',
  currency: 'USD',
  type: 'card_top_up',
  status: 'completed',
  createdAt,
  updatedAt: '2025-06-01T10:06:00+00:00',
  ...more,
});
const nested = { settlementAmount: '42.10', settlementCurrency: 'USD', createdAt } as const;

describe('the counterpart of a card transfer (decision 8)', () => {
  const told = { movement: 'acc-1|USD|42.10', at: parseInstant(createdAt) };

  it.each([
    ['a top-up of a card', transfer()],
    ['a withdrawal from it', transfer({ type: 'withdrawal' })],
    ['with its fee beside the amount', transfer({ feeAmount: '1.00', feeCurrency: 'USD' })],
    [
      'a nested one',
      {
        data: {
          ...nested,
          id: 'tx-1',
          account: { accountId: 'acc-1' },
          amount: '38.50',
          currency: 'EUR',
          status: 'completed',
          transactionDetails: { type: 'top_up', card: { id: 'card-1' } },
        },
      },
    ],
    ['the account side', accountSide()],
    ['the account side while it is on its way', accountSide({ status: 'pending' })],
    [
      'a nested account side',
      {
        data: {
          ...nested,
          id: 'tx-2',
          account: { id: 'acc-1' },
          status: 'authorized',
          transactionDetails: { type: 'transfer', sourceAccountId: 'acc-9' },
        },
      },
    ],
  ])('is told by account, amount and creation: %s', (_, body) => {
    expect(counterpartOf(body)).toEqual(told);
  });

  it.each([
    ['a transfer that is not completed', transfer({ status: 'authorized' })],
    ['a transfer that failed', transfer({ status: 'declined' })],
    ['a transfer that is refused itself', transfer({ amount: '0.00' })],
    ['a purchase', transfer({ type: 'purchase' })],
    ['a card transaction of no known type', transfer({ type: 'cashback' })],
    ['an account transaction that is understood', accountSide({ type: 'payin' })],
    [
      'an account transaction that is refused for something else than its type',
      accountSide({ type: 'payin', feeAmount: '1.00', feeCurrency: 'EUR' }),
    ],
    ['an account side that did not happen', accountSide({ status: 'canceled' })],
    ['an account side of no known status', accountSide({ status: 'held' })],
    ['an account side in another currency', accountSide({ currency: 'EUR' })],
    ['an account side without a creation', accountSide({ createdAt: null })],
    ['a negative account side', accountSide({ amount: '-42.10' })],
    ['a body of no event type', { type: 'card_top_up' }],
  ])('is none of %s', (_, body) => {
    expect(counterpartOf(body)).toBeNull();
  });

  it('tells other accounts, amounts and times apart', () => {
    expect(counterpartOf(accountSide({ accountUuid: 'acc-2' }))).not.toEqual(told);
    expect(counterpartOf(accountSide({ amount: '42.11' }))).not.toEqual(told);
    expect(counterpartOf(accountSide({ createdAt: '2025-06-01T10:00:01Z' }))).not.toEqual(told);
  });
});
