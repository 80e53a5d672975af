import { type ExactObject, isObject } from '../wire/exact-json.ts';
import { id, keyword } from '../wire/field.ts';
import { isDocumentedName } from './event-names.ts';

/** Documentation generations; which of them a live account uses is not documented. */
export const dialects = ['g0', 'g1', 'g2a', 'g2b', 'g3'] as const;
export type Dialect = (typeof dialects)[number];

/** By the names of the envelope's fields alone; null when no generation writes such a body. */
export function dialectOf(body: ExactObject): Dialect | null {
  if (has(body, 'event_type')) return 'g0';
  if (transferOf(body) !== null) return 'g3';
  if (!has(body, 'event')) return null;
  if (has(body, 'id') && has(body, 'created_at')) return 'g1';
  return has(body, 'status') ? 'g2a' : 'g2b';
}

/**
 * The object that describes a wallet transfer, in `data` or at the top level. The callback's name
 * and envelope are not documented, so only its own fields tell; a documented event name wins.
 */
export function transferOf(body: ExactObject): ExactObject | null {
  if (isDocumentedName(keywordAt(body, 'event') ?? '')) return null;
  const data = dataOf(body);
  if (isTransfer(data)) return data;
  return isTransfer(body) ? body : null;
}

const isTransfer = (object: ExactObject): boolean =>
  has(object, 'transfer_id') || (has(object, 'id') && has(object, 'transfer_type'));

/** A withdrawal of G2 or G3, whose event name is not documented. */
export const isWithdrawal = (data: ExactObject): boolean =>
  has(data, 'withdrawal_id') || (has(data, 'id') && has(data, 'address'));

export const dataOf = (body: ExactObject): ExactObject =>
  isObject(body['data']) ? body['data'] : {};

/** The text of an id or of any other short field, or null when it is not there as text. */
export function textAt(object: ExactObject, key: string): string | null {
  const read = id.safeParse(object[key]);
  return read.success ? read.data : null;
}

export function keywordAt(object: ExactObject, key: string): string | null {
  const read = keyword.safeParse(object[key]);
  return read.success ? read.data : null;
}

const has = (object: ExactObject, key: string): boolean =>
  Object.hasOwn(object, key) && object[key] !== null;
