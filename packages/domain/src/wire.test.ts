import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assets } from './asset.ts';
import { instant } from './ids.ts';
import type { JsonObject } from './json.ts';
import { money } from './money.ts';
import { fromWire, toWire } from './wire.ts';
import { amountOf } from './testing/canonical-builder.ts';
import { cryptomate } from './testing/card-facts.ts';

const moneyDrawn = fc
  .tuple(fc.constantFrom(...assets), fc.bigInt(-(10n ** 30n), 10n ** 30n))
  .map(([{ asset }, units]) => money(asset, units));
const instantDrawn = fc
  .integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 })
  .map(instant);
const plainKey = fc.string().filter((key) => !/(?:At|By)$|^__proto__$|^asset$|^amount$/.test(key));

/** Data as the house rules allow it: bigint only in money, instants only under their keys. */
const { data } = fc.letrec<{ data: object; value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.string(),
    fc.integer(),
    moneyDrawn,
    fc.array(tie('value'), { maxLength: 3 }),
    tie('data'),
  ),
  data: fc
    .tuple(
      fc.dictionary(plainKey, tie('value'), { maxKeys: 4, noNullPrototype: true }),
      fc.dictionary(
        plainKey.map((key) => `${key}At`),
        fc.option(instantDrawn),
        { maxKeys: 2, noNullPrototype: true },
      ),
    )
    .map(([plain, instants]) => ({ ...plain, ...instants })),
}));

describe('recorded data', () => {
  test('is read from its wire form as it was written, through JSON', () => {
    fc.assert(
      fc.property(data, (written) => {
        const text = JSON.stringify(toWire(written));
        expect(fromWire(JSON.parse(text) as JsonObject)).toEqual(written);
      }),
    );
  });

  test('has decimal strings for money and RFC 3339 for instants', () => {
    const event = cryptomate.requested('ask_1', amountOf('18.75'));
    expect(toWire(event)).toMatchObject({
      occurredAt: '2026-01-01T12:00:00.000Z',
      data: {
        amount: { asset: 'USD', amount: '18.75' },
        answerBy: '2026-01-01T12:00:01.000Z',
      },
    });
    expect(fromWire(toWire(event))).toEqual(event);
  });

  test('leaves out what is undefined', () =>
    expect(toWire({ known: 1, unknown: undefined })).toEqual({ known: 1 }));

  test('is refused when it holds what no wire can carry', () => {
    expect(() => toWire({ units: 1n })).toThrow('bigint at "units"');
    expect(() => toWire({ list: [() => 1] })).toThrow('function');
  });

  test('is refused when an amount or an instant in it was not written here', () => {
    expect(() => fromWire({ paid: { asset: 'USD', amount: 'much' } })).toThrow('recorded money');
    expect(() => fromWire({ paid: { asset: 'XXX', amount: '1' } })).toThrow('recorded money');
    expect(() => fromWire({ paidAt: 'soon' })).toThrow('recorded instant');
  });
});
