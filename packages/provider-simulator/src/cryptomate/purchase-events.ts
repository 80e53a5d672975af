import type { BodyValue } from '../body-text.ts';
import type { StorySetting } from '../story-setting.ts';
import { dollars } from '../dollars.ts';
import type { Billed } from './billed.ts';
import {
  cryptomateAmount,
  cryptomateBody,
  type CryptomateDialect,
  cryptomateDialects,
} from './wire.ts';

/** The bodies of one purchase, linked to each other in one of the ways that are seen. */
export type PurchaseEvents = Readonly<{
  dialect: CryptomateDialect;
  /** False where only card, shop and currency link the events. */
  isLinkedById: boolean;
  requested: (billed: Billed) => string;
  authorized: (billed: Billed) => string;
  declined: (billed: Billed) => string;
  cleared: (status: 'pending' | 'success', billed: Billed, piece: number) => string;
  reversed: (billed: Billed, piece: number) => string;
  refunded: (billed: Billed, piece: number) => string;
}>;

/** `same`: one operation id for all. `suffix`: the part after the last `_`. `shop`: no id at all. */
const linkings = ['same', 'suffix', 'shop'] as const;

const clearedAt = 10;
const reversedAt = 20;
const refundedAt = 30;

export function purchaseEvents(setting: StorySetting): PurchaseEvents {
  const { random, customer, id, at } = setting;
  const dialect = random.pick(cryptomateDialects);
  const linking = random.pick(linkings);
  const purchase = id('purchase').replaceAll('_', '-');
  const operationId = (event: string) => {
    if (linking === 'same') return `life_evt_${purchase}`;
    return linking === 'suffix' ? `txn_${purchase}` : `txn_${purchase}-${event}`;
  };
  const amount = (hundredths: number) => cryptomateAmount(dialect, dollars(hundredths));
  const product = random.happens(0.1) && dialect === 'C' ? 'individual_cards' : 'cards';
  const data = (billed: Billed, moment: number): Readonly<Record<string, BodyValue>> => ({
    card_id: customer.card,
    bill_amount: amount(billed.amount),
    bill_currency_number: '840',
    bill_currency_code: 'USD',
    transaction_amount: amount(billed.amount),
    transaction_currency_number: '840',
    transaction_currency_code: 'USD',
    exchange_rate: dialect === 'C' ? '1.0' : 1,
    channel: 'ECOMMERCE',
    created_at: at(moment),
    fees: { atm_fees: amount(0), fx_fees: amount(billed.fee) },
    // A shop of its own: nothing but the purchase can be meant where no id links.
    merchant_data: {
      id: `mch_${purchase}`,
      name: `Shop ${purchase}`,
      city: 'Madrid',
      post_code: '28001',
      state: null,
      country: 'ESP',
      mcc_category: 'Book Stores',
      mcc_code: '5942',
    },
  });
  const body = (
    eventType: string,
    status: string,
    operation: string,
    fields: Readonly<Record<string, BodyValue>>,
  ) => cryptomateBody(dialect, { product, eventType, status }, operation, fields);
  return {
    dialect,
    isLinkedById: linking !== 'shop',
    requested: (billed) =>
      body('authorization', 'pending', `life_evt_${purchase}`, data(billed, 0)),
    authorized: (billed) =>
      body('authorized', 'success', operationId('authorized'), data(billed, 1)),
    declined: (billed) =>
      body('declined', dialect === 'C' ? 'success' : 'FAILED', operationId('declined'), {
        ...data(billed, 2),
        decline_reason: { code: 'M102', description: 'Card balance too low' },
      }),
    cleared: (status, billed, piece) =>
      body('cleared', status, operationId(`cleared-${piece}`), data(billed, clearedAt + piece)),
    reversed: (billed, piece) =>
      body(
        'reversal',
        'success',
        operationId(`reversed-${piece}`),
        data(billed, reversedAt + piece),
      ),
    refunded: (billed, piece) =>
      body('refund', 'success', operationId(`refunded-${piece}`), data(billed, refundedAt + piece)),
  };
}
