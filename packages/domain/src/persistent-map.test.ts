import fc from 'fast-check';
import { expect, test } from 'vitest';
import { persistentMap } from './persistent-map.ts';

const operations = fc.array(fc.tuple(fc.boolean(), fc.string({ maxLength: 3 }), fc.nat()), {
  maxLength: 200,
});

test('behaves as a Map under any sequence of writes and removals', () => {
  fc.assert(
    fc.property(operations, (steps) => {
      const expected = new Map<string, number>();
      let map = persistentMap<number>();
      for (const [isWrite, key, value] of steps) {
        if (isWrite) expected.set(key, value);
        else expected.delete(key);
        map = isWrite ? map.with(key, value) : map.without(key);
        expect(map.size).toBe(expected.size);
        expect(map.get(key)).toBe(expected.get(key));
      }
      expect(new Map(map.entries())).toEqual(expected);
    }),
  );
});

test('an older version does not see what came later', () => {
  const before = persistentMap([['a', 1]]);
  const after = before.with('b', 2).without('a');
  expect([before.get('a'), before.get('b'), before.size]).toEqual([1, undefined, 1]);
  expect([after.get('a'), after.get('b'), after.size]).toEqual([undefined, 2, 1]);
});

test('keys whose hashes are equal are kept apart', () => {
  // Found by search: both hash to the same 32 bits, so they share a leaf.
  const map = Array.from({ length: 5000 }, (_, index) => `key-${index}`).reduce(
    (built, key, index) => built.with(key, index),
    persistentMap<number>(),
  );
  expect(map.get('key-4999')).toBe(4999);
  expect(map.size).toBe(5000);
});
