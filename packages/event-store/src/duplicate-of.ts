import type { EventId, Json, JsonObject, StreamVersion } from '@counterfoil/domain';
import type { CheckedAppend, EncodedNewEvent } from './checked-append.ts';
import { type EncodedEvent, type EventCodec, type WrittenEvent, writtenOf } from './event-codec.ts';
import { EventIdReused } from './event-id-reused.ts';
import type { AppendOutcome } from './event-store.ts';

/** What is stored under an event id that an append gives again. */
export type StoredEvent = Readonly<{
  eventId: EventId;
  stream: string;
  version: StreamVersion;
  written: WrittenEvent;
}>;

/**
 * Null when none of the request's event ids is stored. Throws `EventIdReused` unless all of them
 * are, in this stream and with the same content; the order of keys is no content.
 */
export function duplicateOf(
  append: CheckedAppend,
  stored: readonly StoredEvent[],
  codec: EventCodec,
): Extract<AppendOutcome, { outcome: 'duplicate' }> | null {
  const first = stored[0];
  if (first === undefined) return null;
  const byId = new Map(stored.map((event) => [event.eventId, event]));
  const { stream } = append.request;
  const differing = append.events.filter(({ given, encoded }) => {
    const found = byId.get(given.eventId);
    return found === undefined || found.stream !== stream || !isSame(found.written, encoded, codec);
  });
  if (differing.length > 0) throw new EventIdReused(stream, differing.map(eventIdOf));
  const version = stored.reduce((last, { version: at }) => (at > last ? at : last), first.version);
  return { outcome: 'duplicate', version };
}

const eventIdOf = ({ given }: EncodedNewEvent) => given.eventId;

function isSame(stored: WrittenEvent, given: EncodedEvent, codec: EventCodec): boolean {
  if (stored.type !== given.type) return false;
  const { data } = writtenOf(given);
  if (stored.data === data) return true;
  const upcast = writtenOf(codec.encode(codec.decode(stored)));
  return canonicalText(upcast.data) === canonicalText(data);
}

const canonicalText = (data: string) => JSON.stringify(sorted(JSON.parse(data) as Json));

function sorted(value: Json): Json {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = Object.entries(value as JsonObject).map(([key, item]) => [key, sorted(item)]);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
}
