import { instant } from './ids.ts';
import type { Json, JsonObject } from './json.ts';
import { type Money, moneyText, parseMoney } from './money.ts';
import { instantText, recordedInstant } from './time.ts';

/**
 * How events are written on every wire and in the log. Two house rules make one codec enough:
 * a `bigint` occurs only as the `units` of a Money, and a number whose key ends in `At` or `By` is
 * an Instant. Money becomes `{asset, amount}` with a decimal string, an Instant RFC 3339 text.
 * Only `references` are copied as they are: a provider, and not the house, gives their names.
 */
export function toWire(data: object): JsonObject {
  const result: Record<string, Json> = {};
  // Not `Object.entries`: its pairs were an eighth of all that an event costs in memory.
  for (const key in data) {
    const value = (data as Record<string, unknown>)[key];
    if (value !== undefined) result[key] = valueToWire(key, value);
  }
  return result;
}

function valueToWire(key: string, value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return isInstantKey(key) ? instantText(instant(value)) : value;
  if (Array.isArray(value)) return value.map((item: unknown) => valueToWire('', item));
  if (typeof value === 'object') {
    if (areReferences(key)) return { ...value } as JsonObject;
    return isMoney(value) ? moneyText(value) : toWire(value);
  }
  throw new Error(`Invariant broken: ${typeof value} at "${key}" cannot be written on a wire`);
}

/** The inverse of `toWire`. Throws on an amount or instant that no `toWire` wrote. */
export function fromWire(data: JsonObject): object {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(data)) result[key] = valueFromWire(key, value);
  return result;
}

function valueFromWire(key: string, value: Json): unknown {
  if (value === null || typeof value !== 'object')
    return typeof value === 'string' && isInstantKey(key) ? readInstant(key, value) : value;
  if (Array.isArray(value)) return value.map((item: Json) => valueFromWire('', item));
  const object = value as JsonObject;
  if (areReferences(key)) return object;
  const { asset, amount } = object;
  if (typeof asset !== 'string' || typeof amount !== 'string' || Object.keys(object).length !== 2)
    return fromWire(object);
  const money = readMoney(asset, amount);
  return money;
}

/** A number under such a key is an Instant. */
export const isInstantKey = (key: string) => key.endsWith('At') || key.endsWith('By');

/** What stands under such a key are texts by names that are not ours. */
export const areReferences = (key: string) => key === 'references';

/** Most objects are none and have no units: that is asked first, as `in` costs ten times a read. */
export const isMoney = (value: object): value is Money =>
  typeof (value as Partial<Money>).units === 'bigint' && 'asset' in value;

/** Differences in recorded events may be negative; only amounts that come in may not. */
function readMoney(asset: string, amount: string): Money {
  const isNegative = amount.startsWith('-');
  const parsed = parseMoney({ asset, amount: isNegative ? amount.slice(1) : amount });
  if (!parsed.ok) throw new Error(`Cannot read recorded money: ${parsed.error.message}`);
  return isNegative ? { ...parsed.value, units: -parsed.value.units } : parsed.value;
}

function readInstant(key: string, text: string): unknown {
  const at = recordedInstant(text);
  if (at === null) throw new Error(`Cannot read recorded instant at "${key}"`);
  return at;
}
