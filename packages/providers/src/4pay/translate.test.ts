import { describe, expect, it } from 'vitest';
import {
  flatAccount,
  flatCard,
  nestedCard,
  only,
  quarantine,
  state,
  topup,
} from '../testing/fourpay-delivery.ts';

// What is told is tested beside the reader of each event type.

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

it('words are compared without case, and ids byte for byte', () => {
  const event = only(flatCard(' Purchase', 'COMPLETED', { id: 'TX-1', currency: 'usd' }));
  expect(event.effectKey).toBe('4pay|clearing|TX-1');
});
