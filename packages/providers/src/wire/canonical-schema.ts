import {
  type CanonicalOf,
  type CanonicalType,
  type Instant,
  type Money,
  type ProviderName,
  referenceKinds,
} from '@counterfoil/domain';
import { z } from 'zod';

// The vocabulary as data, strict in both directions: a field too many fails as a field too few.

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
  'undated',
  'assumed-mapping',
  'unlinked',
  'amount-unverified',
  'fee-derived',
] as const;

/** Bounds what one event may list; no provider comes near it. */
const listMax = 1000;

/** How the values of a form are written: in memory, or on a wire. */
export type CanonicalValues = Readonly<{
  id: z.ZodType<string>;
  text: z.ZodType<string>;
  money: z.ZodType<Money>;
  instant: z.ZodType<Instant>;
  /** Whose references may stand in an event. */
  provider: z.ZodType<ProviderName>;
}>;

type DataSchemas = Readonly<{ [Type in CanonicalType]: z.ZodType<CanonicalOf<Type>['data']> }>;

export const canonicalReference = ({ provider, id }: CanonicalValues) =>
  z.strictObject({ provider, kind: z.enum(referenceKinds), externalId: id });

export const canonicalSubject = ({ id }: CanonicalValues) =>
  z.strictObject({ kind: z.enum(referenceKinds), id });

export const canonicalFlags = z.array(z.enum(flags));

/** The data of every event by its type; a type that is missing here does not compile. */
export function canonicalData(values: CanonicalValues): DataSchemas {
  const { id, text, money, instant } = values;
  const reference = canonicalReference(values);
  const fees = z.array(z.strictObject({ kind: z.enum(feeKinds), amount: money })).max(listMax);
  const merchant = z.strictObject({
    id: text.nullable(),
    name: text.nullable(),
    categoryCode: text.nullable(),
    country: text.nullable(),
    currency: text.nullable(),
  });
  const cardEvent = { cardId: id, linkId: id.nullable(), merchant: merchant.nullable() };
  const clearing = {
    ...cardEvent,
    clearingId: id,
    authorizationId: id.nullable(),
    amount: money,
  };
  return {
    AuthorizationRequested: z.strictObject({
      ...cardEvent,
      authorizationId: id,
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
      authorizationId: id,
      amount: money,
      fees,
      holdTotal: money,
      changedAt: instant,
    }),
    AuthorizationDeclined: z.strictObject({
      ...cardEvent,
      authorizationId: id,
      amount: money,
      reasonCode: text.nullable(),
    }),
    AuthorizationReversed: z.strictObject({
      ...cardEvent,
      reversalId: id,
      authorizationId: id.nullable(),
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
      refundId: id,
      authorizationId: id.nullable(),
      amount: money,
      fees,
      feesAre: z.enum(['returned', 'charged']).exactOptional(),
    }),
    CardStatusChanged: z.strictObject({
      cardId: id,
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
      challengeId: id,
      cardId: id,
      amount: money.nullable(),
      merchantName: text.nullable(),
      answerBy: instant.nullable(),
    }),
    DepositDetected: z.strictObject({
      amount: money.nullable(),
      stage: z.enum(['seen', 'confirming', 'confirmed', 'converting', 'manual-check']),
      depositId: id.nullable(),
      chainHash: id.nullable(),
      awaitedCredit: z
        .strictObject({ amount: money.nullable(), completedAt: instant })
        .exactOptional(),
    }),
    DepositConfirmed: z.strictObject({
      depositId: id,
      gross: money,
      fees,
      net: money,
      method: z.enum(['chain', 'visa-direct', 'fiat-ramp']),
      isDelivered: z.boolean(),
    }),
    DepositFailed: z.strictObject({ depositId: id, reason: text.nullable() }),
    FundsDelivered: z.strictObject({
      depositId: id,
      amount: money,
      purpose: z.enum(['merchant-top-up', 'holder-deposit']),
      fees: fees.exactOptional(),
    }),
    DepositAddressClosed: z.strictObject({ reason: z.enum(['expired', 'blocked']) }),
    WithdrawalRequested: z.strictObject({
      withdrawalId: id,
      amount: money,
      fees,
      destination: text.nullable(),
    }),
    WithdrawalProgressed: z.strictObject({
      withdrawalId: id,
      stage: z.enum(['approved', 'processing', 'submitted', 'confirmed', 'manual-check']),
      chainHash: id.nullable(),
    }),
    WithdrawalCompleted: z.strictObject({
      withdrawalId: id,
      amount: money.nullable(),
      fees,
      destination: text.nullable(),
      chainHash: id.nullable(),
    }),
    WithdrawalFailed: z.strictObject({
      withdrawalId: id,
      outcome: z.enum(['failed', 'rejected', 'canceled']),
      reason: text.nullable(),
      chainHash: id.nullable(),
    }),
    TransferCompleted: z.strictObject({
      transferId: id,
      from: reference,
      to: reference,
      amount: money,
      fees,
      isOutsidePossible: z.boolean(),
    }),
    TransferFailed: z.strictObject({
      transferId: id,
      reason: text.nullable(),
      chainHash: id.nullable().exactOptional(),
    }),
    FeeCharged: z.strictObject({
      feeId: id,
      kind: z.enum(feeKinds),
      amount: money,
      relatedTo: id.nullable(),
    }),
    InvoiceOpened: z.strictObject({
      invoiceId: id,
      amountAsked: money.nullable(),
      asset: text.nullable(),
      expiresAt: instant.nullable(),
    }),
    InvoiceFundsReceived: z.strictObject({
      invoiceId: id,
      amount: money.nullable(),
      receivedTotal: money.nullable(),
      depositIds: z.array(id).max(listMax),
    }),
    InvoicePaid: z.strictObject({
      invoiceId: id,
      amountAsked: money.nullable(),
      amountPaid: money.nullable(),
    }),
    InvoiceSettled: z.strictObject({
      invoiceId: id,
      gross: money,
      fees,
      net: money,
      depositIds: z.array(id).max(listMax),
    }),
    InvoiceExpired: z.strictObject({ invoiceId: id, receivedTotal: money.nullable() }),
    InvoicePaymentFailed: z.strictObject({
      invoiceId: id,
      reason: text.nullable(),
      isFinal: z.boolean(),
    }),
    InvoiceReviewRequired: z.strictObject({
      invoiceId: id,
      reason: z.enum(['underpaid', 'amount-mismatch', 'amount-adjusted']),
      receivedTotal: money.nullable(),
    }),
    PayoutRequested: z.strictObject({ payoutId: id, amount: money.nullable() }),
    PayoutProgressed: z.strictObject({
      payoutId: id,
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
      chainHash: id.nullable(),
    }),
    PayoutCompleted: z.strictObject({
      payoutId: id,
      withdrawalId: id.nullable(),
      amount: money.nullable(),
      fees,
      chainHash: id.nullable(),
    }),
    PayoutReturned: z.strictObject({
      payoutId: id,
      withdrawalId: id.nullable(),
      amount: money.nullable(),
      outcome: z.enum(['failed', 'canceled']),
      chainHash: id.nullable(),
    }),
    HolderStatusChanged: z.strictObject({
      clientId: id,
      status: text,
      reasonCode: text.nullable(),
      changedAt: instant,
    }),
    ComplianceStatusChanged: z.strictObject({
      status: z.enum(['pending', 'declined']),
      amount: money.nullable(),
      depositId: id.nullable(),
    }),
    BalanceReported: z.strictObject({ balances: z.array(money).max(listMax) }),
    ProviderNoticeReceived: z.strictObject({ kind: text }),
  };
}
