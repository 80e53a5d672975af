import type { BodyValue } from '../body-text.ts';
import { type AssetCode, decimalText, fromHundredths } from '../decimal.ts';
import { orderOutcome } from '../order-outcome.ts';
import { type Step, type Story, tell } from '../story.ts';
import type { StorySetting } from '../story-setting.ts';
import { calypsoBody, calypsoCurrency } from './wire.ts';

/** A payout on our order: no webhook tells its amount, so the books take it from the order. */
export function calypsoPayout(setting: StorySetting): Story {
  const { random, merchant, id } = setting;
  const asset: AssetCode = random.pick(['USDT:TRON', 'BTC:BITCOIN'] as const);
  const amount = fromHundredths(random.between(10, 5_000), asset);
  const fee = fromHundredths(random.between(0, 5), asset);
  const ending = random.pick(['COMPLETED', 'COMPLETED', 'FAILED', 'CANCELED'] as const);
  const isBroadcast = ending === 'COMPLETED' || (ending === 'FAILED' && random.happens(0.3));
  const names: Readonly<Record<string, BodyValue>> = {
    parentExternalId: id('payout'),
    idempotencyKey: id('payout-key'),
    currency: calypsoCurrency(asset),
  };
  const body = (eventType: string, moment: number, data: Readonly<Record<string, BodyValue>>) =>
    calypsoBody(setting, `PAYOUT_${eventType}`, moment, { ...names, ...data });
  const status = (payoutStatus: string, moment: number) =>
    body('CHANGE_STATUS', moment, { payoutStatus, externalId: id('payout-order') });
  const order: Step = {
    id: 'order',
    kind: 'order',
    path: 'payouts',
    order: {
      accountId: merchant.accountId,
      provider: 'calypso',
      id: id('payout-key'),
      asset,
      amount: decimalText(amount, asset),
      fee: decimalText(fee, asset),
    },
  };
  return {
    provider: 'calypso',
    name: `payout-${ending.toLowerCase()}`,
    steps: [
      order,
      tell('created', status('CREATED', 1)),
      tell('pending', status('PENDING_CONFIRMATION', 2)),
      ...(ending === 'CANCELED' ? [] : [tell('confirmed', body('CONFIRMED', 3, {}))]),
      ...(ending === 'CANCELED' ? [] : [tell('progress', status('IN_PROGRESS', 4))]),
      ...(isBroadcast ? [tell('hash', body('HASH_RECEIVED', 5, { hash: random.hex(64) }))] : []),
      tell(ending, status(ending, 6)),
    ],
    expectedDecision: null,
    outcome: (happened) =>
      orderOutcome(
        {
          accountId: merchant.accountId,
          asset,
          amount,
          fee,
          reservedBy: ['order'],
          completedBy: ['COMPLETED'],
          failedBy: ['FAILED', 'CANCELED'],
          broadcastBy: ['hash'],
          isAmountTold: false,
          isFeeTold: false,
        },
        happened,
      ),
  };
}

/** Crypto sold for fiat on our order: the webhook says only how it ended. */
export function calypsoFiatWithdrawal(setting: StorySetting): Story {
  const { random, merchant, id } = setting;
  const asset: AssetCode = 'USDT:TRON';
  const amount = fromHundredths(random.between(1_000, 50_000), asset);
  const ending = random.pick(['SUCCESS', 'FAILED'] as const);
  const data: Readonly<Record<string, BodyValue>> = {
    state: ending,
    orderId: id('fiat-order'),
    currency: calypsoCurrency(asset),
    fiatAmount: '92.35',
    fiatCurrency: 'EUR',
    idempotencyKey: id('fiat-key'),
    parentExternalId: id('fiat-parent'),
  };
  const order: Step = {
    id: 'order',
    kind: 'order',
    path: 'withdrawals',
    order: {
      accountId: merchant.accountId,
      provider: 'calypso',
      id: id('fiat-order'),
      asset,
      amount: decimalText(amount, asset),
      fee: '0.00',
    },
  };
  return {
    provider: 'calypso',
    name: `fiat-withdrawal-${ending.toLowerCase()}`,
    steps: [
      order,
      tell(ending, calypsoBody(setting, `FIAT_APPLIER_WITHDRAWAL_${ending}`, 1, data)),
    ],
    expectedDecision: null,
    outcome: (happened) =>
      orderOutcome(
        {
          accountId: merchant.accountId,
          asset,
          amount,
          fee: 0n,
          reservedBy: ['order'],
          completedBy: ['SUCCESS'],
          failedBy: ['FAILED'],
          broadcastBy: [],
          isAmountTold: false,
          isFeeTold: false,
        },
        happened,
      ),
  };
}

/** An order to buy crypto with fiat, which by itself never posts. */
export function calypsoFiatDeposit(setting: StorySetting): Story {
  const { id } = setting;
  const data: Readonly<Record<string, BodyValue>> = {
    cryptoAmount: '12.61',
    fiatCurrency: 'ARS',
    fiatAmount: '15000.00',
    orderId: id('fiat-order'),
    parentExternalId: id('fiat-parent'),
    idempotencyKey: id('fiat-key'),
    currency: 'USDT_TRX',
  };
  const body = (eventType: string, moment: number) =>
    calypsoBody(setting, `FIAT_DEPOSIT_${eventType}`, moment, data);
  return {
    provider: 'calypso',
    name: 'fiat-deposit',
    steps: [
      tell('created', body('ORDER_CREATED', 1)),
      tell('confirmed', body('ORDER_CONFIRMED', 2)),
      tell('received', body('FIAT_FUNDS_RECEIVED', 3)),
    ],
    expectedDecision: null,
    outcome: () => [],
  };
}
