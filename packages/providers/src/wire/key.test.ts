import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chainText, joinedId, joinedKey } from './key.ts';

describe('joinedKey', () => {
  it('joins the parts, absent ones as empty', () => {
    expect(joinedKey(['cards', 'cleared', null, 'success'])).toBe('cards|cleared||success');
  });

  it('gives different texts for different parts, also where an id contains the separator', () => {
    const part = fc.string({ unit: fc.constantFrom('a', '|', '\\'), maxLength: 4 });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1 }), fc.array(part, { minLength: 1 }), (a, b) => {
        expect(joinedKey(a) === joinedKey(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });
});

describe('joinedId', () => {
  it('stays within the bound of an id', () => {
    expect(joinedId(['a', 'b'])).toBe('a|b');
    const long = joinedId(['x'.repeat(150), 'y'.repeat(150)]);
    expect(long).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(joinedId(['x'.repeat(150), 'y'.repeat(149)])).not.toBe(long);
  });
});

describe('chainText', () => {
  it('lowers addresses and hashes on chain, and no other id', () => {
    expect(chainText('0xABcd')).toBe('0xabcd');
    expect(chainText('0XAB')).toBe('0xab');
    expect(chainText('0xTable')).toBe('0xTable');
    expect(chainText('TR7NHqjeKQ')).toBe('TR7NHqjeKQ');
  });
});
