import { describe, expect, it } from 'vitest';
import { decimalText, fromHundredths, unitsOf } from './decimal.ts';

describe('the simulator reads and writes money', () => {
  it.each([
    ['USD', 1_875n * 10_000n, '18.75'],
    ['USD', 18_000_000n, '18.00'],
    ['USDT:BSC', 75_000_000_000_000_000_001n, '75.000000000000000001'],
    ['BTC:BITCOIN', -5_010_000n, '-0.0501'],
  ] as const)('%s %s as %s, and back', (asset, units, text) => {
    expect(decimalText(units, asset)).toBe(text);
    expect(unitsOf(text, asset)).toBe(units);
  });

  it('from hundredths, whatever the scale', () => {
    expect(fromHundredths(1, 'USD')).toBe(10_000n);
    expect(fromHundredths(1, 'USDT:BSC')).toBe(10n ** 16n);
  });

  it('with as few digits as asked for', () => {
    expect(decimalText(5_000_000n, 'USDT:TRON', 0)).toBe('5');
    expect(decimalText(5_000_000n, 'USDT:TRON', 6)).toBe('5.000000');
  });
});
