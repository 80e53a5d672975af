import { type Instant, instantText } from '@counterfoil/domain';
import { causeOf, type RecordedEvent } from './ledger-event.ts';
import { comparePositions, positionOf } from './read-model-position.ts';

/** One recorded event in the history of an invoice or an order, in log order. */
export type HistoryEntry = Readonly<{
  position: string;
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

export function historyEntry(recorded: RecordedEvent, status: string): HistoryEntry {
  const source = causeOf(recorded)?.source;
  return {
    position: recorded.position,
    eventId: recorded.eventId,
    type: recorded.event.type,
    providerEvent: source?.providerEvent ?? null,
    deliveryId: source?.deliveryId ?? null,
    status,
    occurredAt: recorded.occurredAt,
    recordedAt: recorded.recordedAt,
  };
}

export const inLogOrder = (entries: readonly HistoryEntry[]): readonly HistoryEntry[] =>
  [...entries].sort((left, right) =>
    comparePositions(positionOf(left.position), positionOf(right.position)),
  );

export const showHistory = (entries: readonly HistoryEntry[]): readonly HistoryLine[] =>
  entries.map(({ position, eventId, type, providerEvent, deliveryId, status, ...times }) => ({
    position,
    eventId,
    type,
    providerEvent,
    deliveryId,
    status,
    occurredAt: instantText(times.occurredAt),
    recordedAt: instantText(times.recordedAt),
  }));
