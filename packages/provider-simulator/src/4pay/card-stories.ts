import { fromHundredths } from '../decimal.ts';
import { dollars } from '../dollars.ts';
import { type Story, tell } from '../story.ts';
import type { StorySetting } from '../story-setting.ts';
import { fourpayCardState, fourpayShapes, fourpayTransaction } from './wire.ts';

const units = (hundredths: number) => fromHundredths(hundredths, 'USD');

const plans = ['full', 'below', 'above', 'canceled', 'declined', 'open', 'refunded'] as const;

/** A purchase that 4pay decided: authorized, perhaps adjusted, then one of its endings. */
export function fourpayPurchase({ random, payer, merchant, id, at }: StorySetting): Story {
  const plan = random.pick(plans);
  const amount = random.between(200, 20_000);
  const fee = random.happens(0.5) ? random.between(1, 200) : 0;
  const adjusted = random.happens(0.3) ? amount + random.between(1, 500) : amount;
  const part = random.between(1, amount - 1);
  const final = plan === 'below' ? amount - part : plan === 'above' ? adjusted + part : adjusted;
  const shape = random.pick(fourpayShapes);
  const card = { account: merchant.account, card: payer.card, createdAt: at(0) };
  const body = (status: string, hundredths: number, moment: number) =>
    fourpayTransaction(shape, {
      ...card,
      id: id('purchase'),
      type: 'purchase',
      status,
      amount: dollars(hundredths),
      fee: fee > 0 ? dollars(fee) : null,
      parentId: null,
      updatedAt: at(moment),
    });
  const refund = (status: string, moment: number) =>
    fourpayTransaction(shape, {
      ...card,
      id: id('refund'),
      type: 'refund',
      status,
      amount: dollars(part),
      fee: null,
      parentId: id('purchase'),
      updatedAt: at(moment),
    });
  const isCompleted = plan !== 'canceled' && plan !== 'declined' && plan !== 'open';
  return {
    provider: '4pay',
    name: `purchase-${plan}`,
    steps: [
      ...(plan === 'declined'
        ? [tell('declined', body('declined', amount, 1))]
        : [tell('authorized', body('authorized', amount, 1))]),
      ...(adjusted === amount || plan === 'declined'
        ? []
        : [tell('adjusted', body('authorized', adjusted, 2))]),
      ...(plan === 'canceled' ? [tell('canceled', body('canceled', adjusted, 3))] : []),
      ...(isCompleted ? [tell('completed', body('completed', final, 3))] : []),
      ...(plan === 'refunded'
        ? [tell('announced', refund('authorized', 4)), tell('refunded', refund('completed', 5))]
        : []),
    ],
    expectedDecision: null,
    outcome: ({ steps }) => {
      const refunded = steps.has('refunded') ? units(part) : 0n;
      const spent = steps.has('completed') ? units(final + fee) : 0n;
      const isOver = steps.has('completed') || steps.has('canceled') || steps.has('declined');
      const authorized = steps.has('adjusted')
        ? units(adjusted + fee)
        : steps.has('authorized')
          ? units(amount + fee)
          : 0n;
      const held = isOver ? 0n : authorized;
      const available = refunded - spent - held;
      return [{ accountId: payer.accountId, asset: 'USD', available, held }];
    },
  };
}

/** Money between the merchant's account and a card. */
export function fourpayCardTransfer({ random, payer, merchant, id, at }: StorySetting): Story {
  const hundredths = random.between(500, 20_000);
  const type = random.pick(['top_up', 'top_up', 'withdrawal'] as const);
  const ending = random.pick(['completed', 'completed', 'declined', 'canceled'] as const);
  const shape = random.pick(fourpayShapes);
  const body = (status: string, moment: number) =>
    fourpayTransaction(shape, {
      id: id('transfer'),
      account: merchant.account,
      card: payer.card,
      type,
      status,
      amount: dollars(hundredths),
      fee: null,
      parentId: null,
      createdAt: at(0),
      updatedAt: at(moment),
    });
  const toCard = type === 'top_up' ? units(hundredths) : -units(hundredths);
  return {
    provider: '4pay',
    name: `card-${type}-${ending}`,
    steps: [tell('authorized', body('authorized', 1)), tell(ending, body(ending, 2))],
    expectedDecision: null,
    outcome: ({ steps }) =>
      steps.has('completed')
        ? [
            { accountId: payer.accountId, asset: 'USD', available: toCard },
            { accountId: merchant.accountId, asset: 'USD', available: -toCard },
          ]
        : [],
  };
}

/** A fee of its own on a card, once without a purchase and once repeating the purchase's own. */
export function fourpayCardFee({ random, payer, merchant, id, at }: StorySetting): Story {
  const shape = random.pick(fourpayShapes);
  const fee = random.between(10, 300);
  const amount = random.between(500, 5_000);
  const isRepeated = random.happens(0.5);
  const transaction = { account: merchant.account, card: payer.card, createdAt: at(0) };
  const purchase = fourpayTransaction(shape, {
    ...transaction,
    id: id('purchase'),
    type: 'purchase',
    status: 'completed',
    amount: dollars(amount),
    fee: dollars(fee),
    parentId: null,
    updatedAt: at(1),
  });
  const charged = fourpayTransaction(shape, {
    ...transaction,
    id: id('fee'),
    type: 'fee',
    status: 'completed',
    amount: dollars(fee),
    fee: null,
    parentId: isRepeated ? id('purchase') : null,
    updatedAt: at(2),
  });
  return {
    provider: '4pay',
    name: isRepeated ? 'fee-repeated' : 'fee-alone',
    steps: [...(isRepeated ? [tell('purchase', purchase)] : []), tell('fee', charged)],
    expectedDecision: null,
    outcome: ({ steps }) => {
      const bought = steps.has('purchase') ? units(amount + fee) : 0n;
      const charges = steps.has('fee') && !steps.has('purchase') ? units(fee) : 0n;
      return [{ accountId: payer.accountId, asset: 'USD', available: -bought - charges }];
    },
  };
}

/** A further card of a client, from its making to a balance it reports; nothing is posted. */
export function fourpayCardStates({ random, payer, merchant, id, at }: StorySetting): Story {
  const shape = random.pick(fourpayShapes);
  const body = (status: string, balance: string, moment: number) =>
    fourpayCardState(shape, {
      card: id('card'),
      account: merchant.account,
      client: payer.client,
      status,
      balance,
      at: at(moment),
    });
  return {
    provider: '4pay',
    name: 'card-states',
    steps: [
      tell('creating', body('creating', '0.00', 1)),
      tell('active', body('active', '0.00', 2)),
      tell('balance', body('active', '19.90', 3)),
      tell('frozen', body('frozen', '19.90', 4)),
    ],
    expectedDecision: null,
    outcome: () => [],
  };
}
