import { type Asset, assetOf, definitionOf } from './asset.ts';
import { err, ok, type Rejection, type Result } from './result.ts';

/** Never a float: `units` counts the smallest unit of `asset`; on a wire it is a decimal string. */
export type Money = Readonly<{ asset: Asset; units: bigint }>;

/** Money as every wire and every recorded event writes it. */
export type MoneyText = Readonly<{ asset: string; amount: string }>;

export type AmountRejection = Rejection<
  | 'asset-unknown'
  | 'amount-malformed'
  | 'amount-negative'
  | 'amount-too-precise'
  | 'amount-too-large'
>;

// Bounds the work that a hostile exponent can cause; no amount of any asset comes near it.
const digitsMax = 80;
const decimalPattern = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/;

/**
 * Exact: `1E-8` and `10.10` are read as written. Nonzero digits beyond the asset's scale, a
 * negative amount or one above `maxWholeUnits` are refused, never rounded.
 */
export function parseAmount(
  text: string,
  asset: Asset,
  maxWholeUnits?: bigint,
): Result<Money, AmountRejection> {
  const match = text.length <= digitsMax ? decimalPattern.exec(text) : null;
  if (!match)
    return err({ code: 'amount-malformed', message: 'The amount is not a decimal number.' });
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const { scale } = definitionOf(asset);
  const digits = whole + fraction;
  if (/^0+$/.test(digits)) return ok({ asset, units: 0n });
  if (sign === '-') return err({ code: 'amount-negative', message: 'The amount is negative.' });
  const shift = Number(exponent) - fraction.length + scale;
  if (shift > digitsMax)
    return err({ code: 'amount-too-large', message: 'The amount is too large.' });
  const units = scaled(digits, shift);
  if (units === null)
    return err({ code: 'amount-too-precise', message: `${asset} has ${scale} decimals.` });
  if (maxWholeUnits !== undefined && units > maxWholeUnits * 10n ** BigInt(scale))
    return err({
      code: 'amount-too-large',
      message: `The amount is above ${maxWholeUnits} ${asset}.`,
    });
  return ok({ asset, units });
}

/** `digits` × 10^`shift` as an integer, or null when nonzero digits would be lost. */
function scaled(digits: string, shift: number): bigint | null {
  if (shift >= 0) return BigInt(digits) * 10n ** BigInt(shift);
  const lost = digits.slice(shift);
  if (/[1-9]/.test(lost)) return null;
  return BigInt(digits.slice(0, shift) || '0');
}

export function parseMoney(text: MoneyText): Result<Money, AmountRejection> {
  const asset = assetOf(text.asset);
  return asset.ok ? parseAmount(text.amount, asset.value) : asset;
}

const zero = '0'.charCodeAt(0);

// An event states one amount several times.
let latest = { units: 0n, asset: '', text: '' };

/** At least the asset's display digits, no further trailing zeros, no exponent. */
export function formatUnits(units: bigint, asset: Asset): string {
  if (units !== latest.units || asset !== latest.asset)
    latest = { units, asset, text: unitsText(units, asset) };
  return latest.text;
}

function unitsText(units: bigint, asset: Asset): string {
  const { scale, digits } = definitionOf(asset);
  const negative = units < 0n;
  const text = (negative ? -units : units).toString().padStart(scale + 1, '0');
  const point = text.length - scale;
  let end = text.length;
  while (end > point + digits && text.charCodeAt(end - 1) === zero) end -= 1;
  const whole = negative ? `-${text.slice(0, point)}` : text.slice(0, point);
  return end === point ? whole : `${whole}.${text.slice(point, end)}`;
}

export const moneyText = (money: Money): MoneyText => ({
  asset: money.asset,
  amount: formatUnits(money.units, money.asset),
});

export const money = (asset: Asset, units: bigint): Money => ({ asset, units });
