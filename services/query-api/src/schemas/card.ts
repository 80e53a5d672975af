import { z } from 'zod';
import { instantSchema, moneySchema } from './scalars.ts';

export const cardStatus = z.enum([
  'creating',
  'creation-failed',
  'active',
  'frozen',
  'blocked',
  'closed',
  'expired',
]);

export const cardSchema = z.object({
  provider: z.string(),
  cardId: z.string(),
  accountId: z.string().nullable(),
  status: cardStatus.nullable().describe('Null until the provider has reported one'),
  reason: z.string().nullable(),
  reportedBalance: moneySchema.nullable().describe('As the provider states it; never posted'),
  changedAt: instantSchema.nullable(),
  firstSeenAt: instantSchema,
});

export const authorizationSchema = z.object({
  authorizationId: z.string(),
  provider: z.string(),
  cardId: z.string(),
  status: z.string(),
  reason: z.string().nullable(),
  amount: moneySchema.nullable(),
  held: moneySchema,
  cleared: moneySchema,
  merchant: z.object({ name: z.string().nullable(), categoryCode: z.string().nullable() }),
  requestedAt: instantSchema,
  changedAt: instantSchema,
  expiresAt: instantSchema.nullable(),
});
