import { byKey, versionedMap } from './versioned-map.ts';

/**
 * An immutable map with text keys, for states that hold a hundred thousand open holds and change
 * with every event. A history goes forward, and sometimes a few steps back: the newest version of a
 * large map is as fast as a `Map`, an older one is read by way of all that came since, and who keeps
 * one keeps all of that.
 */
export interface PersistentMap<Value> {
  readonly size: number;
  readonly get: (key: string) => Value | undefined;
  /** `undefined` is no value. */
  readonly with: (key: string, value: Value) => PersistentMap<Value>;
  readonly without: (key: string) => PersistentMap<Value>;
  /** In the order of their keys: what is made of them does not depend on the map's history. */
  readonly entries: () => readonly (readonly [string, Value])[];
}

/** To copy so many costs less than what a versioned map leaves to the garbage collector. */
const smallSizeMax = 16;

export function persistentMap<Value>(
  entries: Iterable<readonly [string, Value]> = [],
): PersistentMap<Value> {
  const table = new Map(entries);
  return table.size > smallSizeMax
    ? versionedMap(table)
    : small([...table.keys()], [...table.values()]);
}

// Methods are shared and find their map in `this`: every write makes one small object.

type Small<Value> = PersistentMap<Value> &
  Readonly<{ keys: readonly string[]; values: readonly Value[] }>;

function small<Value>(keys: readonly string[], values: readonly Value[]): Small<Value> {
  return {
    size: keys.length,
    get: getInSmall as Small<Value>['get'],
    with: withInSmall as Small<Value>['with'],
    without: withoutInSmall as Small<Value>['without'],
    entries: entriesOfSmall as Small<Value>['entries'],
    keys,
    values,
  };
}

function getInSmall<Value>(this: Small<Value>, key: string): Value | undefined {
  const at = this.keys.indexOf(key);
  return at === -1 ? undefined : this.values[at];
}

function withInSmall<Value>(this: Small<Value>, key: string, value: Value): PersistentMap<Value> {
  const { keys, values } = this;
  const at = keys.indexOf(key);
  if (at !== -1) return small(keys, values.with(at, value));
  if (keys.length === smallSizeMax) return versionedMap(new Map([...this.entries(), [key, value]]));
  return small([...keys, key], [...values, value]);
}

function withoutInSmall<Value>(this: Small<Value>, key: string): PersistentMap<Value> {
  const at = this.keys.indexOf(key);
  return at === -1 ? this : small(this.keys.toSpliced(at, 1), this.values.toSpliced(at, 1));
}

function entriesOfSmall<Value>(this: Small<Value>): readonly (readonly [string, Value])[] {
  return this.keys.map((key, at) => [key, this.values[at] as Value] as const).sort(byKey);
}
