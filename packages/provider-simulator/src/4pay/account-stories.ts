import { bodyText } from '../body-text.ts';
import { fromHundredths } from '../decimal.ts';
import { dollars } from '../dollars.ts';
import { orderOutcome } from '../order-outcome.ts';
import { type Story, tell } from '../story.ts';
import type { StorySetting } from '../story-setting.ts';
import { fourpayShapes, fourpayTransaction } from './wire.ts';

/** A crypto top-up of the merchant's account and the `payin` that credits it. */
export function fourpayTopUp({ random, merchant, id, at }: StorySetting): Story {
  const hundredths = random.between(10_000, 1_000_000);
  const shape = random.pick(fourpayShapes);
  const ending = random.pick(['completed', 'completed', 'declined'] as const);
  const topUp = (status: string, amount: string, moment: number) =>
    bodyText(
      shape === 'flat'
        ? {
            id: id('topup'),
            accountUuid: merchant.account,
            currency: 'USDTTRC20',
            amount,
            status,
            createdAt: at(0),
            updatedAt: at(moment),
          }
        : {
            data: {
              id: id('topup'),
              paymentAddress: `T${id('address')}`,
              status,
              currency: 'USDTTRC20',
              amount,
              createdAt: at(0),
            },
          },
    );
  const payin = (status: string, moment: number) =>
    fourpayTransaction(shape, {
      id: id('payin'),
      account: merchant.account,
      card: null,
      type: 'payin',
      status,
      amount: dollars(hundredths),
      fee: null,
      parentId: null,
      createdAt: at(0),
      updatedAt: at(moment),
    });
  return {
    provider: '4pay',
    name: `top-up-${ending}`,
    steps: [
      tell('in-progress', topUp('in_progress', '0.00', 1)),
      tell('topped-up', topUp('completed', dollars(hundredths), 2)),
      tell('pending', payin('pending', 3)),
      tell(ending, payin(ending, 4)),
    ],
    expectedDecision: null,
    outcome: ({ steps }) =>
      steps.has('completed')
        ? [
            {
              accountId: merchant.accountId,
              asset: 'USD',
              available: fromHundredths(hundredths, 'USD'),
            },
          ]
        : [],
  };
}

/** A fee that 4pay takes from the merchant's account. */
export function fourpayAccountFee({ random, merchant, id, at }: StorySetting): Story {
  const hundredths = random.between(25, 500);
  const type = random.pick(['card_issuing', 'transfer_fee'] as const);
  const ending = random.pick(['completed', 'completed', 'canceled'] as const);
  const shape = random.pick(fourpayShapes);
  const body = (status: string, moment: number) =>
    fourpayTransaction(shape, {
      id: id('fee'),
      account: merchant.account,
      card: null,
      type,
      status,
      amount: dollars(hundredths),
      fee: null,
      parentId: null,
      createdAt: at(0),
      updatedAt: at(moment),
    });
  return {
    provider: '4pay',
    name: `${type}-${ending}`,
    steps: [tell('pending', body('pending', 1)), tell(ending, body(ending, 2))],
    expectedDecision: null,
    outcome: ({ steps }) =>
      steps.has('completed')
        ? [
            {
              accountId: merchant.accountId,
              asset: 'USD',
              available: -fromHundredths(hundredths, 'USD'),
            },
          ]
        : [],
  };
}

/** Out of the merchant's account, on our order or without one. */
export function fourpayWithdrawal({ random, merchant, id, at }: StorySetting): Story {
  const amount = random.between(1_000, 50_000);
  const fee = random.happens(0.5) ? random.between(10, 300) : 0;
  const ending = random.pick(['completed', 'completed', 'declined', 'canceled'] as const);
  const isOrdered = random.happens(0.5);
  const shape = random.pick(fourpayShapes);
  const body = (status: string, moment: number) =>
    fourpayTransaction(shape, {
      id: id('withdrawal'),
      account: merchant.account,
      card: null,
      type: 'withdrawal',
      status,
      amount: dollars(amount),
      fee: fee > 0 ? dollars(fee) : null,
      parentId: null,
      createdAt: at(0),
      updatedAt: at(moment),
    });
  const order = {
    accountId: merchant.accountId,
    provider: '4pay',
    id: id('withdrawal'),
    asset: 'USD',
    amount: dollars(amount),
    fee: dollars(fee),
  } as const;
  return {
    provider: '4pay',
    name: `withdrawal-${ending}`,
    steps: [
      ...(isOrdered ? [{ id: 'order', kind: 'order', path: 'withdrawals', order } as const] : []),
      tell('pending', body('pending', 1)),
      tell(ending, body(ending, 2)),
    ],
    expectedDecision: null,
    outcome: (happened) =>
      orderOutcome(
        {
          accountId: merchant.accountId,
          asset: 'USD',
          amount: fromHundredths(amount, 'USD'),
          fee: fromHundredths(fee, 'USD'),
          reservedBy: ['order', 'pending'],
          completedBy: ['completed'],
          failedBy: ['declined', 'canceled'],
          broadcastBy: [],
          isAmountTold: true,
          isFeeTold: true,
        },
        happened,
      ),
  };
}
