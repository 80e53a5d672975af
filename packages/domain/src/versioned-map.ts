import type { PersistentMap } from './persistent-map.ts';
import { invariant } from './result.ts';

export const byKey = (
  [left]: readonly [string, unknown],
  [right]: readonly [string, unknown],
): number => (left < right ? -1 : 1);

/**
 * All versions of a map share one `Map`, which is as the newest of them. One of before knows what one
 * key was when the next was made of it: it is read by way of all that came since, and written to
 * after undoing that (Baker, "Shallow binding makes functional arrays fast", 1991).
 */
type Version<Value> = PersistentMap<Value> & {
  /** Only the newest version has it. */
  table: Map<string, Value> | null;
  /** Of an older version: the one made of it, and the one key with another value here. */
  newer: Version<Value> | null;
  key: string;
  value: Value | undefined;
};

/** Takes the table over. Methods are shared: every write makes one small object. */
export function versionedMap<Value>(table: Map<string, Value>): Version<Value> {
  return {
    size: table.size,
    get: getInVersion as Version<Value>['get'],
    with: withInVersion as Version<Value>['with'],
    without: withoutInVersion as Version<Value>['without'],
    entries: entriesOfVersion as Version<Value>['entries'],
    table,
    newer: null,
    key: '',
    value: undefined,
  };
}

function getInVersion<Value>(this: Version<Value>, key: string): Value | undefined {
  return valueIn(this, key);
}

function valueIn<Value>(asked: Version<Value>, key: string): Value | undefined {
  let version = asked;
  while (version.newer !== null) {
    if (version.key === key) return version.value;
    version = version.newer;
  }
  return version.table?.get(key);
}

function withInVersion<Value>(
  this: Version<Value>,
  key: string,
  value: Value,
): PersistentMap<Value> {
  return changed(this, key, value);
}

function withoutInVersion<Value>(this: Version<Value>, key: string): PersistentMap<Value> {
  return this.get(key) === undefined ? this : changed(this, key, undefined);
}

function entriesOfVersion<Value>(this: Version<Value>): readonly (readonly [string, Value])[] {
  return [...tableOf(this)].sort(byKey);
}

function changed<Value>(
  version: Version<Value>,
  key: string,
  value: Value | undefined,
): Version<Value> {
  const table = tableOf(version);
  const before = put(table, key, value);
  const next = versionedMap(table);
  version.table = null;
  version.newer = next;
  version.key = key;
  version.value = before;
  return next;
}

/** Returns what was there before; undefined is nothing. */
function put<Value>(
  table: Map<string, Value>,
  key: string,
  value: Value | undefined,
): Value | undefined {
  const before = table.get(key);
  if (value === undefined) table.delete(key);
  else table.set(key, value);
  return before;
}

/** The table as it is in this version, which is the newest from now on. */
function tableOf<Value>(version: Version<Value>): Map<string, Value> {
  const older: Version<Value>[] = [];
  let last = version;
  for (; last.newer !== null; last = last.newer) older.push(last);
  for (const before of older.reverse()) {
    turnBack(last, before);
    last = before;
  }
  invariant(version.table !== null, 'the newest version has the table');
  return version.table;
}

/** From the newest version to the one that it was made of. */
function turnBack<Value>(last: Version<Value>, before: Version<Value>): void {
  const { table } = last;
  invariant(table !== null, 'the newest version has the table');
  last.value = put(table, before.key, before.value);
  last.key = before.key;
  last.newer = before;
  last.table = null;
  before.table = table;
  before.newer = null;
  before.value = undefined;
}
