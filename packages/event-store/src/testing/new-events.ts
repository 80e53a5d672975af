import { randomUUID } from 'node:crypto';
import {
  commandId,
  correlationId,
  type EventId,
  eventId,
  instant,
  type StreamVersion,
  streamVersion,
} from '@counterfoil/domain';
import type { AppendRequest, NewEvent } from '../event-store.ts';

/** An event nobody has given before, unless `id` says which. */
export const newEvent = (
  data: Readonly<Record<string, unknown>> = {},
  id: EventId = eventId(randomUUID()),
): NewEvent => ({
  eventId: id,
  event: { type: 'Noted', data },
  occurredAt: instant(Date.UTC(2026, 1, 3, 4, 5, 6, 789)),
  correlationId: correlationId('correlation'),
  causationId: commandId(randomUUID()),
});

export const appendOf = (
  stream: string,
  expected: bigint,
  ...events: readonly NewEvent[]
): AppendRequest => {
  const [first = newEvent(), ...others] = events;
  return { stream, expected: streamVersion(expected), events: [first, ...others] };
};

export const at = (version: bigint): StreamVersion => streamVersion(version);
export const freshStream = (): string => `noted-${randomUUID()}`;
