import {
  type CanonicalEvent,
  type CanonicalType,
  definitionOf,
  type Money,
  providerNames,
  referenceKinds,
} from '@counterfoil/domain';
import { z } from 'zod';

// The vocabulary as data, strict in both directions: a field too many fails as a field too few.

const text = z.string().min(1);
const instant = z.int();
const money = z.custom<Money>((value) => {
  if (typeof value !== 'object' || value === null) return false;
  const { asset, units } = value as Partial<Money>;
  if (typeof units !== 'bigint' || units < 0n || asset === undefined) return false;
  return definitionOf(asset).asset === asset && Object.keys(value).length === 2;
}, 'expected money of a known asset in non-negative units');

const feeKinds = [
  'fx',
  'atm',
  'deposit',
  'network',
  'platform',
  'service',
  'card-issuing',
  'transfer',
  'transaction',
  'other',
] as const;
const flags = [
  'variant',
  'late',
  'assumed-mapping',
  'unlinked',
  'amount-unverified',
  'fee-derived',
] as const;
const fees = z.array(z.strictObject({ kind: z.enum(feeKinds), amount: money }));
const reference = z.strictObject({
  provider: z.enum(providerNames),
  kind: z.enum(referenceKinds),
  externalId: text.max(200),
});
const merchant = z.strictObject({
  id: text.nullable(),
  name: text.nullable(),
  categoryCode: text.nullable(),
  country: text.nullable(),
  currency: text.nullable(),
});

const cardEvent = { cardId: text, linkId: text.nullable(), merchant: merchant.nullable() };
const clearing = {
  ...cardEvent,
  clearingId: text,
  authorizationId: text.nullable(),
  amount: money,
};

const dataSchemas: Readonly<Record<CanonicalType, z.ZodType>> = {
  AuthorizationRequested: z.strictObject({
    ...cardEvent,
    authorizationId: text,
    amount: money,
    fees,
    holdTotal: money,
    merchantAmount: money.nullable(),
    channel: text.nullable(),
    answerBy: instant,
    isConfirmationExpected: z.boolean(),
    refusal: text.nullable(),
  }),
  AuthorizationConfirmed: z.strictObject({
    ...cardEvent,
    authorizationId: text,
    amount: money,
    fees,
    holdTotal: money,
    changedAt: instant,
  }),
  AuthorizationDeclined: z.strictObject({
    ...cardEvent,
    authorizationId: text,
    amount: money,
    reasonCode: text.nullable(),
  }),
  AuthorizationReversed: z.strictObject({
    ...cardEvent,
    reversalId: text,
    authorizationId: text.nullable(),
    amount: money,
    fees,
    isFull: z.boolean().nullable(),
  }),
  ClearingPending: z.strictObject(clearing),
  ClearingReceived: z.strictObject({
    ...clearing,
    fees,
    isFinal: z.boolean().nullable(),
    amountMeans: z.enum(['piece', 'running-total']),
  }),
  ClearingFailed: z.strictObject(clearing),
  RefundReceived: z.strictObject({
    ...cardEvent,
    refundId: text,
    authorizationId: text.nullable(),
    amount: money,
    fees,
  }),
  CardStatusChanged: z.strictObject({
    cardId: text,
    status: z.enum([
      'creating',
      'creation-failed',
      'active',
      'frozen',
      'blocked',
      'closed',
      'expired',
    ]),
    reason: text.nullable(),
    changedAt: instant,
    reportedBalance: money.nullable(),
    holder: reference.nullable(),
  }),
  CardChallengeRequested: z.strictObject({
    challengeId: text,
    cardId: text,
    amount: money.nullable(),
    merchantName: text.nullable(),
    answerBy: instant.nullable(),
  }),
  DepositDetected: z.strictObject({
    amount: money.nullable(),
    stage: z.enum(['seen', 'confirming', 'confirmed', 'converting', 'manual-check']),
    depositId: text.nullable(),
    chainHash: text.nullable(),
  }),
  DepositConfirmed: z.strictObject({
    depositId: text,
    gross: money,
    fees,
    net: money,
    method: z.enum(['chain', 'visa-direct', 'fiat-ramp']),
    isDelivered: z.boolean(),
  }),
  DepositFailed: z.strictObject({ depositId: text, reason: text.nullable() }),
  FundsDelivered: z.strictObject({
    depositId: text,
    amount: money,
    purpose: z.enum(['merchant-top-up', 'holder-deposit']),
  }),
  DepositAddressClosed: z.strictObject({ reason: z.enum(['expired', 'blocked']) }),
  WithdrawalRequested: z.strictObject({
    withdrawalId: text,
    amount: money,
    fees,
    destination: text.nullable(),
  }),
  WithdrawalProgressed: z.strictObject({
    withdrawalId: text,
    stage: z.enum(['approved', 'processing', 'submitted', 'confirmed', 'manual-check']),
    chainHash: text.nullable(),
  }),
  WithdrawalCompleted: z.strictObject({
    withdrawalId: text,
    amount: money.nullable(),
    fees,
    destination: text.nullable(),
    chainHash: text.nullable(),
  }),
  WithdrawalFailed: z.strictObject({
    withdrawalId: text,
    outcome: z.enum(['failed', 'rejected', 'canceled']),
    reason: text.nullable(),
    chainHash: text.nullable(),
  }),
  TransferCompleted: z.strictObject({
    transferId: text,
    from: reference,
    to: reference,
    amount: money,
    fees,
    isOutsidePossible: z.boolean(),
  }),
  TransferFailed: z.strictObject({ transferId: text, reason: text.nullable() }),
  FeeCharged: z.strictObject({
    feeId: text,
    kind: z.enum(feeKinds),
    amount: money,
    relatedTo: text.nullable(),
  }),
  InvoiceOpened: z.strictObject({
    invoiceId: text,
    amountAsked: money.nullable(),
    asset: text.nullable(),
    expiresAt: instant.nullable(),
  }),
  InvoiceFundsReceived: z.strictObject({
    invoiceId: text,
    amount: money.nullable(),
    receivedTotal: money.nullable(),
    depositIds: z.array(text),
  }),
  InvoicePaid: z.strictObject({
    invoiceId: text,
    amountAsked: money.nullable(),
    amountPaid: money.nullable(),
  }),
  InvoiceSettled: z.strictObject({
    invoiceId: text,
    gross: money,
    fees,
    net: money,
    depositIds: z.array(text),
  }),
  InvoiceExpired: z.strictObject({ invoiceId: text, receivedTotal: money.nullable() }),
  InvoicePaymentFailed: z.strictObject({
    invoiceId: text,
    reason: text.nullable(),
    isFinal: z.boolean(),
  }),
  InvoiceReviewRequired: z.strictObject({
    invoiceId: text,
    reason: z.enum(['underpaid', 'amount-mismatch', 'amount-adjusted']),
    receivedTotal: money.nullable(),
  }),
  PayoutRequested: z.strictObject({ payoutId: text, amount: money.nullable() }),
  PayoutProgressed: z.strictObject({
    payoutId: text,
    stage: z.enum([
      'creating',
      'awaiting-approval',
      'approved',
      'submitted',
      'broadcast',
      'attempt-failed',
      'partial',
    ]),
    reason: text.nullable(),
    chainHash: text.nullable(),
  }),
  PayoutCompleted: z.strictObject({
    payoutId: text,
    withdrawalId: text.nullable(),
    amount: money.nullable(),
    fees,
    chainHash: text.nullable(),
  }),
  PayoutReturned: z.strictObject({
    payoutId: text,
    withdrawalId: text.nullable(),
    amount: money.nullable(),
    outcome: z.enum(['failed', 'canceled']),
    chainHash: text.nullable(),
  }),
  HolderStatusChanged: z.strictObject({
    clientId: text,
    status: text,
    reasonCode: text.nullable(),
    changedAt: instant,
  }),
  ComplianceStatusChanged: z.strictObject({
    status: z.enum(['pending', 'declined']),
    amount: money.nullable(),
    depositId: text.nullable(),
  }),
  BalanceReported: z.strictObject({ balances: z.array(money) }),
  ProviderNoticeReceived: z.strictObject({ kind: text }),
};

