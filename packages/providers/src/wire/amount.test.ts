import { describe, expect, it } from 'vitest';
import { readAmount } from './amount.ts';
import { usd } from './currency.ts';

const read = (text: string) => {
  const amount = readAmount(text, usd, 'data.amount', 1_000_000_000n);
  return amount.ok ? amount.value.units : amount.error.code;
};

describe('readAmount', () => {
  it('reads decimals and exponents exactly', () => {
    expect(read('10.10')).toBe(10_100_000n);
    expect(read('1E-6')).toBe(1n);
    expect(read('1.5e3')).toBe(1_500_000_000n);
    expect(read('2.5000000000')).toBe(2_500_000n);
    expect(read('1000000000')).toBe(1_000_000_000_000_000n);
  });

  it('takes zero however it is written, and nothing negative', () => {
    for (const zero of ['0', '-0', '0.000', '0e9', '-0E-9']) expect(read(zero), zero).toBe(0n);
    for (const negative of ['-0.01', '-1', '-1E-30'])
      expect(read(negative)).toBe('amount-negative');
  });

  it('rounds nothing and bounds everything', () => {
    expect(read('0.0000001')).toBe('amount-too-precise');
    expect(read('1E-9999')).toBe('amount-too-precise');
    expect(read('1000000000.000001')).toBe('amount-too-large');
    expect(read('1E9999')).toBe('amount-too-large');
  });

  it('refuses what is not a decimal number', () => {
    for (const text of [
      '',
      '1,5',
      '1.5.0',
      'NaN',
      'Infinity',
      '0x10',
      '1E99999',
      '١',
      '1 000',
      '+1',
    ])
      expect(read(text), text).toBe('amount-malformed');
    expect(read('9'.repeat(81))).toBe('amount-malformed');
  });

  it('names the place in the body', () => {
    expect(readAmount('-1', usd, 'data.fees.fx_fees', 1n)).toMatchObject({
      error: { path: 'data.fees.fx_fees', message: expect.any(String) },
    });
  });
});
