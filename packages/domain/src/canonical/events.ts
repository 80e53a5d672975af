import type { Instant } from '../ids.ts';
import type { Money } from '../money.ts';
import type { Reference } from '../reference/reference.ts';
import type { Canonical, Fee, Merchant } from './envelope.ts';

/**
 * `linkId` is the provider's id of this very event where the link to its purchase has to be
 * matched by the ledger (CryptoMate); null where `authorizationId` names the purchase exactly.
 */
type CardEvent = Readonly<{ cardId: string; linkId: string | null; merchant: Merchant | null }>;

export type CardStatus =
  | 'creating'
  | 'creation-failed'
  | 'active'
  | 'frozen'
  | 'blocked'
  | 'closed'
  | 'expired';

export type AuthorizationRequested = Canonical<
  'AuthorizationRequested',
  CardEvent & {
    authorizationId: string;
    amount: Money;
    fees: readonly Fee[];
    /** What an approval holds: the billed amount and all fees. */
    holdTotal: Money;
    merchantAmount: Money | null;
    channel: string | null;
    answerBy: Instant;
    /** False where the provider sends no notice of an approval, so that none can be missed. */
    isConfirmationExpected: boolean;
    /** Set where a rule of the adapter refuses before the balance is asked, e.g. `defi-card`. */
    refusal: string | null;
  }
>;

export type CardCanonicalEvent =
  | AuthorizationRequested
  | Canonical<
      'AuthorizationConfirmed',
      CardEvent & {
        authorizationId: string;
        amount: Money;
        fees: readonly Fee[];
        holdTotal: Money;
        changedAt: Instant;
      }
    >
  | Canonical<
      'AuthorizationDeclined',
      CardEvent & { authorizationId: string; amount: Money; reasonCode: string | null }
    >
  | Canonical<
      'AuthorizationReversed',
      CardEvent & {
        reversalId: string;
        authorizationId: string | null;
        amount: Money;
        fees: readonly Fee[];
        isFull: boolean | null;
      }
    >
  | Canonical<
      'ClearingPending',
      CardEvent & { clearingId: string; authorizationId: string | null; amount: Money }
    >
  | Canonical<
      'ClearingReceived',
      CardEvent & {
        clearingId: string;
        authorizationId: string | null;
        amount: Money;
        fees: readonly Fee[];
        isFinal: boolean | null;
        amountMeans: 'piece' | 'running-total';
      }
    >
  | Canonical<
      'ClearingFailed',
      CardEvent & { clearingId: string; authorizationId: string | null; amount: Money }
    >
  | Canonical<
      'RefundReceived',
      CardEvent & {
        refundId: string;
        authorizationId: string | null;
        amount: Money;
        fees: readonly Fee[];
        /** Given back with the amount, or taken for the refund. Left out: `returned`. */
        feesAre?: 'returned' | 'charged';
      }
    >
  | Canonical<
      'CardStatusChanged',
      {
        cardId: string;
        status: CardStatus;
        reason: string | null;
        changedAt: Instant;
        reportedBalance: Money | null;
        /** Whose card it is, where the provider says so. */
        holder: Reference | null;
      }
    >
  | Canonical<
      'CardChallengeRequested',
      {
        challengeId: string;
        cardId: string;
        amount: Money | null;
        merchantName: string | null;
        answerBy: Instant | null;
      }
    >;

export type DepositStage = 'seen' | 'confirming' | 'confirmed' | 'converting' | 'manual-check';

export type MoneyInCanonicalEvent =
  | Canonical<
      'DepositDetected',
      {
        amount: Money | null;
        stage: DepositStage;
        depositId: string | null;
        chainHash: string | null;
        /**
         * Set where another fact credits the deposit and no id joins the two, so that its coming can
         * be watched. `amount`: what will be credited; null where the provider does not say.
         */
        awaitedCredit?: Readonly<{ amount: Money | null; completedAt: Instant }>;
      }
    >
  | Canonical<
      'DepositConfirmed',
      {
        depositId: string;
        gross: Money;
        fees: readonly Fee[];
        net: Money;
        method: 'chain' | 'visa-direct' | 'fiat-ramp';
        isDelivered: boolean;
      }
    >
  | Canonical<'DepositFailed', { depositId: string; reason: string | null }>
  | Canonical<
      'FundsDelivered',
      {
        depositId: string;
        amount: Money;
        purpose: 'merchant-top-up' | 'holder-deposit';
        /** Taken from the account that is credited. Left out: none. */
        fees?: readonly Fee[];
      }
    >
  | Canonical<'DepositAddressClosed', { reason: 'expired' | 'blocked' }>;

