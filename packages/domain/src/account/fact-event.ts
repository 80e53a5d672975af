import type { CanonicalType } from '../canonical/events.ts';
import { invariant } from '../result.ts';
import type { FactEventType, TransferSide } from './messages.ts';

/** Under which name an account records a fact. Null: the fact belongs to another stream. */
const names: Readonly<Record<CanonicalType, FactEventType | null>> = {
  AuthorizationRequested: 'HoldPlaced',
  AuthorizationConfirmed: 'HoldConfirmed',
  AuthorizationDeclined: 'AuthorizationCanceled',
  AuthorizationReversed: 'HoldReleased',
  ClearingPending: 'ClearingAnnounced',
  ClearingReceived: 'ClearingPosted',
  ClearingFailed: 'ClearingDropped',
  RefundReceived: 'RefundPosted',
  CardStatusChanged: 'CardStatusRecorded',
  CardChallengeRequested: 'CardChallengeRecorded',
  DepositDetected: 'DepositAnnounced',
  DepositConfirmed: 'DepositCredited',
  DepositFailed: 'DepositDropped',
  FundsDelivered: 'FundsDelivered',
  DepositAddressClosed: 'DepositAddressClosed',
  ComplianceStatusChanged: 'ComplianceStatusRecorded',
  WithdrawalRequested: 'WithdrawalReserved',
  WithdrawalProgressed: 'WithdrawalProgressed',
  WithdrawalCompleted: 'WithdrawalDebited',
  WithdrawalFailed: 'WithdrawalReturned',
  PayoutRequested: 'PayoutReserved',
  PayoutProgressed: 'PayoutProgressed',
  PayoutCompleted: 'PayoutPaid',
  PayoutReturned: 'PayoutReturned',
  TransferCompleted: 'TransferSent',
  TransferFailed: 'TransferDropped',
  FeeCharged: 'FeeCharged',
  InvoiceSettled: 'InvoiceCredited',
  InvoiceOpened: null,
  InvoiceFundsReceived: null,
  InvoicePaid: null,
  InvoiceExpired: null,
  InvoicePaymentFailed: null,
  InvoiceReviewRequired: null,
  HolderStatusChanged: null,
  BalanceReported: null,
  ProviderNoticeReceived: 'CancellationRecorded',
};

export function factEventType(type: CanonicalType, side: TransferSide | null): FactEventType {
  const name = side === 'to' ? 'TransferReceived' : names[type];
  invariant(name !== null, `${type} is not a fact of an account`);
  return name;
}
