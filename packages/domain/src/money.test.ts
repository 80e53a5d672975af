import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assetOf, assets, definitionOf } from './asset.ts';
import { formatUnits, money, moneyText, parseAmount, parseMoney } from './money.ts';

const assetNamed = (code: string) => {
  const asset = assetOf(code);
  if (!asset.ok) throw new Error(asset.error.message);
  return asset.value;
};
const usd = assetNamed('USD');
const btc = assetNamed('BTC:BITCOIN');
const units = (text: string, asset = usd) => {
  const parsed = parseAmount(text, asset);
  return parsed.ok ? parsed.value.units : parsed.error.code;
};

describe('an amount is read exactly', () => {
  test.each([
    ['18.75', 18_750_000n],
    ['18.750000', 18_750_000n],
    ['0.000001', 1n],
    ['1e3', 1_000_000_000n],
    ['1.5E+2', 150_000_000n],
    ['25e-1', 2_500_000n],
    ['0', 0n],
    ['-0.00', 0n],
    ['0e9999', 0n],
    ['007', 7_000_000n],
  ])('%s dollars are %s units', (text, expected) => expect(units(text)).toBe(expected));

  test('a token has the decimals of its chain', () => expect(units('1E-8', btc)).toBe(1n));
});

describe('what is no amount is refused and never rounded', () => {
  test.each([
    ['', 'amount-malformed'],
    ['1,5', 'amount-malformed'],
    ['.5', 'amount-malformed'],
    ['5.', 'amount-malformed'],
    ['+5', 'amount-malformed'],
    [' 5', 'amount-malformed'],
    ['0x10', 'amount-malformed'],
    ['NaN', 'amount-malformed'],
    ['Infinity', 'amount-malformed'],
    ['1e', 'amount-malformed'],
    ['1e99999', 'amount-malformed'],
    ['٣', 'amount-malformed'],
    ['1'.repeat(81), 'amount-malformed'],
    ['-1', 'amount-negative'],
    ['0.0000001', 'amount-too-precise'],
    ['1e-9999', 'amount-too-precise'],
    ['1e9999', 'amount-too-large'],
  ])('%s: %s', (text, code) => expect(units(text)).toBe(code));

  test('the largest amount that is allowed is taken, and one unit more is not', () => {
    expect(parseAmount('1000', usd, 1000n).ok).toBe(true);
    expect(parseAmount('1000.000001', usd, 1000n)).toMatchObject({
      error: { code: 'amount-too-large' },
    });
  });

  test('money of an unknown asset is refused', () =>
    expect(parseMoney({ asset: 'usd', amount: '1' })).toMatchObject({
      error: { code: 'asset-unknown' },
    }));
});

describe('an amount is written in one way', () => {
  test.each([
    [18_750_000n, 'USD', '18.75'],
    [18_700_000n, 'USD', '18.70'],
    [1n, 'USD', '0.000001'],
    [0n, 'USD', '0.00'],
    [-1_500_000n, 'USD', '-1.50'],
    [5_000_000n, 'JPY', '5'],
    [5_000_001n, 'JPY', '5.000001'],
    [1_234_500n, 'KWD', '1.2345'],
    [1n, 'ETH:ETHEREUM', '0.000000000000000001'],
    [100_000_000n, 'BTC:BITCOIN', '1.00'],
  ])('%s units of %s are written %s', (amount, code, text) =>
    expect(formatUnits(amount, assetNamed(code))).toBe(text),
  );

  test('whatever is written is read again as the same money, in every asset', () => {
    fc.assert(
      fc.property(fc.constantFrom(...assets), fc.bigInt(0n, 10n ** 40n), ({ asset }, amount) => {
        const text = moneyText(money(asset, amount));
        expect(parseMoney(text)).toEqual({ ok: true, value: { asset, units: amount } });
        const { digits } = definitionOf(asset);
        const fraction = text.amount.split('.')[1] ?? '';
        expect(fraction.length).toBeGreaterThanOrEqual(digits);
        expect(fraction.length > digits && fraction.endsWith('0')).toBe(false);
      }),
    );
  });
});

test('a code that is too long to be shown is cut between characters', () =>
  expect(assetOf(`x${'💸'.repeat(60)}`)).toEqual({
    ok: false,
    error: { code: 'asset-unknown', message: `"x${'💸'.repeat(39)}" is not a known asset.` },
  }));