/** Every name of the vocabulary. */
export const canonicalTypes: readonly string[] = Object.keys(dataSchemas);

const envelope = z.strictObject({
  eventId: z.uuid({ version: 'v5' }),
  type: z.string(),
  data: z.unknown(),
  occurredAt: instant,
  receivedAt: instant,
  source: z.strictObject({
    provider: z.enum(providerNames),
    dialect: text,
    adapterVersion: z.int().positive(),
    channel: z.enum(['webhook', 'read']),
    deliveryId: text,
    providerEvent: text,
    bodySha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  idempotencyKey: text,
  effectKey: text.nullable(),
  subject: z.strictObject({ kind: z.enum(referenceKinds), id: text.max(200) }),
  owners: z.array(reference).min(1),
  references: z.record(z.string(), text),
  flags: z.array(z.enum(flags)),
});

/**
 * What is wrong with an event as a list of sentences, empty when it is valid: every field present
 * and of its form, no field more, and the keys those of its provider.
 */
export function faultsOf(event: CanonicalEvent): readonly string[] {
  const dataSchema = dataSchemas[event.type];
  if (dataSchema === undefined) return [`"${String(event.type)}" is not in the vocabulary`];
  const { provider } = event.source;
  const faults = [envelope.safeParse(event), dataSchema.safeParse(event.data)].flatMap((parsed) =>
    parsed.success
      ? []
      : parsed.error.issues.map(
          (issue) => `${event.type} ${issue.path.join('.')}: ${issue.message}`,
        ),
  );
  const keys = [event.idempotencyKey, ...(event.effectKey === null ? [] : [event.effectKey])];
  const foreign = keys.filter((key) => !key.startsWith(`${provider}|`));
  return [...faults, ...foreign.map((key) => `${event.type}: the key ${key} is not ${provider}'s`)];
}
