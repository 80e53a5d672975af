import { err, ok, type Result } from '@counterfoil/domain';
import { z } from 'zod';
import type { Quarantine } from '../provider-adapter.ts';
import type { ExactJson, ExactObject } from '../wire/exact-json.ts';
import { id, optional, text } from '../wire/field.ts';
import { chainText } from '../wire/key.ts';
import { readBySchema } from '../wire/schema.ts';

/** A: `operation`. B: `product` with any upper-case enum. C: `product`, all lower case. */
export type Dialect = 'A' | 'B' | 'C';

/** The envelope of all three dialects under one set of names; enums by the alias table. */
export type Envelope = Readonly<{
  dialect: Dialect;
  product: string;
  eventType: string;
  status: string | null;
  operationId: string;
  reason: string | null;
  clientId: string | null;
  companyId: string | null;
  /** The provider's strings as received. */
  providerEvent: string;
  data: ExactJson;
}>;

const eventAliases: ReadonlyMap<string, string> = new Map([['clearing', 'cleared']]);
const statusAliases: ReadonlyMap<string, string> = new Map([['cancelled', 'canceled']]);
// Seen only in an example of dialect A; in the others it is as unknown as any other word.
const statusAliasesOfA: ReadonlyMap<string, string> = new Map([['finished', 'success']]);

/** What the event type is called in a dialect: the place to name in a quarantine. */
export const eventTypeField = (dialect: Dialect): string =>
  dialect === 'A' ? 'sub_operation' : 'event_type';

/** Told apart by the names of the fields (section 15, row 13); null when neither is there. */
export function dialectOf(body: ExactObject): Dialect | null {
  if (Object.hasOwn(body, 'operation')) return 'A';
  if (!Object.hasOwn(body, 'product')) return null;
  const enums = [body['product'], body['event_type'], body['status']];
  return enums.some((word) => typeof word === 'string' && /[A-Z]/.test(word)) ? 'B' : 'C';
}

export function readEnvelope(body: ExactObject): Result<Envelope, Quarantine> {
  const dialect = dialectOf(body);
  if (dialect === null)
    return err({
      code: 'dialect-unknown',
      path: '',
      message: 'Neither "operation" nor "product" is there.',
    });
  const read = readBySchema(dialect === 'A' ? operationEnvelope : productEnvelope, body);
  if (!read.ok) return read;
  const { product, eventType, status, ...rest } = read.value;
  const words = [product, eventType, status].filter((word) => word !== null);
  return ok({
    ...rest,
    dialect,
    product: product.toLowerCase(),
    eventType: eventTypeNamed(eventType),
    status: status === null ? null : statusNamed(dialect, status),
    operationId: chainText(rest.operationId),
    providerEvent: words.join('/'),
    data: body['data'] ?? null,
  });
}

/**
 * True for what CryptoMate may be waiting on: an authorization in any status, and an unknown event
 * that looks like one (rows 12 and 22). Null when the body names no event type.
 */
export function isAuthorizationLike(body: ExactObject): boolean | null {
  const dialect = dialectOf(body);
  const word = dialect === null ? undefined : body[eventTypeField(dialect)];
  if (typeof word !== 'string' || word.trim() === '') return null;
  const eventType = eventTypeNamed(word.trim());
  if (eventType === 'authorization') return true;
  const status = body['status'];
  return (
    eventType.includes('authorization') &&
    !eventType.includes('3ds') &&
    typeof status === 'string' &&
    status.trim().toLowerCase() === 'pending'
  );
}

function eventTypeNamed(word: string): string {
  const lower = word.toLowerCase();
  return eventAliases.get(lower) ?? lower;
}

function statusNamed(dialect: Dialect, word: string): string {
  const lower = word.toLowerCase();
  const special = dialect === 'A' ? statusAliasesOfA.get(lower) : undefined;
  return special ?? statusAliases.get(lower) ?? lower;
}

const commonFields = {
  status: optional(text),
  operation_id: id,
  reason: optional(text),
  client_id: optional(id),
  company_id: optional(id),
};
type CommonFields = Readonly<{
  status: string | null;
  operation_id: string;
  reason: string | null;
  client_id: string | null;
  company_id: string | null;
}>;

const named = (product: string, eventType: string, body: CommonFields) => ({
  product,
  eventType,
  status: body.status,
  operationId: body.operation_id,
  reason: body.reason,
  clientId: body.client_id,
  companyId: body.company_id,
});

const operationEnvelope = z
  .object({ operation: text, sub_operation: text, ...commonFields })
  .transform((body) => named(body.operation, body.sub_operation, body));
const productEnvelope = z
  .object({ product: text, event_type: text, ...commonFields })
  .transform((body) => named(body.product, body.event_type, body));
