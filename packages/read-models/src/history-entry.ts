import { instantText, type Instant } from '@counterfoil/domain';

/** One recorded event in the history of an invoice or an order, in log order. */
export type HistoryEntry = Readonly<{
  eventId: string;
  type: string;
  /** What the provider calls it; null for our own doing. */
  providerEvent: string | null;
  deliveryId: string | null;
  /** The status after the event. */
  status: string;
  occurredAt: Instant;
  recordedAt: Instant;
}>;

export type HistoryLine = Omit<HistoryEntry, 'occurredAt' | 'recordedAt'> &
  Readonly<{ occurredAt: string; recordedAt: string }>;

export const showHistory = (entries: readonly HistoryEntry[]): readonly HistoryLine[] =>
  entries.map(({ eventId, type, providerEvent, deliveryId, status, occurredAt, recordedAt }) => ({
    eventId,
    type,
    providerEvent,
    deliveryId,
    status,
    occurredAt: instantText(occurredAt),
    recordedAt: instantText(recordedAt),
  }));
