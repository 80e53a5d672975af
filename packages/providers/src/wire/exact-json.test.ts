import fc from 'fast-check';
import { isLosslessNumber } from 'lossless-json';
import { describe, expect, it } from 'vitest';
import { canonicalSha256, type ExactJson, nestingMax, parseExactJson } from './exact-json.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const parsed = (text: string) => parseExactJson(bytes(text));
const codeOf = (text: string) => {
  const result = parsed(text);
  return result.ok ? 'parsed' : result.error.code;
};
const sha256Of = (text: string): string => {
  const result = parsed(text);
  if (!result.ok) throw new Error(result.error.code);
  return canonicalSha256(result.value);
};

/** The value as the platform would have parsed it. */
const plain = (value: ExactJson): unknown => {
  if (isLosslessNumber(value)) return Number(value.value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
};

describe('parseExactJson', () => {
  it('keeps the source text of every number', () => {
    for (const digits of ['10.10', '1E-8', '-0', '0.1e+2', '90071992547409931234', '1e400'])
      expect(parsed(`{"n":${digits}}`)).toMatchObject({
        ok: true,
        value: { n: { value: digits } },
      });
  });

  it('refuses numbers that JSON does not have', () => {
    for (const digits of ['01', '.5', '5.', '+1', '0x10', '1e', '-', 'NaN', 'Infinity', '1_000'])
      expect(codeOf(`{"n":${digits}}`), digits).toBe('payload-malformed');
  });

  it('refuses a key that stands twice, whether its values differ or not', () => {
    expect(codeOf('{"a":1,"a":2}')).toBe('duplicate-key');
    expect(codeOf('{"a":1,"a":1}')).toBe('duplicate-key');
    expect(codeOf('{"a":{"b":1},"a":{"b":1}}')).toBe('duplicate-key');
    expect(codeOf('{"a":[{"b":null,"b":null}]}')).toBe('duplicate-key');
    expect(codeOf('{"a":1,"\\u0061":1}')).toBe('duplicate-key');
    expect(codeOf('{"__proto__":1,"__proto__":1}')).toBe('duplicate-key');
    expect(codeOf('{"":1,"":1}')).toBe('duplicate-key');
  });

  it('takes equal keys of different objects and colons in texts for what they are', () => {
    expect(codeOf('{"a":{"a":1},"b":[{"a":1},{"a":1}]}')).toBe('parsed');
    expect(codeOf('{"a:\\":{":"b:c\\\\","d":":"}')).toBe('parsed');
  });

  it(`refuses nesting deeper than ${nestingMax}, whatever is inside, before parsing it`, () => {
    const nested = (depth: number) => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
    expect(codeOf(nested(nestingMax))).toBe('parsed');
    expect(codeOf(nested(nestingMax + 1))).toBe('nesting-too-deep');
    expect(codeOf('['.repeat(1_000_000))).toBe('nesting-too-deep');
    expect(codeOf(`{"a":"${'['.repeat(100)}\\"{{"}`)).toBe('parsed');
  });

  it('refuses what is not UTF-8, not JSON or not an object', () => {
    expect(parseExactJson(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d))).toMatchObject({
      error: { code: 'payload-malformed' },
    });
    for (const text of ['', ' ', 'null', '[]', '"a"', '1', '{"a":1}}', '{"a":1,}', "{'a':1}", '{'])
      expect(codeOf(text), text).toBe('payload-malformed');
  });

  it('ignores a byte order mark before the body and refuses one inside it', () => {
    expect(sha256Of('\ufeff{"a":1}')).toBe(sha256Of('{"a":1}'));
    expect(codeOf('{\ufeff"a":1}')).toBe('payload-malformed');
  });

  it('refuses U+0000 in texts and keys, raw or escaped', () => {
    expect(codeOf('{"a":"\\u0000"}')).toBe('null-byte');
    expect(codeOf('{"a":[{"b\\u0000":1}]}')).toBe('null-byte');
    expect(codeOf('{"a":"\u0000"}')).toBe('payload-malformed');
  });

  it('keeps "__proto__" as a key like any other', () => {
    const result = parsed('{"__proto__":{"status":"success"}}');
    expect(result.ok && Object.keys(result.value)).toEqual(['__proto__']);
    expect(result.ok && result.value['status']).toBeUndefined();
  });

  it('reads what the platform reads, and refuses what it refuses', () => {
    const text = fc.oneof(
      fc.json({ maxDepth: 4 }),
      fc
        .tuple(
          fc.json({ maxDepth: 3 }),
          fc.nat(),
          fc.constantFrom('', '"', ',', ':', '}', '0', 'e'),
        )
        .map(([json, at, insert]) => {
          const place = json.length === 0 ? 0 : at % json.length;
          return json.slice(0, place) + insert + json.slice(place + 1);
        }),
    );
    fc.assert(
      fc.property(text, (json) => {
        const wrapped = `{"value":${json}}`;
        const result = parsed(wrapped);
        let expected: unknown;
        try {
          expected = JSON.parse(wrapped);
        } catch {
          expect(result.ok).toBe(false);
          return;
        }
        if (result.ok) expect(plain(result.value)).toEqual(expected);
        else expect(['duplicate-key', 'null-byte']).toContain(result.error.code);
      }),
      { numRuns: 500 },
    );
  });
});

describe('canonicalSha256', () => {
  it('does not depend on white space or the order of keys', () => {
    expect(sha256Of('{"b":[1,2],"a":{"d":"x","c":null}}')).toBe(
      sha256Of(' {\n"a" : {"c":null,"d":"\\u0078"}, "b":[ 1,2 ]}\r\n'),
    );
  });

  it('depends on how numbers are written, on types and on the order of items', () => {
    const texts = ['{"a":1}', '{"a":1.0}', '{"a":"1"}', '{"a":[1,2]}', '{"a":[2,1]}', '{"a":null}'];
    expect(new Set(texts.map(sha256Of)).size).toBe(texts.length);
  });

  it('tells half characters apart, which have no UTF-8', () => {
    expect(sha256Of('{"a":"\\ud800"}')).not.toBe(sha256Of('{"a":"\\ud801"}'));
    expect(sha256Of('{"a":"\\ud800"}')).not.toBe(sha256Of('{"a":"\ufffd"}'));
  });
});
