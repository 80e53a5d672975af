import { z } from 'zod';
import {
  accountIdText,
  amountText,
  assetText,
  externalId,
  instantSchema,
  moneySchema,
  positionText,
  providerName,
} from './scalars.ts';

const historySchema = z.array(
  z.object({
    position: positionText,
    eventId: z.string(),
    type: z.string(),
    providerEvent: z.string().nullable(),
    deliveryId: z.string().nullable(),
    status: z.string().describe('After the event'),
    occurredAt: instantSchema,
    recordedAt: instantSchema,
  }),
);

export const invoiceStatus = z.enum([
  'opened',
  'detected',
  'received',
  'paid',
  'settled',
  'expired',
  'failed',
  'review',
]);

export const invoiceSchema = z.object({
  provider: z.string(),
  invoiceId: z.string(),
  accountId: z.string(),
  status: invoiceStatus,
  asked: moneySchema.nullable(),
  received: moneySchema.nullable(),
  settled: moneySchema.nullable().describe('Credited to the account, after fees'),
  fees: z.array(moneySchema),
  expiresAt: instantSchema.nullable(),
  firstSeenAt: instantSchema,
  changedAt: instantSchema,
  references: z.record(z.string(), z.string()),
  history: historySchema,
});

export const orderStatus = z.enum([
  'requested',
  'approved',
  'submitted',
  'broadcast',
  'partial',
  'completed',
  'returned',
  'review',
]);

export const orderSchema = z.object({
  provider: z.string(),
  id: z.string(),
  accountId: z.string().nullable(),
  status: orderStatus,
  amount: moneySchema.nullable(),
  fee: moneySchema.nullable(),
  chainHash: z.string().nullable(),
  destination: z.string().nullable(),
  firstSeenAt: instantSchema,
  changedAt: instantSchema,
  references: z.record(z.string(), z.string()),
  history: historySchema,
});

export const orderRequest = z.strictObject({
  accountId: accountIdText,
  provider: providerName,
  id: externalId.describe('The id under which the order was given to the provider'),
  asset: assetText,
  amount: amountText,
  fee: amountText.optional().describe('In the same asset; reserved beside the amount'),
});
