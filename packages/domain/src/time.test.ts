import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instant } from './ids.ts';
import { instantText, parseInstant, recordedInstant } from './time.ts';

const readAs = (text: string) => {
  const at = parseInstant(text);
  return at === null ? null : instantText(at);
};

describe('an instant is read', () => {
  test.each([
    ['2026-05-02T10:11:12Z', '2026-05-02T10:11:12.000Z'],
    ['2026-05-02t10:11:12z', '2026-05-02T10:11:12.000Z'],
    ['2026-05-02 10:11', '2026-05-02T10:11:00.000Z'],
    ['2026-05-02T10:11:12', '2026-05-02T10:11:12.000Z'],
    ['2026-05-02T10:11:12.1', '2026-05-02T10:11:12.100Z'],
    ['2026-05-02T10:11:12,123456789Z', '2026-05-02T10:11:12.123Z'],
    ['2026-05-02T10:11:12+02:00', '2026-05-02T08:11:12.000Z'],
    ['2026-05-02T00:11:12+0530', '2026-05-01T18:41:12.000Z'],
    ['2026-12-31T23:30:00-01:00', '2027-01-01T00:30:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29T12:00:00Z', '2000-02-29T12:00:00.000Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
    ['1969-12-31T23:59:59.999Z', '1969-12-31T23:59:59.999Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['0000-12-31T23:00:00-01:00', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s as %s', (text, expected) => expect(readAs(text)).toBe(expected));
});

describe('what is no instant is not guessed', () => {
  test.each([
    ['2023-02-29T00:00:00Z'],
    ['1900-02-29T00:00:00Z'],
    ['2026-04-31T00:00:00Z'],
    ['2026-13-01T00:00:00Z'],
    ['2026-00-01T00:00:00Z'],
    ['2026-01-00T00:00:00Z'],
    ['2026-01-01T24:00:00Z'],
    ['2026-01-01T00:60:00Z'],
    ['2026-01-01T00:00:61Z'],
    ['2026-01-01T00:00:00+24:00'],
    ['2026-01-01'],
    ['1767268800000'],
    ['tomorrow'],
    [''],
  ])('%s', (text) => expect(parseInstant(text)).toBeNull());

  test.each([
    ['0000-06-01T00:00:00Z'],
    ['0000-12-31T23:59:59.999Z'],
    ['9999-12-31T23:59:59-01:00'],
    ['0001-01-01T00:00:00+01:00'],
  ])('%s, which no PostgreSQL keeps or no four digits write', (text) =>
    expect(parseInstant(text)).toBeNull(),
  );
});

test('an instant of the year 0, which a log of before may hold, is read where it was recorded', () => {
  const recorded = recordedInstant('0000-06-01T00:00:00.000Z');
  expect(recorded === null ? null : instantText(recorded)).toBe('0000-06-01T00:00:00.000Z');
  expect(recordedInstant('0000-01-01T00:00:00+01:00')).toBeNull();
});

test('whatever is written is read again as the same instant', () => {
  const first = parseInstant('0001-01-01T00:00:00Z');
  const last = parseInstant('9999-12-31T23:59:59.999Z');
  if (first === null || last === null) throw new Error('the range is known');
  fc.assert(
    fc.property(fc.integer({ min: first, max: last }), (at) => {
      expect(parseInstant(instantText(instant(at)))).toBe(at);
      expect(instantText(instant(at))).toBe(new Date(at).toISOString());
    }),
  );
});
