import { type BodyValue, bodyText, digits } from '../body-text.ts';
import { type AssetCode, decimalText, fromHundredths } from '../decimal.ts';
import { dollars } from '../dollars.ts';
import { type Step, type Story, tell } from '../story.ts';
import type { StorySetting } from '../story-setting.ts';

type Ending = 'completed' | 'expired' | 'failed';

const endings = ['completed', 'completed', 'completed', 'expired', 'failed'] as const;

/** A payment into a player's wallet, told in dialect G1, where each step is an event of its own. */
export function walletPayment({ random, payer, id, at }: StorySetting): Story {
  const asset: AssetCode = 'USDT:TRON';
  const ending: Ending = random.pick(endings);
  const units = fromHundredths(random.between(500, 500_000), asset);
  const body = (event: string, status: string, moment: number) =>
    bodyText({
      id: id(`notification-${moment}`),
      event: `payment.${event}`,
      created_at: at(moment),
      data: {
        payment_id: id('payment'),
        amount: digits(decimalText(units, asset)),
        currency: 'USDTTRC20',
        wallet_id: payer.wallet,
        custom_id: id('deposit-order'),
        address: `T${random.hex(33)}`,
        ...(moment > 1 && { transaction_hash: random.hex(64), confirmations: moment }),
        status,
      },
    });
  const steps = [
    tell('created', body('created', 'pending', 1)),
    ...(ending === 'expired' ? [] : [tell('processing', body('processing', 'confirming', 2))]),
    tell(ending, body(ending, ending, 3)),
  ];
  return {
    provider: 'cryptofuse',
    name: `g1-payment-${ending}`,
    steps: [...steps, ...balanceNotice(ending, { random, payer, id, at })],
    expectedDecision: null,
    outcome: ({ steps: told }) =>
      told.has('completed') ? [{ accountId: payer.accountId, asset, available: units }] : [],
  };
}

const balanceNotice = (
  ending: Ending,
  { payer, id, at }: Pick<StorySetting, 'random' | 'payer' | 'id' | 'at'>,
): readonly Step[] =>
  ending === 'completed'
    ? [
        tell(
          'balance',
          bodyText({
            id: id('notification-4'),
            event: 'wallet.balance_changed',
            created_at: at(4),
            data: {
              id: payer.wallet,
              name: 'Wallet',
              balances: [{ currency: 'usdttrc20', amount: '250.00', pendingAmount: '0.00' }],
            },
          }),
        ),
      ]
    : [];

/** A payment to the platform in dialect G2a, paid in one or two deposits, sometimes too little. */
export function merchantPaymentG2a({ random, merchant, id, at }: StorySetting): Story {
  const asset: AssetCode = 'USDT:TRON';
  const text = (units: bigint) => decimalText(units, asset, 6);
  const asked = fromHundredths(random.between(1_000, 500_000), asset);
  const ending = random.pick([
    'completed',
    'completed',
    'partially_completed',
    'expired',
    'failed',
  ] as const);
  const first = random.happens(0.4) || ending === 'partially_completed' ? asked / 3n : asked;
  const hashes = [random.hex(64), random.hex(64)];
  const body = (status: string, deposits: readonly bigint[], moment: number) =>
    bodyText({
      transaction_id: id('payment'),
      event: 'payment_status_update',
      status,
      timestamp: at(moment),
      data: {
        transaction_id: id('payment'),
        status,
        amount_usd: text(asked),
        amount_crypto: text(asked),
        blockchain: 'TRX',
        token: 'USDT',
        currency: 'USDTTRC20',
        address: `T${id('address')}`,
        transaction_hash: deposits.length > 0 ? (hashes[0] ?? null) : null,
        confirmations: moment,
        payment_history: deposits.map((units, index) => ({
          deposit_id: id(`dep-${index}`),
          amount: text(units),
          transaction_hash: hashes[index] ?? null,
          confirmations: moment,
          timestamp: at(moment),
        })),
        total_paid_amount: text(deposits.reduce((sum, units) => sum + units, 0n)),
      },
    });
  const whole = first === asked ? [asked] : [first, asked - first];
  const isPaid = ending === 'completed';
  const finalDeposits = ending === 'expired' ? [] : isPaid ? whole : [first];
  return {
    provider: 'cryptofuse',
    name: `g2a-payment-${ending}`,
    steps: [
      tell('pending', body('pending', [], 1)),
      ...(ending === 'expired' ? [] : [tell('confirming', body('confirming', [first], 2))]),
      ...(first < asked ? [tell('partially_paid', body('partially_paid', [first], 3))] : []),
      ...(isPaid ? [tell('confirmed', body('confirmed', whole, 4))] : []),
      tell(ending, body(ending, finalDeposits, 5)),
    ],
    expectedDecision: null,
    outcome: ({ steps }) =>
      steps.has('completed') ? [{ accountId: merchant.accountId, asset, available: asked }] : [],
  };
}

/**
 * A payment to the platform in dialect G2b, which tells the share of the price that the merchant
 * received, in dollars: that share of the deposit is credited, rounded down, the rest is the fee.
 */
export function merchantPaymentG2b({ random, merchant, id, at }: StorySetting): Story {
  const asset: AssetCode = 'USDT:ETHEREUM';
  const price = random.between(1_000, 500_000);
  const received = price - Math.floor(price / random.between(50, 200));
  const paid = fromHundredths(price, asset) + BigInt(random.between(0, 900_000));
  const net = (paid * BigInt(received)) / BigInt(price);
  const ending: Ending = random.pick(endings);
  const deposit: BodyValue = {
    deposit_id: id('dep'),
    amount: decimalText(paid, asset, 6),
    transaction_hash: `0x${random.hex(64)}`,
    confirmations: 1,
    timestamp: at(1),
  };
  const body = (status: string, moment: number) =>
    bodyText({
      event: 'payment_status_update',
      data: {
        transaction_id: id('payment'),
        status,
        previous_status: 'waiting',
        payment_type: 'full',
        order_id: id('order'),
        price_amount: dollars(price),
        price_currency: 'USD',
        pay_amount: decimalText(paid, asset, 6),
        pay_currency: 'USDTERC20',
        confirmations: moment,
        merchant_received_usd: status === 'completed' ? dollars(received) : '0.00',
        payment_history: status === 'expired' ? [] : [deposit],
        metadata: { updated_at: at(moment) },
      },
      timestamp: at(moment),
    });
  return {
    provider: 'cryptofuse',
    name: `g2b-payment-${ending}`,
    steps: [
      ...(ending === 'expired'
        ? []
        : [
            tell(
              'deposit',
              bodyText({
                event: 'deposit_received',
                data: { transaction_id: id('payment') },
                timestamp: at(1),
              }),
            ),
            tell('confirming', body('confirming', 2)),
          ]),
      tell(ending, body(ending, 3)),
    ],
    expectedDecision: null,
    outcome: ({ steps }) =>
      steps.has('completed') ? [{ accountId: merchant.accountId, asset, available: net }] : [],
  };
}
