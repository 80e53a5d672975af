import { referenceKinds } from '@counterfoil/domain';
import { comparedId } from '@counterfoil/providers';
import { z } from 'zod';
import {
  accountIdText,
  amountText,
  assetText,
  externalId,
  instantRequest,
  instantSchema,
  moneySchema,
  positionText,
  providerName,
} from './scalars.ts';

export const accountKind = z.enum(['player', 'holder', 'merchant']);
export const accountStatus = z.enum(['active', 'frozen', 'closed']);

/** What a webhook would call the same thing, so that its money is found. */
export const referenceRequest = z
  .strictObject({ provider: providerName, kind: z.enum(referenceKinds), externalId })
  .transform((reference) => ({ ...reference, externalId: comparedId(reference) }));

/** More would not fit into one request's time; further ones are linked one by one. */
const referencesMax = 50;

export const openAccountRequest = z.strictObject({
  // Clients that normalise URLs could not ask for these two.
  accountId: accountIdText
    .refine((id) => id !== '.' && id !== '..', 'more than dots')
    .optional()
    .describe('Generated when absent'),
  kind: accountKind,
  references: z.array(referenceRequest).max(referencesMax).default([]),
});

export const balanceSchema = z.object({
  asset: z.string(),
  available: z.string(),
  held: z.string(),
  reserved: z.string(),
  total: z.string().describe('available + held + reserved'),
});

const referenceSchema = z.object({
  provider: z.string(),
  kind: z.string(),
  externalId: z.string(),
});

export const accountSchema = z.object({
  accountId: z.string(),
  kind: accountKind,
  status: accountStatus,
  reason: z.string().nullable().describe('Why it is frozen or closed'),
  openedAt: instantSchema,
  balances: z.array(balanceSchema),
  creditLimits: z.array(moneySchema),
  references: z.array(referenceSchema),
});

/** The command is in the books, but the read models took longer than five seconds to follow. */
export const acceptedSchema = z.object({
  accountId: z.string(),
  position: positionText.nullable(),
});

const reasonLengthMax = 500;
const reasonText = z.string().min(1).max(reasonLengthMax);

export const statusChangeRequest = z.strictObject({ reason: reasonText.optional() }).nullish();

export const adjustmentRequest = z.strictObject({
  asset: assetText,
  amount: amountText,
  direction: z.enum(['credit', 'debit']),
  reason: reasonText,
  effectiveAt: instantRequest.optional(),
});

export const adjustmentSchema = z.object({
  adjustmentId: z.string(),
  accountId: z.string(),
  asset: z.string(),
  amount: z.string(),
  direction: z.enum(['credit', 'debit']),
  reason: z.string(),
  actor: z.string(),
  effectiveAt: instantSchema.nullable(),
  account: accountSchema.describe('After the adjustment'),
});
