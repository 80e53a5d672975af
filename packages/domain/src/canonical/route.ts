import type { CanonicalEvent } from './events.ts';

/**
 * Where a canonical event is recorded. `settlement`: in the invoice, and the money in its owner's
 * account. `transfer`: in the accounts of both ends. `notice`: nobody's books are concerned.
 */
export type Route = 'account' | 'authorization' | 'invoice' | 'settlement' | 'transfer' | 'notice';

/** The policy from canonical event to streams: every event leaves at least one recorded event. */
export function routeOf(event: CanonicalEvent): Route {
  switch (event.type) {
    case 'AuthorizationRequested':
      return 'authorization';
    case 'InvoiceSettled':
      return 'settlement';
    case 'TransferCompleted':
      return 'transfer';
    case 'InvoiceOpened':
    case 'InvoiceFundsReceived':
    case 'InvoicePaid':
    case 'InvoiceExpired':
    case 'InvoicePaymentFailed':
    case 'InvoiceReviewRequired':
      return 'invoice';
    case 'DepositDetected':
    case 'DepositFailed':
    case 'ComplianceStatusChanged':
      return event.subject.kind === 'invoice' ? 'invoice' : accountOrNotice(event);
    case 'HolderStatusChanged':
    case 'BalanceReported':
    case 'ProviderNoticeReceived':
    case 'DepositAddressClosed':
      return 'notice';
    default:
      return accountOrNotice(event);
  }
}

/** Without anything that names an owner there is no account to record it in. */
const accountOrNotice = (event: CanonicalEvent): Route =>
  event.owners.length > 0 ? 'account' : 'notice';
