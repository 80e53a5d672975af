/**
 * The simulator's own money: whole units of a power of ten below the asset. It shares no code with
 * the ledger, so that a fault there cannot hide in the prediction.
 */
export type AssetCode = keyof typeof scales;

/** Decimals of each asset that the simulator deals in, as the providers' documents state them. */
const scales = {
  USD: 6,
  'USDC:POLYGON': 6,
  'USDT:TRON': 6,
  'USDT:ETHEREUM': 6,
  'USDC:ETHEREUM': 6,
  'USDT:BSC': 18,
  'BTC:BITCOIN': 8,
} as const;

/** Units of an asset from a number of hundredths of it. */
export const fromHundredths = (hundredths: number, asset: AssetCode): bigint =>
  BigInt(hundredths) * 10n ** BigInt(scales[asset] - 2);

/** Decimal text with at least `digitsMin` digits after the point. */
export function decimalText(units: bigint, asset: AssetCode, digitsMin = 2): string {
  const scale = scales[asset];
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, -scale);
  const kept = digits.slice(-scale).replace(/0+$/, '').padEnd(digitsMin, '0');
  return `${units < 0n ? '-' : ''}${whole}${kept === '' ? '' : `.${kept}`}`;
}

/** Units of a decimal text, as an API answers it. */
export function unitsOf(text: string, asset: AssetCode): bigint {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const units = BigInt(whole + fraction.padEnd(scales[asset], '0'));
  return text.startsWith('-') ? -units : units;
}

export const isAssetCode = (text: string): text is AssetCode => Object.hasOwn(scales, text);
