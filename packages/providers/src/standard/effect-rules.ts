import type { CanonicalType } from '@counterfoil/domain';
import type { Fault } from './contradiction.ts';

/** Whether an event of a type has an effect on the books that a key has to name. */
const hasEffect: Readonly<Record<CanonicalType, boolean>> = {
  AuthorizationRequested: true,
  AuthorizationConfirmed: true,
  AuthorizationDeclined: true,
  AuthorizationReversed: true,
  ClearingPending: true,
  ClearingReceived: true,
  ClearingFailed: true,
  RefundReceived: true,
  CardStatusChanged: true,
  CardChallengeRequested: true,
  DepositDetected: false,
  DepositConfirmed: true,
  DepositFailed: true,
  FundsDelivered: true,
  DepositAddressClosed: false,
  WithdrawalRequested: true,
  WithdrawalProgressed: false,
  WithdrawalCompleted: true,
  WithdrawalFailed: true,
  TransferCompleted: true,
  TransferFailed: true,
  FeeCharged: true,
  InvoiceOpened: false,
  InvoiceFundsReceived: false,
  InvoicePaid: false,
  InvoiceSettled: true,
  InvoiceExpired: false,
  InvoicePaymentFailed: false,
  InvoiceReviewRequired: false,
  PayoutRequested: true,
  PayoutProgressed: false,
  PayoutCompleted: true,
  PayoutReturned: true,
  HolderStatusChanged: false,
  ComplianceStatusChanged: false,
  BalanceReported: false,
  ProviderNoticeReceived: false,
};

/** Without a key an effect could happen twice; a key without an effect would be a misunderstanding. */
export function effectKeyFault(type: CanonicalType, effectKey: string | null): Fault | null {
  if (hasEffect[type] === (effectKey !== null)) return null;
  const message = hasEffect[type]
    ? `a ${type} has an effect, which needs a key`
    : `a ${type} has no effect on the books, so its key is null`;
  return { path: 'effectKey', message };
}
