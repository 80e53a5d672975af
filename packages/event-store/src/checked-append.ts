import type { AppendRequest, NewEvent } from './event-store.ts';
import type { EncodedEvent, EventCodec } from './event-codec.ts';

// Longer text fits no index row of PostgreSQL (2,704 bytes), at up to four bytes a character.
const nameLengthMax = 512;
// An event is a fact about one webhook, whose body is bounded far below; this stops a runaway.
const dataLengthMax = 4 * 1024 * 1024;
// A handler's largest batch, and room for callers that append more at once.
const eventsPerRequestMax = 5_000;

const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
// Half a surrogate pair and the null character are no text to a database, and other control
// characters have no business in a name. Inside event data JSON escapes them all.
const unstorablePattern = /[\p{Control}\p{Surrogate}]/u;

export type EncodedNewEvent = Readonly<{ given: NewEvent; encoded: EncodedEvent }>;

/** A request whose parts every store can keep. `data` of each event is encoded. */
export type CheckedAppend = Readonly<{
  request: AppendRequest;
  events: readonly EncodedNewEvent[];
}>;

/**
 * Refuses alone, by a throw, what would otherwise fail every append that shares its database
 * transaction: text that cannot be stored, ids that are no UUIDs, sizes without end.
 */
export function checkedAppend(request: AppendRequest, codec: EventCodec): CheckedAppend {
  const { stream, events } = request;
  checkName('stream', stream);
  if (request.expected < 0n) throw new Error(`No stream has version ${request.expected}`);
  if (events.length > eventsPerRequestMax)
    throw new Error(`${events.length} events for ${stream} at once, above ${eventsPerRequestMax}`);
  if (new Set(events.map((given) => given.eventId)).size !== events.length)
    throw new Error(`An append to ${stream} gives one event id twice`);
  return { request, events: events.map((given) => checkedEvent(given, codec)) };
}

function checkedEvent(given: NewEvent, codec: EventCodec): EncodedNewEvent {
  if (!uuidPattern.test(given.eventId)) throw new Error(`Event id ${given.eventId} is no UUID`);
  checkName('correlation id', given.correlationId);
  checkName('causation id', given.causationId);
  checkName('event type', given.event.type);
  if (!Number.isSafeInteger(given.occurredAt))
    throw new Error(`Event ${given.eventId} occurred at no instant`);
  const encoded = given.encoded ?? codec.encode(given.event);
  if (encoded.data.length > dataLengthMax)
    throw new Error(`The data of event ${given.eventId} has more than ${dataLengthMax} bytes`);
  return { given, encoded };
}

function checkName(what: string, text: string): void {
  if (text.length === 0 || text.length > nameLengthMax || unstorablePattern.test(text))
    throw new Error(`A ${what} has 1 to ${nameLengthMax} storable characters`);
}
