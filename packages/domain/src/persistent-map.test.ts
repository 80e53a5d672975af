import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PersistentMap, persistentMap } from './persistent-map.ts';

const keys = fc.constantFrom(...Array.from({ length: 24 }, (_, index) => `key-${index}`));
const steps = fc.array(fc.tuple(fc.nat(), fc.boolean(), keys, fc.nat()), {
  maxLength: 100,
  size: 'max',
});

const reads = fc.array(fc.tuple(fc.nat(), keys), { maxLength: 50, size: 'max' });

const written = (map: PersistentMap<number>, isWrite: boolean, key: string, value: number) =>
  isWrite ? map.with(key, value) : map.without(key);

function writtenTo(expected: Map<string, number>, isWrite: boolean, key: string, value: number) {
  const changed = new Map(expected);
  if (isWrite) changed.set(key, value);
  else changed.delete(key);
  return changed;
}

// As many as a small map has at most, give or take: steps make it large and small again.
describe.each([0, 4, 16, 17, 24])('a map of %i entries', (size) => {
  const entries = Array.from({ length: size }, (_, at): [string, number] => [`key-${at}`, -at]);

  test('behaves as a Map under any sequence of writes and removals', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        let expected = new Map(entries);
        let map = persistentMap(entries);
        for (const [, isWrite, key, value] of taken) {
          expected = writtenTo(expected, isWrite, key, value);
          map = written(map, isWrite, key, value);
          expect(map.size).toBe(expected.size);
          expect(map.get(key)).toBe(expected.get(key));
        }
        expect(new Map(map.entries())).toEqual(expected);
      }),
    );
  });

  test('every version stays as it was, whatever is made of it and in which order they are read', () => {
    fc.assert(
      fc.property(steps, reads, (taken, asked) => {
        const versions = [{ map: persistentMap(entries), expected: new Map(entries) }];
        const versionAt = (place: number) =>
          versions[place % versions.length] as (typeof versions)[0];
        for (const [from, isWrite, key, value] of taken) {
          const origin = versionAt(from);
          const expected = writtenTo(origin.expected, isWrite, key, value);
          versions.push({ map: written(origin.map, isWrite, key, value), expected });
        }
        for (const [place, key] of asked) {
          const { map, expected } = versionAt(place);
          expect(map.get(key)).toBe(expected.get(key));
          expect(map.size).toBe(expected.size);
          if (place % 3 === 0) expect(new Map(map.entries())).toEqual(expected);
        }
      }),
    );
  });

  test('lists its entries in the order of their keys, whatever its history', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const map = taken.reduce(
          (before, [, isWrite, key, value]) => written(before, isWrite, key, value),
          persistentMap(entries),
        );
        const listed = map.entries().map(([key]) => key);
        expect(listed).toEqual(listed.toSorted());
      }),
    );
  });
});

test('what was listed stays as it is', () => {
  for (const size of [4, 24]) {
    const map = persistentMap(Array.from({ length: size }, (_, index) => [`key-${index}`, index]));
    const listed = map.entries();
    map.with('key-0', -1).without('key-1');
    expect(listed.length).toBe(size);
    expect(new Map(listed).get('key-0')).toBe(0);
  }
});
