import type { BodyValue } from '../body-text.ts';
import { type AssetCode, decimalText, fromHundredths } from '../decimal.ts';
import { orderOutcome } from '../order-outcome.ts';
import { type Movement, type Story, tell } from '../story.ts';
import type { StorySetting } from '../story-setting.ts';
import { dollars } from '../dollars.ts';
import {
  chainOf,
  cryptomateAmount,
  cryptomateBody,
  type CryptomateDialect,
  cryptomateDialects,
  tokenAddress,
  tokenOf,
} from './wire.ts';

const asset: AssetCode = 'USDC:POLYGON';

/** What every movement of a wallet says. */
const movement = (
  { random, at }: StorySetting,
  dialect: CryptomateDialect,
  wallet: string,
): Readonly<Record<string, BodyValue>> => ({
  wallet_id: wallet,
  wallet_address: `0x${random.hex(40)}`,
  blockchain: chainOf(dialect),
  transaction_hash: `0x${random.hex(64)}`,
  token: tokenOf(dialect),
  created_at: at(5),
});

const credit = (accountId: string, code: AssetCode, units: bigint): Movement => ({
  accountId,
  asset: code,
  available: units,
});

/** A deposit to a card (in dollars, less a fee), to a wallet, or to our treasury. */
export function walletDeposit(setting: StorySetting): Story {
  const { random, payer, merchant, id } = setting;
  const dialect = random.pick(cryptomateDialects);
  const product = random.pick(['cards', 'virtual_wallets', 'treasury'] as const);
  const gross = random.between(1_000, 500_000);
  const fee = product === 'cards' ? random.between(0, 200) : 0;
  const isOurs = product === 'treasury';
  const operation = `0x${id('deposit')}`;
  const data = {
    ...movement(setting, dialect, isOurs ? merchant.treasury : payer.wallet),
    from_wallet_address: `0x${random.hex(40)}`,
    amount: cryptomateAmount(dialect, dollars(gross)),
    ...((product === 'cards' || random.happens(0.5)) && {
      net_amount: cryptomateAmount(dialect, dollars(gross - fee)),
    }),
  };
  const body = (status: string) =>
    cryptomateBody(dialect, { product, eventType: 'deposit', status }, operation, data);
  const ending = random.happens(0.9) ? 'success' : 'failed';
  const code = product === 'cards' ? 'USD' : asset;
  const accountId = isOurs ? merchant.accountId : payer.accountId;
  return {
    provider: 'cryptomate',
    name: `${product}-deposit-${dialect}`,
    steps: [tell('seen', body('pending')), tell(ending, body(ending))],
    expectedDecision: null,
    outcome: ({ steps }) =>
      steps.has('success') ? [credit(accountId, code, fromHundredths(gross - fee, code))] : [],
  };
}

/** Money from outside that dialect C alone tells of: a push to the card, or fiat converted. */
export function pushOrRamp(setting: StorySetting): Story {
  const { random, payer, merchant, id, at } = setting;
  const gross = random.between(1_000, 100_000);
  const fee = random.between(0, 50);
  const operation = id('push');
  if (random.happens(0.5)) {
    const data = {
      card_id: payer.card,
      bill_amount: dollars(gross),
      bill_currency_code: 'USD',
      fees: { atm_fees: '0.00', fx_fees: dollars(fee) },
      channel: 'Visa Direct',
      created_at: at(3),
    };
    const words = {
      product: 'cards',
      eventType: 'visa_direct_deposit',
      status: 'success',
    } as const;
    return {
      provider: 'cryptomate',
      name: 'visa-direct-deposit',
      steps: [tell('success', cryptomateBody('C', words, operation, data))],
      expectedDecision: null,
      outcome: ({ steps }) =>
        steps.has('success')
          ? [credit(payer.accountId, 'USD', fromHundredths(gross - fee, 'USD'))]
          : [],
    };
  }
  const isOurs = random.happens(0.3);
  const product = isOurs ? 'treasury' : 'virtual_wallets';
  const data = {
    ...movement(setting, 'C', isOurs ? merchant.treasury : payer.wallet),
    amount: dollars(gross),
    exchange_rate: '1.08',
    source_amount: dollars(gross),
    source_currency: 'EUR',
  };
  const body = (status: string) =>
    cryptomateBody('C', { product, eventType: 'ramp_on', status }, operation, data);
  const accountId = isOurs ? merchant.accountId : payer.accountId;
  return {
    provider: 'cryptomate',
    name: `${product}-ramp-on`,
    steps: [tell('pending', body('pending')), tell('success', body('success'))],
    expectedDecision: null,
    outcome: ({ steps }) =>
      steps.has('success') ? [credit(accountId, asset, fromHundredths(gross, asset))] : [],
  };
}

