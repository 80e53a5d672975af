import type { CanonicalEvent } from '../canonical/events.ts';
import type { Decider } from '../decider.ts';
import { persistentMap } from '../persistent-map.ts';
import { err, invariant, ok } from '../result.ts';
import type {
  InvoiceCommand,
  InvoiceEvent,
  InvoiceEventType,
  InvoiceRejection,
  InvoiceStatus,
} from './messages.ts';
import { isIntervention, reviewsOf } from './invoice-reviews.ts';
import type { Invoice, Seen } from './state.ts';

/**
 * A later stage wins whatever comes first, and a late earlier one moves nothing back (R12). What
 * says that money moved wins over what says that it did not. A review waits above `paid`, since it
 * ends by settling.
 */
const ranks: Readonly<Record<InvoiceStatus, number>> = {
  opened: 0,
  detected: 1,
  received: 2,
  expired: 3,
  failed: 4,
  paid: 5,
  review: 6,
  settled: 7,
};

type InvoiceFact = Readonly<{ name: InvoiceEventType; status: InvoiceStatus | null }>;

/** What a fact is called in the invoice's stream, and the stage it proves; null proves none. */
function factOf(event: CanonicalEvent): InvoiceFact {
  switch (event.type) {
    case 'InvoiceOpened':
      return { name: 'InvoiceOpened', status: 'opened' };
    case 'DepositDetected':
      return { name: 'InvoiceDepositDetected', status: 'detected' };
    case 'ComplianceStatusChanged':
      return { name: 'InvoiceComplianceRecorded', status: null };
    case 'InvoiceFundsReceived':
      return { name: 'InvoiceFundsReceived', status: 'received' };
    case 'InvoicePaid':
      return { name: 'InvoicePaid', status: 'paid' };
    case 'InvoiceSettled':
      return { name: 'InvoiceSettled', status: 'settled' };
    case 'InvoiceExpired':
      return { name: 'InvoiceExpired', status: 'expired' };
    case 'InvoicePaymentFailed':
      return { name: 'InvoicePaymentFailed', status: event.data.isFinal ? 'failed' : null };
    case 'InvoiceReviewRequired':
      return { name: 'InvoiceReviewRequired', status: 'review' };
    case 'DepositFailed':
      return { name: 'InvoiceDepositFailed', status: null };
    default:
      invariant(false, `${event.type} is not a fact of an invoice`);
  }
}

const later = (left: InvoiceStatus | null, right: InvoiceStatus | null): InvoiceStatus =>
  left === null || (right !== null && ranks[right] > ranks[left]) ? (right ?? 'opened') : left;

export const invoiceDecider: Decider<Invoice, InvoiceCommand, InvoiceEvent, InvoiceRejection> = {
  initialState: {
    status: null,
    seen: persistentMap(),
    reviews: persistentMap(),
    resolved: persistentMap(),
  },
  decide(command, invoice) {
    if (command.type === 'ResolveInvoiceReview') {
      const { reviewId, ruling } = command.data;
      if (invoice.resolved.get(reviewId) === ruling) return ok([]);
      if (!invoice.reviews.get(reviewId))
        return err({ code: 'review-not-found', message: 'There is no such open review.' });
      // Nothing posts with a ruling on an invoice, so none is taken that says that something should.
      if (ruling !== 'first-stands')
        return err({
          code: 'ruling-not-applicable',
          message: `A review of an invoice cannot be ruled "${ruling}".`,
        });
      const status = statusAfterRuling(invoice, reviewId);
      const data = { ...command.data, status, reviewsClosed: [reviewId] };
      return ok([{ type: 'InvoiceReviewResolved', data }]);
    }
    const { event, accountId } = command.data;
    if (invoice.seen.get(event.eventId)) return ok([]);
    const { name, status } = factOf(event);
    const reviews = reviewsOf(invoice, event, seenOf(event));
    const data = { cause: event, accountId, status: later(invoice.status, status), ...reviews };
    return ok([{ type: name, data }]);
  },
  evolve(invoice, event) {
    let { reviews } = invoice;
    for (const reviewId of event.data.reviewsClosed) reviews = reviews.without(reviewId);
    const { status } = event.data;
    if (event.type === 'InvoiceReviewResolved') {
      const resolved = invoice.resolved.with(event.data.reviewId, event.data.ruling);
      return { ...invoice, status, reviews, resolved };
    }
    for (const review of event.data.reviewsOpened) reviews = reviews.with(review.reviewId, review);
    const { cause } = event.data;
    const seen = invoice.seen.with(cause.eventId, seenOf(cause));
    return { ...invoice, status, reviews, seen };
  },
};

function seenOf(event: CanonicalEvent): Seen {
  const { deliveryId } = event.source;
  const proves = factOf(event).status;
  if (event.type === 'InvoiceSettled')
    return { proves, isDeclined: false, depositIds: event.data.depositIds, deliveryId };
  if (event.type !== 'ComplianceStatusChanged' || event.data.status !== 'declined')
    return { proves, isDeclined: false, depositIds: [], deliveryId };
  const { depositId } = event.data;
  return {
    proves,
    isDeclined: true,
    depositIds: depositId === null ? [] : [depositId],
    deliveryId,
  };
}

/** An invoice is in review while one of its interventions is open; then it is what else was told. */
function statusAfterRuling(invoice: Invoice, reviewId: string): InvoiceStatus {
  const status = invoice.status ?? 'opened';
  const open = invoice.reviews
    .entries()
    .some(([id, { reason }]) => id !== reviewId && isIntervention(reason));
  if (status !== 'review' || open) return status;
  const told = invoice.seen.entries().map(([, { proves }]) => proves);
  return told
    .filter((proves) => proves !== 'review')
    .reduce<InvoiceStatus>((highest, proves) => later(highest, proves), 'opened');
}
