import {
  type CanonicalEvent,
  type CanonicalType,
  err,
  type Flag,
  ok,
  type Reference,
  type ReferenceKind,
  type Result,
  unnamedAccount,
} from '@counterfoil/domain';
import type { z } from 'zod';
import type { Quarantine } from '../provider-adapter.ts';
import {
  type CanonicalParts,
  canonicalEvent,
  type DeliveryContext,
} from '../wire/canonical-event.ts';
import { readBySchema } from '../wire/schema.ts';
import type { Envelope } from './dialect.ts';
import type { CryptomateOptions } from './settings.ts';

/** One body on its way through the translator. */
export type Delivery = Readonly<{
  envelope: Envelope;
  context: DeliveryContext;
  /** What holds for every event of this delivery, e.g. that dialect A's strings are assumed. */
  flags: readonly Flag[];
  options: CryptomateOptions;
}>;

export type Translated = Result<CanonicalEvent, Quarantine>;
export type Translator = (delivery: Delivery) => Translated;

export const reference = (kind: ReferenceKind, externalId: string): Reference => ({
  provider: 'cryptomate',
  kind,
  externalId,
});

/** Money of our own where nothing names an owner: CryptoMate knows one company per key (R13). */
export const ownAccount: Reference = reference('account', unnamedAccount);

/** Reads `data` by the event's schema; paths are those of the whole body. */
export const readData = <Schema extends z.ZodType>(delivery: Delivery, schema: Schema) =>
  readBySchema(schema, delivery.envelope.data, 'data');

/** With ids that decide nothing, kept for whoever looks for the event (row 35). */
export function emit<Type extends CanonicalType>(
  delivery: Delivery,
  parts: CanonicalParts<Type>,
): Translated {
  const { operationId, clientId, companyId } = delivery.envelope;
  const undated: readonly Flag[] = parts.occurredAt === null ? ['undated'] : [];
  return ok(
    canonicalEvent(delivery.context, {
      ...parts,
      references: { operationId, clientId, companyId, ...parts.references },
      flags: [...delivery.flags, ...(parts.flags ?? []), ...undated],
    }),
  );
}

/** A field that this event needs although others with the same body do without. */
export const required = <Value>(value: Value | null, path: string): Result<Value, Quarantine> =>
  value === null
    ? err({ code: 'field-missing', path, message: 'A required field is missing.' })
    : ok(value);
