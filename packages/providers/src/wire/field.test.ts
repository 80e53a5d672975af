import { LosslessNumber } from 'lossless-json';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { chainId, decimal, id, keyword, objectOf, optional, text, time } from './field.ts';

const read = (schema: z.ZodType, value: unknown): unknown => {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : 'refused';
};
const exact = (digits: string) => new LosslessNumber(digits);

describe('id', () => {
  it('is trimmed text or the source text of a number, compared byte for byte', () => {
    expect(read(id, ' crd_7788 ')).toBe('crd_7788');
    expect(read(id, exact('1E2'))).toBe('1E2');
    expect(read(id, exact('90071992547409931234'))).toBe('90071992547409931234');
    expect(read(id, 'Ab')).toBe('Ab');
  });

  it('is refused where no stream can be named by it, and as another type', () => {
    for (const value of ['', '  ', 'x'.repeat(201), 'a\ud800', 'a\u0007b', true, null, [], {}])
      expect(read(id, value)).toBe('refused');
    expect(read(id, 'x'.repeat(200))).toHaveLength(200);
    expect(read(id, '\u{1F600}')).toBe('\u{1F600}');
  });
});

describe('chainId', () => {
  it('is an id in the one form that addresses and hashes are compared in', () => {
    expect(read(chainId, ' 0xAB ')).toBe('0xab');
    expect(read(chainId, 'TAb')).toBe('TAb');
    expect(read(chainId, `0x${'a'.repeat(199)}`)).toBe('refused');
  });
});

describe('text', () => {
  it('is bounded, and what cannot be stored of it becomes U+FFFD', () => {
    expect(read(text, ' Bar Sol\ud83d')).toBe('Bar Sol\ufffd');
    expect(read(text, 'x'.repeat(1001))).toBe('refused');
  });
});

describe('keyword', () => {
  it('is compared without case after trimming', () => {
    expect(read(keyword, ' PENDING\n')).toBe('pending');
    for (const value of ['', exact('1'), 'a\udc00', 'x'.repeat(101)])
      expect(read(keyword, value)).toBe('refused');
  });
});

describe('decimal', () => {
  it('is the text of a string or a number, exactly as written', () => {
    expect(read(decimal, '10.10')).toBe('10.10');
    expect(read(decimal, exact('1E-8'))).toBe('1E-8');
    for (const value of ['', ' ', '1'.repeat(81), false, null])
      expect(read(decimal, value)).toBe('refused');
  });
});

describe('time', () => {
  it('is read with an offset or, without a zone, as UTC', () => {
    expect(read(time, '2024-06-28T10:20:56.654-03:00')).toBe(
      Date.UTC(2024, 5, 28, 13, 20, 56, 654),
    );
    expect(read(time, '2026-04-15T10:30:00')).toBe(Date.UTC(2026, 3, 15, 10, 30));
    for (const value of [
      'yesterday',
      '2026-02-30T00:00:00Z',
      exact('1700000000'),
      '',
      '0000-06-01T00:00:00Z',
    ])
      expect(read(time, value)).toBe('refused');
  });
});

describe('optional', () => {
  it('reads missing, null, empty and blank as null, and still refuses what is malformed', () => {
    for (const value of [undefined, null, '', '  ']) expect(read(optional(id), value)).toBeNull();
    expect(read(optional(id), 'a')).toBe('a');
    expect(read(optional(time), 'yesterday')).toBe('refused');
  });
});

describe('objectOf', () => {
  it('takes no number for an object, although every field may be absent', () => {
    const fees = objectOf({ fx_fees: optional(decimal) });
    expect(read(fees, exact('5'))).toBe('refused');
    expect(read(fees, [])).toBe('refused');
    expect(read(fees, {})).toEqual({ fx_fees: null });
    expect(read(optional(fees), null)).toBeNull();
  });
});
