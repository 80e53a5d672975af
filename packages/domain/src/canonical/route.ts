import type { CanonicalEvent, CanonicalOf } from './events.ts';

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
    case 'ProviderNoticeReceived':
      return isCancellation(event) ? accountOrNotice(event) : 'notice';
    case 'HolderStatusChanged':
    case 'BalanceReported':
      return 'notice';
    default:
      return accountOrNotice(event);
  }
}

/** A notice that takes back what may have been told as done: it belongs to the account's story. */
export const isCancellation = (
  event: CanonicalEvent,
): event is CanonicalOf<'ProviderNoticeReceived'> =>
  event.type === 'ProviderNoticeReceived' &&
  (event.data.kind === 'refund-canceled' || event.data.kind === 'fee-canceled');

/** Without anything that names an owner there is no account to record it in. */
const accountOrNotice = (event: CanonicalEvent): Route =>
  event.owners.length > 0 ? 'account' : 'notice';