/** Out of a holder's wallet, on our order or without one; it may fail, also after a broadcast. */
export function walletWithdrawal(setting: StorySetting): Story {
  const { random, payer, id } = setting;
  const dialect = random.pick(cryptomateDialects);
  const withdrawalId = id('withdrawal');
  const amount = fromHundredths(random.between(100, 50_000), asset);
  const fee = fromHundredths(random.between(0, 100), asset);
  const isOrdered = random.happens(0.6);
  const ending = random.pick(['success', 'success', 'failed', 'canceled'] as const);
  const isBroadcast = ending === 'success' || random.happens(0.3);
  const { transaction_hash: hash, ...rest } = movement(setting, dialect, payer.wallet);
  const body = (status: string) =>
    cryptomateBody(
      dialect,
      { product: 'virtual_wallets', eventType: 'withdraw', status },
      withdrawalId,
      {
        ...rest,
        transaction_hash: isBroadcast ? (hash ?? null) : null,
        to_wallet_address: `0x${random.hex(40)}`,
        amount: cryptomateAmount(dialect, decimalText(amount, asset)),
      },
    );
  const order = {
    accountId: payer.accountId,
    provider: 'cryptomate',
    id: withdrawalId,
    asset,
    amount: decimalText(amount, asset),
    fee: decimalText(fee, asset),
  } as const;
  return {
    provider: 'cryptomate',
    name: `withdrawal-${ending}-${dialect}`,
    steps: [
      ...(isOrdered ? [{ id: 'order', kind: 'order', path: 'withdrawals', order } as const] : []),
      ...(dialect === 'C' ? [tell('pending', body('pending'))] : []),
      tell(ending, body(ending)),
    ],
    expectedDecision: null,
    outcome: (happened) =>
      orderOutcome(
        {
          accountId: payer.accountId,
          asset,
          amount,
          fee,
          reservedBy: ['order'],
          completedBy: ['success'],
          failedBy: ['failed', 'canceled'],
          broadcastBy: isBroadcast ? ['pending', 'failed', 'canceled'] : [],
          isAmountTold: true,
          isFeeTold: false,
        },
        happened,
      ),
  };
}

/** Between the wallets of two holders: the payer's `withdraw` moves it, the payee's deposit does not. */
export function internalTransfer(setting: StorySetting): Story {
  const { random, payer, payee, id } = setting;
  const dialect = random.pick(['A', 'B'] as const);
  const units = fromHundredths(random.between(100, 10_000), asset);
  const amount = cryptomateAmount(dialect, decimalText(units, asset));
  const told = (eventType: string, wallet: string, end: Readonly<Record<string, BodyValue>>) =>
    cryptomateBody(
      dialect,
      { product: 'virtual_wallets', eventType, status: 'success' },
      id('transfer'),
      { ...movement(setting, dialect, wallet), transaction_hash: 'internal', amount, ...end },
    );
  return {
    provider: 'cryptomate',
    name: `internal-transfer-${dialect}`,
    steps: [
      tell('withdraw', told('withdraw', payer.wallet, { to_wallet_address: payee.address })),
      tell('deposit', told('deposit', payee.wallet, { from_wallet_address: payer.address })),
    ],
    expectedDecision: null,
    outcome: ({ steps }) =>
      steps.has('withdraw')
        ? [credit(payer.accountId, asset, -units), credit(payee.accountId, asset, units)]
        : [],
  };
}

/** Out of our treasury to somebody outside or to one of our holders, or out of the holding wallet. */
export function treasuryTransfer(setting: StorySetting): Story {
  const { random, payee, merchant, id } = setting;
  const hundredths = random.between(100, 100_000);
  const isToHolder = random.happens(0.4);
  const isFromHolding = !isToHolder && random.happens(0.4);
  // What stands on cards is in dollars, also where a token carried it.
  const code = isFromHolding ? 'USD' : asset;
  const units = fromHundredths(hundredths, code);
  const to = isToHolder ? payee.address : `0x${random.hex(40)}`;
  const { token, ...rest } = movement(
    setting,
    'C',
    isFromHolding ? merchant.holding : merchant.treasury,
  );
  const words = isFromHolding
    ? ({ product: 'cards', eventType: 'warranty_withdraw' } as const)
    : ({ product: 'treasury', eventType: 'transfer' } as const);
  const body = (status: string) =>
    cryptomateBody('C', { ...words, status }, id('transfer'), {
      ...rest,
      ...(isFromHolding ? { token_address: tokenAddress } : { token: token ?? null }),
      to_wallet_address: to,
      amount: dollars(hundredths),
    });
  const ending = random.pick(['success', 'success', 'failed'] as const);
  return {
    provider: 'cryptomate',
    name: words.eventType,
    steps: [
      ...(isFromHolding ? [] : [tell('manual_check', body('manual_check'))]),
      tell(ending, body(ending)),
    ],
    expectedDecision: null,
    outcome: ({ steps }) => [
      ...(steps.has('success') ? [credit(merchant.accountId, code, -units)] : []),
      ...(steps.has('success') && isToHolder ? [credit(payee.accountId, code, units)] : []),
    ],
  };
}
