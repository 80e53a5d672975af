import { type Asset, type Fee, money, type Money, ok, type Result } from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import { readAmount } from '../wire/amount.ts';
import { usd } from '../wire/currency.ts';
import { readAsset } from './assets.ts';
import { missing, type Reading, refused } from './emitted.ts';
import type { Transaction } from './transaction.ts';

/** What a transaction moves, and the fee with it. */
export type Charge = Readonly<{ amount: Money; fees: readonly Fee[]; total: Money }>;

/** Cards and their accounts are kept in dollars; no event says in what an account is kept. */
const accountCurrency = usd;

/**
 * The amount that moves the balance: the settlement where it is stated, else the amount itself when
 * it is in the account's currency. Anything else waits for a read of the provider's detail.
 */
export function readMoved(
  { stated }: Transaction,
  { path, amountMax }: Reading,
): Result<Money, Quarantine> {
  if (stated.settlementAmount !== null) {
    if (stated.settlementCurrency === null) return missing(`${path}settlementCurrency`);
    const asset = readAsset(stated.settlementCurrency, `${path}settlementCurrency`);
    if (!asset.ok) return asset;
    return readAmount(stated.settlementAmount, asset.value, `${path}settlementAmount`, amountMax);
  }
  if (stated.amount === null) return missing(`${path}amount`);
  if (stated.currency === null) return missing(`${path}currency`);
  const asset = readAsset(stated.currency, `${path}currency`);
  if (!asset.ok) return asset;
  if (asset.value !== accountCurrency)
    return refused(
      'currency-mismatch',
      `${path}currency`,
      `The amount is in ${asset.value}, and no settlement amount says what the account paid.`,
    );
  return readAmount(stated.amount, asset.value, `${path}amount`, amountMax);
}

/** Money that leaves: with a fee inside it, the amount is what remains beside the fee. */
export function readDebit(transaction: Transaction, reading: Reading): Result<Charge, Quarantine> {
  const charge = readCredit(transaction, reading);
  if (!charge.ok || reading.settings.transactionFee !== 'inside') return charge;
  const { amount, fees } = charge.value;
  const feeUnits = unitsOf(fees);
  if (feeUnits > amount.units)
    return refused(
      'amount-negative',
      `${reading.path}feeAmount`,
      'The fee inside the amount is larger than it.',
    );
  return ok({ amount: money(amount.asset, amount.units - feeUnits), fees, total: amount });
}

/** Money that arrives: a fee is taken from it, whether it is called inside or on top. */
export function readCredit(transaction: Transaction, reading: Reading): Result<Charge, Quarantine> {
  const amount = readMoved(transaction, reading);
  if (!amount.ok) return amount;
  const fees = readFees(transaction, amount.value.asset, reading);
  if (!fees.ok) return fees;
  const total = money(amount.value.asset, amount.value.units + unitsOf(fees.value));
  return ok({ amount: amount.value, fees: fees.value, total });
}

function readFees(
  { stated }: Transaction,
  asset: Asset,
  { path, settings, amountMax }: Reading,
): Result<readonly Fee[], Quarantine> {
  if (stated.feeAmount === null) return ok([]);
  const currency = stated.feeCurrency;
  const feeAsset = currency === null ? ok(asset) : readAsset(currency, `${path}feeCurrency`);
  if (!feeAsset.ok) return feeAsset;
  const amount = readAmount(stated.feeAmount, feeAsset.value, `${path}feeAmount`, amountMax);
  if (!amount.ok) return amount;
  if (amount.value.units === 0n || settings.transactionFee === 'separate') return ok([]);
  if (feeAsset.value !== asset)
    return refused(
      'currency-mismatch',
      `${path}feeCurrency`,
      `The fee is in ${feeAsset.value}, its transaction in ${asset}.`,
    );
  return ok([{ kind: 'transaction', amount: amount.value }]);
}

const unitsOf = (fees: readonly Fee[]): bigint =>
  fees.reduce((sum, fee) => sum + fee.amount.units, 0n);

/** Zero is for authorizations and information only (R9). */
export function aboveZero<Value extends Readonly<{ amount: Money }>>(
  read: Result<Value, Quarantine>,
  path: string,
): Result<Value, Quarantine> {
  if (!read.ok || read.value.amount.units > 0n) return read;
  return refused('amount-malformed', `${path}amount`, 'An amount that posts must be above zero.');
}
