import { z } from 'zod';
import { balanceSchema } from './account.ts';
import { instantSchema, moneySchema, positionText } from './scalars.ts';

const buckets = balanceSchema.omit({ asset: true });

export const statementLineSchema = z.object({
  position: positionText,
  eventId: z.string(),
  type: z.string(),
  transactionId: z.string(),
  asset: z.string(),
  change: buckets.describe('What the transaction changed; may be negative'),
  balance: buckets.describe('After the transaction'),
  effectiveAt: instantSchema,
  occurredAt: instantSchema,
  recordedAt: instantSchema,
  description: z.object({
    provider: z.string().optional(),
    providerEvent: z.string().optional(),
    subjectKind: z.string().optional(),
    subjectId: z.string().optional(),
    cardId: z.string().optional(),
    merchantName: z.string().optional(),
    orderId: z.string().optional(),
    reason: z.string().optional(),
    actor: z.string().optional(),
  }),
  deliveryId: z.string().nullable().describe('The archived webhook behind the line'),
});

export const holdSchema = z.object({
  holdId: z.string(),
  accountId: z.string(),
  provider: z.string(),
  cardId: z.string(),
  authorizationId: z.string(),
  amount: moneySchema,
  isConfirmed: z.boolean().describe('False while the provider has not confirmed our approval'),
  placedAt: instantSchema,
  expiresAt: instantSchema,
});

export const transactionSchema = z.object({
  transactionId: z.string(),
  postings: z.array(z.object({ source: z.string(), destination: z.string(), amount: moneySchema })),
  effectiveAt: instantSchema,
  occurredAt: instantSchema,
  recordedAt: instantSchema,
  stream: z.string(),
  eventId: z.string(),
  type: z.string(),
  position: positionText,
  correlationId: z.string(),
  deliveryId: z.string().nullable(),
});

export const suspenseSchema = z.object({
  id: z.string(),
  provider: z.string(),
  reference: z
    .object({ provider: z.string(), kind: z.string(), externalId: z.string() })
    .nullable()
    .describe('Whose owner is not known; null where the provider named nobody'),
  asset: z.string(),
  amount: z.string(),
  reason: z.enum(['reference-not-linked', 'no-reference']),
  since: instantSchema,
  lastEventType: z.string(),
  lastDeliveryId: z.string().nullable(),
});
