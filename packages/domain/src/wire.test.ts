import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from './json.ts';
import { fromWire, toWire } from './wire.ts';
import { amountOf } from './testing/canonical-builder.ts';
import { cryptomate } from './testing/card-facts.ts';
import { recordedData } from './testing/recorded-data.ts';

describe('recorded data', () => {
  test('is read from its wire form as it was written, through JSON', () => {
    fc.assert(
      fc.property(recordedData, (written) => {
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

  test('has the references of a provider as they came, whatever they are called', () => {
    const references = { orderedAt: 'yesterday', servedBy: 'Bob', asset: 'USD', amount: 'ten' };
    expect(toWire({ references })).toEqual({ references });
    expect(fromWire({ references, cause: { references } })).toEqual({
      references,
      cause: { references },
    });
    const priced = { references: { asset: 'USD', amount: '10.00' } };
    expect(fromWire(priced)).toEqual(priced);
  });

  test('is read with an instant of the year 0, which is no longer taken in', () => {
    const recorded = { effectiveAt: '0000-06-01T00:00:00.000Z' };
    expect(toWire(fromWire(recorded))).toEqual(recorded);
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
