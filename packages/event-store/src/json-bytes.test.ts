import { toWire } from '@counterfoil/domain';
import { cryptomate, recordedData } from '@counterfoil/domain/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonBytes } from './json-bytes.ts';

const asText = (data: object) => JSON.stringify(toWire(data));

describe('recorded data as bytes', () => {
  test('is what its wire form is as JSON text', () => {
    const bytesOf = jsonBytes();
    fc.assert(
      fc.property(recordedData, (data) => {
        expect(bytesOf(data).toString()).toBe(asText(data));
      }),
    );
    const event = cryptomate.requested('ask_1', { asset: 'USD', units: -1n } as never);
    expect(bytesOf(event).toString()).toBe(asText(event));
  });

  test.each([
    { quotes: '"\\"', control: '\u0000\n\u001e\u007f' },
    { half: '\ud800', pair: '😀', accents: 'žąsys', '"key"': 1 },
    { absent: undefined, none: null, yes: true, no: false, list: [], nothing: {} },
    { whole: -0, part: 1.5, large: 1e21, endless: Infinity, none: Number.NaN },
  ])('is that also for %j', (data) => expect(jsonBytes()(data).toString()).toBe(asText(data)));

  test('stays as it was while more is written, whatever its size', () => {
    const bytesOf = jsonBytes();
    const all = Array.from({ length: 300 }, (_, n) => ({ text: 'é'.repeat(n * n), n }));
    const written = all.map(bytesOf);
    expect(written.map(String)).toEqual(all.map(asText));
  });

  test('is refused when it holds what no wire can carry, and the next is written well', () => {
    const bytesOf = jsonBytes();
    expect(() => bytesOf({ list: [() => 1] })).toThrow('function at ""');
    expect(() => bytesOf({ units: 1n })).toThrow('bigint at "units"');
    expect(bytesOf({ a: 1 }).toString()).toBe('{"a":1}');
  });
});
