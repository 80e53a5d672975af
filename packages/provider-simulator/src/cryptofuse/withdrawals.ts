import { type BodyValue, bodyText, digits } from '../body-text.ts';
import { type AssetCode, decimalText, fromHundredths } from '../decimal.ts';
import { orderOutcome } from '../order-outcome.ts';
import { type Story, tell } from '../story.ts';
import type { StorySetting } from '../story-setting.ts';

const endings = ['completed', 'completed', 'failed', 'cancelled'] as const;

type Withdrawal = Readonly<{
  ending: string;
  asset: AssetCode;
  accountId: string;
  amount: bigint;
  fee: bigint;
  isOrdered: boolean;
  isBroadcast: boolean;
}>;

function drawn(
  { random, payer, merchant }: StorySetting,
  asset: AssetCode,
  ending: string,
): Withdrawal & Readonly<{ isFromWallet: boolean }> {
  const isFromWallet = random.happens(0.7) || !merchant.isSimulated;
  return {
    ending,
    asset,
    isFromWallet,
    accountId: isFromWallet ? payer.accountId : merchant.accountId,
    amount: fromHundredths(random.between(100, 50_000), asset),
    fee: fromHundredths(random.between(10, 300), asset),
    isOrdered: random.happens(0.6),
    isBroadcast: ending === 'completed' || random.happens(0.3),
  };
}

const orderStep = ({ id }: StorySetting, withdrawal: Withdrawal) =>
  withdrawal.isOrdered
    ? [
        {
          id: 'order',
          kind: 'order',
          path: 'withdrawals',
          order: {
            accountId: withdrawal.accountId,
            provider: 'cryptofuse',
            id: id('withdrawal-order'),
            asset: withdrawal.asset,
            amount: decimalText(withdrawal.amount, withdrawal.asset),
            fee: decimalText(withdrawal.fee, withdrawal.asset),
          },
        } as const,
      ]
    : [];

/** A withdrawal in dialect G1: events of its own beside `status_changed`, which repeats some. */
export function withdrawalG1(setting: StorySetting): Story {
  const { random, payer, id, at } = setting;
  const withdrawal = drawn(setting, 'USDT:TRON', random.pick(endings));
  const { ending, asset, amount, fee, isBroadcast, isFromWallet } = withdrawal;
  const hash = random.hex(64);
  const body = (event: string, status: string, moment: number) =>
    bodyText({
      id: id(`notification-${moment}`),
      event: `withdrawal.${event}`,
      created_at: at(moment),
      data: {
        withdrawal_id: id('withdrawal'),
        status,
        amount: digits(decimalText(amount, asset)),
        fee: digits(decimalText(fee, asset)),
        address: `T${id('outside')}`,
        blockchain: 'TRX',
        token: 'USDT',
        memo: null,
        ...(isFromWallet && { wallet_id: payer.wallet }),
        custom_id: id('withdrawal-order'),
        ...(isBroadcast && moment >= 4 && { transaction_hash: hash }),
      },
    });
  const isRepeated = random.happens(0.5);
  return {
    provider: 'cryptofuse',
    name: `g1-withdrawal-${ending}`,
    steps: [
      ...orderStep(setting, withdrawal),
      tell('created', body('created', 'pending', 1)),
      tell('approved', body('approved', 'approved', 2)),
      tell('processing', body('processing', 'processing', 3)),
      ...(isBroadcast ? [tell('submitted', body('status_changed', 'submitted', 4))] : []),
      tell('end', body(ending, ending, 5)),
      ...(isRepeated ? [tell('end-again', body('status_changed', ending, 6))] : []),
    ],
    expectedDecision: null,
    outcome: (happened) => outcomeOf(withdrawal, ['end', 'end-again'], ['created'], happened),
  };
}

/** A withdrawal in dialect G2b, whose one event tells every status. */
export function withdrawalG2b(setting: StorySetting): Story {
  const { random, payer, id, at } = setting;
  const withdrawal = drawn(setting, 'USDT:ETHEREUM', random.pick(['completed', 'rejected']));
  const { ending, asset, amount, fee, isFromWallet } = withdrawal;
  const hash = `0x${random.hex(64)}`;
  const body = (status: string, moment: number) => {
    const data: Record<string, BodyValue> = {
      withdrawal_id: id('withdrawal'),
      custom_id: id('withdrawal-order'),
      amount: decimalText(amount, asset),
      fee: decimalText(fee, asset),
      blockchain: 'ETH',
      token: 'USDT',
      currency: 'USDTERC20',
      address: `0x${id('outside')}`,
      status,
    };
    if (isFromWallet) data['wallet_id'] = payer.wallet;
    if (status === 'completed') data['transaction_hash'] = hash;
    return bodyText({ event: 'withdrawal_status_update', data, timestamp: at(moment) });
  };
  return {
    provider: 'cryptofuse',
    name: `g2b-withdrawal-${ending}`,
    steps: [
      ...orderStep(setting, withdrawal),
      tell('created', body('pending', 1)),
      tell('end', body(ending, 2)),
    ],
    expectedDecision: null,
    outcome: (happened) =>
      outcomeOf({ ...withdrawal, isBroadcast: false }, ['end'], ['created'], happened),
  };
}

function outcomeOf(
  { ending, accountId, asset, amount, fee, isBroadcast }: Withdrawal,
  ends: readonly string[],
  requests: readonly string[],
  happened: Parameters<typeof orderOutcome>[1],
) {
  const isCompleted = ending === 'completed';
  return orderOutcome(
    {
      accountId,
      asset,
      amount,
      fee,
      reservedBy: ['order', ...requests],
      completedBy: isCompleted ? ends : [],
      failedBy: isCompleted ? [] : ends,
      broadcastBy: isBroadcast ? ['submitted', ...ends] : [],
      isAmountTold: true,
      isFeeTold: true,
    },
    happened,
  );
}

/** Between the platform's account and a player's wallet, as dialect G3 calls back. */
export function walletTransfer({ random, payer, merchant, id, at }: StorySetting): Story {
  const asset: AssetCode = 'USDT:TRON';
  const units = fromHundredths(random.between(100, 20_000), asset);
  const isToPlayer = random.happens(0.5);
  const ending = random.pick(['completed', 'completed', 'failed'] as const);
  const body = (status: string) =>
    bodyText({
      transfer_id: id('transfer'),
      transfer_type: isToPlayer ? 'to_sub' : 'to_master',
      currency: 'usdttrc20',
      amount: decimalText(units, asset),
      status,
      wallet_id: payer.wallet,
      created_at: at(1),
    });
  const signed = isToPlayer ? units : -units;
  return {
    provider: 'cryptofuse',
    name: `g3-transfer-${ending}`,
    steps: [tell('pending', body('pending')), tell(ending, body(ending))],
    expectedDecision: null,
    outcome: ({ steps }) =>
      steps.has('completed')
        ? [
            { accountId: payer.accountId, asset, available: signed },
            { accountId: merchant.accountId, asset, available: -signed },
          ]
        : [],
  };
}
