import { type Json, type JsonObject, type PersistentMap, persistentMap } from '@counterfoil/domain';

/**
 * Folded states as JSON, for snapshots. What JSON has no form for is tagged by a one-member object
 * whose key begins with `$`; states have no such keys of their own.
 */
export const stateToJson = (state: object): JsonObject => encode(state) as JsonObject;

/** The inverse. The caller vouches that the snapshot is of its own schema version. */
export const stateFromJson = <State>(json: JsonObject): State => decode(json) as State;

function encode(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return { $units: value.toString() };
  if (Array.isArray(value)) return value.map(encode);
  if (value instanceof Set) return { $set: [...value].map(encode) };
  if (value instanceof Map) return { $map: [...value].map(encode) };
  if (typeof value !== 'object') throw new Error(`Invariant broken: a state holds ${typeof value}`);
  if (isPersistentMap(value)) return { $entries: value.entries().map(encode) };
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, encode(member)]));
}

function decode(value: Json): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(decode);
  const object = value as JsonObject;
  if (typeof object['$units'] === 'string') return BigInt(object['$units']);
  if (Array.isArray(object['$set'])) return new Set(object['$set'].map(decode));
  if (Array.isArray(object['$map'])) return new Map(object['$map'].map(decodePair));
  if (Array.isArray(object['$entries'])) return persistentMap(object['$entries'].map(decodePair));
  return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, decode(item)]));
}

const decodePair = (pair: Json): [string, unknown] => decode(pair) as [string, unknown];

const isPersistentMap = (value: object): value is PersistentMap<unknown> =>
  'entries' in value && typeof value.entries === 'function';
