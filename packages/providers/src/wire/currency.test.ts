import { assets } from '@counterfoil/domain';
import { describe, expect, it } from 'vitest';
import { currencyLetters, fiatOf, usd } from './currency.ts';

describe('fiatOf', () => {
  it('reads letters in any case and ISO 4217 numbers, also without leading zeros', () => {
    expect(fiatOf('USD')).toBe(usd);
    expect(fiatOf(' usd ')).toBe(usd);
    expect(fiatOf('840')).toBe(usd);
    expect(fiatOf('036')).toBe('AUD');
    expect(fiatOf('36')).toBe('AUD');
  });

  it('knows nothing else: no token, no unknown code, no other number', () => {
    for (const code of ['', 'USDC:POLYGON', 'ZZZ', '999', '8400', 'US', '1.0', '-840'])
      expect(fiatOf(code), code).toBeNull();
  });

  it('has one number for every currency of the books', () => {
    const numbers = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'));
    const letters = numbers.map(currencyLetters).filter((code) => code !== null);
    const fiat = assets.map(({ asset }) => asset).filter((asset) => !asset.includes(':'));
    expect([...letters].sort()).toEqual([...fiat].sort());
  });

  it('gives the letters of a currency that the books do not know', () => {
    expect(currencyLetters('xcg')).toBe('XCG');
    expect(currencyLetters('532')).toBe('ANG');
    expect(currencyLetters('dollars')).toBeNull();
  });
});
