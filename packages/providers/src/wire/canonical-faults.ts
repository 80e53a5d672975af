import {
  type CanonicalEvent,
  definitionOf,
  externalIdLengthMax,
  type Instant,
  type Money,
  providerNames,
} from '@counterfoil/domain';
import { z } from 'zod';
import {
  canonicalData,
  canonicalFlags,
  canonicalReference,
  canonicalSubject,
  type CanonicalValues,
} from './canonical-schema.ts';
import { isNameable, nameable } from './field.ts';

const text = z.string().min(1);
const instant = z.custom<Instant>((value) => Number.isInteger(value), 'expected an instant');

/** The vocabulary as it stands in memory, after an adapter. */
const values: CanonicalValues = {
  id: text.max(externalIdLengthMax).refine(isNameable, nameable),
  text,
  money: z.custom<Money>((value) => {
    if (typeof value !== 'object' || value === null) return false;
    const { asset, units } = value as Partial<Money>;
    if (typeof units !== 'bigint' || units < 0n || asset === undefined) return false;
    return definitionOf(asset).asset === asset && Object.keys(value).length === 2;
  }, 'expected money of a known asset in non-negative units'),
  instant,
  provider: z.enum(providerNames),
};

const dataSchemas: Readonly<Record<string, z.ZodType>> = canonicalData(values);

/** Every name of the vocabulary. */
export const canonicalTypes: readonly string[] = Object.keys(dataSchemas);

const envelope = z.strictObject({
  eventId: z.uuid({ version: 'v5' }),
  type: z.string(),
  data: z.unknown(),
  occurredAt: instant,
  receivedAt: instant,
  source: z.strictObject({
    provider: values.provider,
    dialect: text,
    adapterVersion: z.int().positive(),
    channel: z.enum(['webhook', 'read']),
    deliveryId: text,
    providerEvent: text,
    bodySha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  idempotencyKey: text,
  effectKey: text.nullable(),
  subject: canonicalSubject(values),
  owners: z.array(canonicalReference(values)).min(1),
  references: z.record(z.string(), text),
  flags: canonicalFlags,
});

/**
 * What is wrong with an event as a list of sentences, empty when it is valid: every field present
 * and of its form, no field more, and the keys those of its provider.
 */
export function faultsOf(event: CanonicalEvent): readonly string[] {
  const dataSchema = Object.hasOwn(dataSchemas, event.type) ? dataSchemas[event.type] : undefined;
  if (dataSchema === undefined) return [`"${String(event.type)}" is not in the vocabulary`];
  const faults = [envelope.safeParse(event), dataSchema.safeParse(event.data)].flatMap((parsed) =>
    parsed.success
      ? []
      : parsed.error.issues.map(
          (issue) => `${event.type} ${issue.path.join('.')}: ${issue.message}`,
        ),
  );
  if (faults.length > 0) return faults;
  const { provider } = event.source;
  const keys = [event.idempotencyKey, ...(event.effectKey === null ? [] : [event.effectKey])];
  const foreign = keys.filter((key) => !key.startsWith(`${provider}|`));
  return foreign.map((key) => `${event.type}: the key ${key} is not ${provider}'s`);
}
