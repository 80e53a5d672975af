import type { Instant, Result } from '@counterfoil/domain';
import { z } from 'zod';
import type { Quarantine } from '../provider-adapter.ts';
import { type ExactObject, isObject } from '../wire/exact-json.ts';
import { id, optional, time } from '../wire/field.ts';
import { joinedKey } from '../wire/key.ts';
import { readBySchema } from '../wire/schema.ts';

/** What names the fact. `service` and `level` decide nothing and stay in the archive. */
const keySchema = z.object({ requestId: id, id, eventType: id });

const envelopeSchema = keySchema.extend({
  createdDate: optional(time),
  data: z.custom<ExactObject>(isObject, { message: 'expected an object' }),
});

export type Envelope = Readonly<{
  /** Names our subscription, and with it the Calypso account; the same on all its events. */
  requestId: string;
  id: string;
  /** As written. */
  eventType: string;
  /** When the event was created; `data.createdDate` is that of the object. */
  createdDate: Instant | null;
  data: ExactObject;
}>;

export const readEnvelope = (body: ExactObject): Result<Envelope, Quarantine> =>
  readBySchema(envelopeSchema, body);

/** Null when the body does not name its subscription, event and type. */
export function eventKeyOf(body: ExactObject): string | null {
  const read = readBySchema(keySchema, body);
  if (!read.ok) return null;
  const { requestId, id, eventType } = read.value;
  return joinedKey([requestId, id, eventType.toUpperCase()]);
}
