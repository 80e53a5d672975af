import { type ExactJson, type ExactObject, isObject } from '../wire/exact-json.ts';
import { id } from '../wire/field.ts';
import { isCryptoCode } from './assets.ts';

/** The documented event types. No header and no field names them: only the fields tell. */
const eventTypes = [
  'card_transaction',
  'account_transaction',
  'account_topup',
  'card_state',
] as const;
export type EventType = (typeof eventTypes)[number];

const dialects = ['flat', 'nested'] as const;
export type Dialect = (typeof dialects)[number];

/** The resource, with the path under which its fields stand in the body. */
export type Shape = Readonly<{
  dialect: Dialect;
  resource: ExactObject;
  path: '' | 'data.';
  /** Null where the fields are those of no event type, or of two. */
  eventType: EventType | null;
}>;

export function shapeOf(body: ExactObject): Shape {
  const { data } = body;
  return isObject(data)
    ? { dialect: 'nested', resource: data, path: 'data.', eventType: eventTypeOf(data) }
    : { dialect: 'flat', resource: body, path: '', eventType: eventTypeOf(body) };
}

function eventTypeOf(resource: ExactObject): EventType | null {
  const details = objectAt(resource, 'transactionDetails');
  const hasType = has(resource, 'type') || (details !== null && has(details, 'type'));
  const card =
    (details !== null && has(details, 'card')) || hasAny(resource, ['cardUuid', 'cardId']);
  const isTransaction = hasType || details !== null;
  if (isTransaction && has(resource, 'card')) return null;
  if (isTransaction && card) return 'card_transaction';
  if (isTransaction) return isAccountTransaction(resource, details) ? 'account_transaction' : null;
  const isCard = hasAny(resource, ['card', 'cardOwnerId', 'lastFour', 'maskedNumber']);
  const isTopup = isTopupShape(resource);
  if (isCard) return isTopup ? null : 'card_state';
  return isTopup && !card ? 'account_topup' : null;
}

const isAccountTransaction = (resource: ExactObject, details: ExactObject | null): boolean =>
  (details !== null && has(details, 'sourceAccountId')) ||
  hasAny(resource, ['accountUuid', 'accountId']);

function isTopupShape(resource: ExactObject): boolean {
  const { currency } = resource;
  return (
    hasAny(resource, ['paymentAddress', 'txHash', 'settlementAmount']) ||
    (typeof currency === 'string' && isCryptoCode(currency))
  );
}

/** The text of an id or another short field, or null when it is not there as text. */
export function textAt(object: ExactObject | null, key: string): string | null {
  const read = id.safeParse(object?.[key]);
  return read.success ? read.data : null;
}

export function objectAt(object: ExactObject, key: string): ExactObject | null {
  const value: ExactJson | undefined = object[key];
  return isObject(value) ? value : null;
}

const has = (object: ExactObject, key: string): boolean =>
  Object.hasOwn(object, key) && object[key] !== null;

const hasAny = (object: ExactObject, keys: readonly string[]): boolean =>
  keys.some((key) => has(object, key));
