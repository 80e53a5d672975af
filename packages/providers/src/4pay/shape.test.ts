import { describe, expect, it } from 'vitest';
import {
  flatAccount,
  flatCard,
  keyOf,
  nestedAccount,
  nestedCard,
  only,
  quarantine,
  topup,
} from '../testing/fourpay-delivery.ts';

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
