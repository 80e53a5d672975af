import { z } from 'zod';
import { inboundWebhookStatuses } from '../ports.ts';
import { instantSchema, positionText } from './scalars.ts';

export const inboundWebhookStatus = z.enum(inboundWebhookStatuses);

export const inboundWebhookSchema = z.object({
  id: z.string(),
  provider: z.string(),
  dialect: z.string(),
  receivedAt: instantSchema,
  status: inboundWebhookStatus,
  reason: z
    .object({ code: z.string(), path: z.string(), message: z.string() })
    .nullable()
    .describe('Why it is in quarantine'),
  bodySha256: z.string(),
  counterpartOf: z
    .array(z.string())
    .describe(
      'In quarantine: ids of the deliveries that were understood and agree with it in account, amount and time, so that it seems to tell the other side of what they post',
    ),
});

export const retriedWebhooksSchema = z.object({
  published: z.number().int().describe('Understood this time; the books follow'),
  refused: z.number().int().describe('Still in quarantine'),
  nextCursor: z.string().nullable().describe('`cursor` for the rest; null when nothing is left'),
});

/** The fields of `bodyText`. */
export const archivedBody = {
  body: z
    .string()
    .nullable()
    .describe('As text; base64 where the bytes are not UTF-8; null when they were removed'),
  bodyEncoding: z.enum(['utf8', 'base64']).nullable(),
};

export const archivedWebhookSchema = inboundWebhookSchema.extend({
  ...archivedBody,
  canonicalEvents: z.array(z.object({ eventId: z.string(), type: z.string() })),
  recordedEvents: z.array(
    z.object({
      eventId: z.string(),
      type: z.string(),
      stream: z.string(),
      position: positionText,
    }),
  ),
});
