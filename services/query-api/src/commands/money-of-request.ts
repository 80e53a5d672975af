import { assetOf, type Money, parseAmount } from '@counterfoil/domain';
import { problemError } from '@counterfoil/runtime';

/** Throws the problem of what is wrong: unknown asset, not a decimal, negative, too precise, too large. */
export function moneyOfRequest(
  text: Readonly<{ asset: string; amount: string }>,
  amountMax: bigint,
): Money {
  const asset = assetOf(text.asset);
  if (!asset.ok) throw problemError(asset.error.code, asset.error.message);
  const money = parseAmount(text.amount, asset.value, amountMax);
  if (!money.ok) throw problemError(money.error.code, money.error.message);
  return money.value;
}

export function positiveMoneyOfRequest(
  text: Readonly<{ asset: string; amount: string }>,
  amountMax: bigint,
): Money {
  const money = moneyOfRequest(text, amountMax);
  if (money.units === 0n) throw problemError('amount-not-positive');
  return money;
}
