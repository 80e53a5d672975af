import {
  type CanonicalType,
  err,
  externalIdLengthMax,
  namesId,
  ok,
  type Reference,
  referenceKey,
  type Result,
} from '@counterfoil/domain';
import { z } from 'zod';
import type { Quarantine } from '../provider-adapter.ts';
import type { AmountMax } from '../wire/amount.ts';
import {
  canonicalData,
  canonicalFlags,
  canonicalReference,
  canonicalSubject,
} from '../wire/canonical-schema.ts';
import type { CanonicalParts } from '../wire/canonical-event.ts';
import type { ExactObject } from '../wire/exact-json.ts';
import { readBySchema } from '../wire/schema.ts';
import { contradictionIn } from './contradiction.ts';
import { effectKeyFault } from './effect-rules.ts';
import { wireValues } from './values.ts';

export type Emitted = { [Type in CanonicalType]: CanonicalParts<Type> }[CanonicalType];

/** One delivery is one append's worth of events at most; a sender with more sends more deliveries. */
const eventsMax = 100;
/** Invoice, wallet, card, client, account and the like: more names would only name them twice. */
const ownersMax = 10;
const referencesMax = 50;
const referenceName = z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,49}$/);

const bodySchema = z.object({ events: z.array(z.unknown()).min(1).max(eventsMax) });
const typeSchema = z.object({ type: z.string().min(1).max(100) });

/**
 * Reads the events of a body. What stands around `events` is ignored; within an event a field that
 * is missing, malformed or not in the vocabulary refuses the whole body.
 */
export function standardReader(amountMax: AmountMax) {
  const values = wireValues(amountMax);
  const dataSchemas = canonicalData(values);
  const types = Object.keys(dataSchemas) as readonly CanonicalType[];
  const eventSchema = z.strictObject({
    type: z.string(),
    occurredAt: values.instant,
    effectKey: values.id.nullable(),
    subject: canonicalSubject(values),
    owners: z.array(canonicalReference(values)).min(1).max(ownersMax).refine(areDistinct, {
      message: 'an owner is named twice',
    }),
    references: z
      .record(referenceName, values.text)
      .refine((references) => Object.keys(references).length <= referencesMax, {
        message: `more than ${referencesMax} references`,
      })
      .superRefine((references, context) => {
        const name = longIdIn(references);
        if (name === null) return;
        const message = `an id is at most ${externalIdLengthMax} characters long`;
        context.addIssue({ code: 'custom', path: [name], message });
      })
      .default({}),
    flags: canonicalFlags.default([]),
    data: z.unknown(),
  });

  const readEvent = (event: unknown, path: string): Result<Emitted, Quarantine> => {
    const named = readBySchema(typeSchema, event, path);
    if (!named.ok) return named;
    const type = types.find((known) => known === named.value.type);
    if (type === undefined) return typeUnknown(path, 'The type is not in the vocabulary.');
    if (type === 'AuthorizationRequested')
      return typeUnknown(path, 'A decision is asked for with POST /v1/authorizations.');
    const envelope = readBySchema(eventSchema, event, path);
    if (!envelope.ok) return envelope;
    const data = readBySchema<z.ZodType>(dataSchemas[type], envelope.value.data, `${path}.data`);
    if (!data.ok) return data;
    // The schema was chosen by the type: the compiler cannot see it through a union.
    const parts = { ...envelope.value, type, data: data.value } as Emitted;
    const fault = effectKeyFault(type, parts.effectKey) ?? contradictionIn(parts);
    if (fault === null) return ok(parts);
    return refused('field-malformed', `${path}.${fault.path}`, fault.message);
  };

  return (body: ExactObject): Result<readonly Emitted[], Quarantine> => {
    const read = readBySchema(bodySchema, body);
    if (!read.ok) return read;
    const emitted: Emitted[] = [];
    for (const [index, event] of read.value.events.entries()) {
      const parts = readEvent(event, `events.${index}`);
      if (!parts.ok) return parts;
      emitted.push(parts.value);
    }
    return ok(emitted);
  };
}

const refused = (
  code: Quarantine['code'],
  path: string,
  message: string,
): Result<never, Quarantine> => err({ code, path, message });

const typeUnknown = (path: string, message: string) =>
  refused('type-unknown', `${path}.type`, message);

function longIdIn(references: Readonly<Record<string, string>>): string | null {
  const long = Object.entries(references).find(
    ([name, text]) => namesId(name) && text.length > externalIdLengthMax,
  );
  return long?.[0] ?? null;
}

const areDistinct = (owners: readonly Reference[]): boolean =>
  new Set(owners.map(referenceKey)).size === owners.length;
