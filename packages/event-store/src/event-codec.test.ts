import { assetOf, instant, type JsonObject } from '@counterfoil/domain';
import { expect, test } from 'vitest';
import { eventCodec, writtenOf } from './event-codec.ts';

test('money and instants are written as text and read back', () => {
  const usd = assetOf('USD');
  if (!usd.ok) throw new Error('USD is an asset');
  const data = { amount: { asset: usd.value, units: 18_750_000n }, paidAt: instant(1_000) };
  const codec = eventCodec();
  const encoded = codec.encode({ type: 'Paid', data });
  expect(JSON.parse(writtenOf(encoded).data)).toEqual({
    amount: { asset: 'USD', amount: '18.75' },
    paidAt: '1970-01-01T00:00:01.000Z',
  });
  expect(codec.decode(writtenOf(encoded))).toEqual({ type: 'Paid', data });
});

test('an old shape is upcast step by step to the current one', () => {
  const codec = eventCodec({
    Paid: [
      (data) => ({ ...data, payer: data['from'] ?? null }),
      ({ from: _, ...rest }): JsonObject => ({ ...rest, isCard: true }),
    ],
  });
  const first = codec.decode({ type: 'Paid', schemaVersion: 1, data: '{"from":"ada"}' });
  const second = codec.decode({ type: 'Paid', schemaVersion: 2, data: '{"payer":"bo"}' });
  const third = codec.decode(
    writtenOf(codec.encode({ type: 'Paid', data: { payer: 'cy', isCard: false } })),
  );
  expect(codec.encode({ type: 'Paid', data: {} }).schemaVersion).toBe(3);
  expect(first.data).toEqual({ payer: 'ada', isCard: true });
  expect(second.data).toEqual({ payer: 'bo', isCard: true });
  expect(third.data).toEqual({ payer: 'cy', isCard: false });
});

test('what a newer build wrote is refused, not guessed', () => {
  const newer = { type: 'Paid', schemaVersion: 2, data: '{}' };
  expect(() => eventCodec().decode(newer)).toThrow('schema version 2, unknown here');
  expect(() => eventCodec().decode({ ...newer, schemaVersion: 0 })).toThrow('unknown here');
});

test('an event type may have the name of something that every object has', () => {
  const codec = eventCodec();
  expect(codec.decode(writtenOf(codec.encode({ type: 'constructor', data: { a: 1 } })))).toEqual({
    type: 'constructor',
    data: { a: 1 },
  });
});