export type WithdrawalStage =
  | 'approved'
  | 'processing'
  | 'submitted'
  | 'confirmed'
  | 'manual-check';

export type MoneyOutCanonicalEvent =
  | Canonical<
      'WithdrawalRequested',
      {
        withdrawalId: string;
        amount: Money;
        fees: readonly Fee[];
        destination: string | null;
      }
    >
  | Canonical<
      'WithdrawalProgressed',
      { withdrawalId: string; stage: WithdrawalStage; chainHash: string | null }
    >
  | Canonical<
      'WithdrawalCompleted',
      {
        withdrawalId: string;
        amount: Money | null;
        fees: readonly Fee[];
        destination: string | null;
        chainHash: string | null;
      }
    >
  | Canonical<
      'WithdrawalFailed',
      {
        withdrawalId: string;
        outcome: 'failed' | 'rejected' | 'canceled';
        reason: string | null;
        chainHash: string | null;
      }
    >
  | Canonical<
      'TransferCompleted',
      {
        transferId: string;
        from: Reference;
        to: Reference;
        amount: Money;
        fees: readonly Fee[];
        /** True where `to` may be outside: then it is a transfer only when `to` is linked. */
        isOutsidePossible: boolean;
      }
    >
  | Canonical<
      'TransferFailed',
      { transferId: string; reason: string | null; chainHash?: string | null }
    >
  | Canonical<
      'FeeCharged',
      { feeId: string; kind: Fee['kind']; amount: Money; relatedTo: string | null }
    >;

export type InvoiceReviewReason = 'underpaid' | 'amount-mismatch' | 'amount-adjusted';

export type InvoiceCanonicalEvent =
  | Canonical<
      'InvoiceOpened',
      {
        invoiceId: string;
        amountAsked: Money | null;
        asset: string | null;
        expiresAt: Instant | null;
      }
    >
  | Canonical<
      'InvoiceFundsReceived',
      {
        invoiceId: string;
        amount: Money | null;
        receivedTotal: Money | null;
        depositIds: readonly string[];
      }
    >
  | Canonical<
      'InvoicePaid',
      { invoiceId: string; amountAsked: Money | null; amountPaid: Money | null }
    >
  | Canonical<
      'InvoiceSettled',
      {
        invoiceId: string;
        gross: Money;
        fees: readonly Fee[];
        net: Money;
        depositIds: readonly string[];
      }
    >
  | Canonical<'InvoiceExpired', { invoiceId: string; receivedTotal: Money | null }>
  | Canonical<
      'InvoicePaymentFailed',
      { invoiceId: string; reason: string | null; isFinal: boolean }
    >
  | Canonical<
      'InvoiceReviewRequired',
      { invoiceId: string; reason: InvoiceReviewReason; receivedTotal: Money | null }
    >;

export type PayoutStage =
  | 'creating'
  | 'awaiting-approval'
  | 'approved'
  | 'submitted'
  | 'broadcast'
  | 'attempt-failed'
  | 'partial';

export type PayoutCanonicalEvent =
  | Canonical<'PayoutRequested', { payoutId: string; amount: Money | null }>
  | Canonical<
      'PayoutProgressed',
      { payoutId: string; stage: PayoutStage; reason: string | null; chainHash: string | null }
    >
  | Canonical<
      'PayoutCompleted',
      {
        payoutId: string;
        withdrawalId: string | null;
        amount: Money | null;
        fees: readonly Fee[];
        chainHash: string | null;
      }
    >
  | Canonical<
      'PayoutReturned',
      {
        payoutId: string;
        withdrawalId: string | null;
        amount: Money | null;
        outcome: 'failed' | 'canceled';
        chainHash: string | null;
      }
    >;

export type InformationCanonicalEvent =
  | Canonical<
      'HolderStatusChanged',
      { clientId: string; status: string; reasonCode: string | null; changedAt: Instant }
    >
  | Canonical<
      'ComplianceStatusChanged',
      { status: 'pending' | 'declined'; amount: Money | null; depositId: string | null }
    >
  | Canonical<'BalanceReported', { balances: readonly Money[] }>
  | Canonical<'ProviderNoticeReceived', { kind: string }>;

/** Grows by what happens in the business, not by provider: 37 events. */
export type CanonicalEvent =
  | CardCanonicalEvent
  | MoneyInCanonicalEvent
  | MoneyOutCanonicalEvent
  | InvoiceCanonicalEvent
  | PayoutCanonicalEvent
  | InformationCanonicalEvent;

export type CanonicalType = CanonicalEvent['type'];
export type CanonicalOf<Type extends CanonicalType> = Extract<CanonicalEvent, { type: Type }>;
