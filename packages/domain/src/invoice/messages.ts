import type { Review, Ruling } from '../account/messages.ts';
import type { CanonicalEvent } from '../canonical/events.ts';
import type { AccountId } from '../ids.ts';
import type { Command, Event } from '../message.ts';
import type { Rejection } from '../result.ts';

export type InvoiceStatus =
  | 'opened'
  | 'detected'
  | 'received'
  | 'paid'
  | 'settled'
  | 'expired'
  | 'failed'
  | 'review';

export type InvoiceEventType =
  | 'InvoiceOpened'
  | 'InvoiceDepositDetected'
  | 'InvoiceComplianceRecorded'
  | 'InvoiceFundsReceived'
  | 'InvoicePaid'
  | 'InvoiceSettled'
  | 'InvoiceExpired'
  | 'InvoicePaymentFailed'
  | 'InvoiceReviewRequired'
  | 'InvoiceDepositFailed';

/** `status` is the status after the event; a late earlier event is recorded and moves nothing. */
export type InvoiceEvent =
  | Event<
      InvoiceEventType,
      {
        cause: CanonicalEvent;
        accountId: AccountId;
        status: InvoiceStatus;
        reviewsOpened: readonly Review[];
        reviewsClosed: readonly string[];
      }
    >
  | Event<
      'InvoiceReviewResolved',
      {
        reviewId: string;
        ruling: Ruling;
        note: string;
        actor: string;
        status: InvoiceStatus;
        reviewsClosed: readonly string[];
      }
    >;

export type InvoiceCommand =
  | Command<'RecordInvoiceFact', { event: CanonicalEvent; accountId: AccountId }>
  | Command<
      'ResolveInvoiceReview',
      { reviewId: string; ruling: Ruling; note: string; actor: string }
    >;

export type InvoiceRejection = Rejection<'review-not-found' | 'ruling-not-applicable'>;
