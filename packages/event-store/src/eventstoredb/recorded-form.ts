import {
  checkpoint,
  commandId,
  correlationId,
  eventId,
  instant,
  type Json,
  type JsonObject,
  type Recorded,
  type StreamVersion,
  streamVersion,
} from '@counterfoil/domain';
import type { JSONEventData, ResolvedEvent } from '@eventstore/db-client';
import type { CheckedAppend, EncodedNewEvent } from '../checked-append.ts';
import { type EventCodec, writtenOf } from '../event-codec.ts';
import type { StoredEvent } from '../duplicate-of.ts';

/** An event as it lies in EventStoreDB; every number in `data` is one that the codec wrote. */
export type StoredRecord = StoredEvent &
  Readonly<{ position: bigint; metadata: JsonObject; created: Date }>;

// The server counts the data of an append's events up to 1,048,576 bytes. We count what else we send
// too, as it may one day, and leave room for it.
export const appendBytesMax = 1_000_000;
// The metadata of an event without its correlation and cause.
const bytesPerEvent = 160;

/**
 * What the server is given. `serverId` makes the ids by which it recognises a repeated call; ours
 * is in the metadata, beside the names for correlation and cause that its own projections know.
 */
export function proposedOf(
  { request, events }: CheckedAppend,
  serverId: () => string,
): JSONEventData[] {
  const bytes = events.reduce((sum, event) => sum + bytesOf(event), 0);
  if (bytes > appendBytesMax)
    throw new Error(`An append to ${request.stream} has ${bytes} bytes, above ${appendBytesMax}`);
  return events.map((event) => {
    if (event.encoded.type.startsWith('$'))
      throw new Error(`Event type ${event.encoded.type} is reserved by EventStoreDB`);
    return {
      id: serverId(),
      contentType: 'application/json',
      type: event.encoded.type,
      data: JSON.parse(writtenOf(event.encoded).data) as Record<string, Json>,
      metadata: metadataOf(event),
    };
  });
}

export const bytesOf = ({ given, encoded }: EncodedNewEvent): number =>
  bytesPerEvent +
  encoded.data.length +
  Buffer.byteLength(encoded.type) +
  Buffer.byteLength(given.correlationId) +
  Buffer.byteLength(given.causationId);

const metadataOf = ({ given, encoded }: EncodedNewEvent) => ({
  eventId: given.eventId,
  schemaVersion: encoded.schemaVersion,
  occurredAt: new Date(given.occurredAt).toISOString(),
  $correlationId: given.correlationId,
  $causationId: given.causationId,
});

/** Versions begin at 1, the server's revisions at 0: they meet here and in `revisionAfter` only. */
const versionOf = (revision: bigint): StreamVersion => streamVersion(revision + 1n);

/** The revision of the first event after a version. */
export const revisionAfter = (version: bigint): bigint => version;

/** What an append expects that follows a version. */
export const expectedRevision = (version: bigint): bigint | 'no_stream' =>
  version === 0n ? 'no_stream' : version - 1n;

/** A position is of one record as long as the two parts of it are the same, as for our appends. */
export function positionOf(commit: bigint, prepare: bigint): bigint {
  if (commit !== prepare)
    throw new Error(`Position ${commit}/${prepare} belongs to a transaction, which we never write`);
  return commit;
}

/** Throws on what Counterfoil has not written. */
export function storedRecord(resolved: ResolvedEvent, prefix: string): StoredRecord {
  const { event } = resolved;
  if (event === undefined || !event.isJson || !event.streamId.startsWith(prefix))
    throw new Error('EventStoreDB gave an event that is not ours');
  const metadata = event.metadata as JsonObject | undefined;
  const id = metadata?.['eventId'];
  const schemaVersion = metadata?.['schemaVersion'];
  if (metadata === undefined || typeof id !== 'string' || typeof schemaVersion !== 'number')
    throw new Error(`Event ${event.revision} of ${event.streamId} was not written by Counterfoil`);
  // Servers before 22.6 give a reading of one stream no positions.
  const { commit, prepare } = event.position ?? {};
  if (commit === undefined || prepare === undefined)
    throw new Error(`Event ${event.revision} of ${event.streamId} has no position`);
  return {
    eventId: eventId(id),
    stream: event.streamId.slice(prefix.length),
    version: versionOf(event.revision),
    written: { type: event.type, schemaVersion, data: JSON.stringify(event.data) },
    position: positionOf(commit, prepare),
    metadata,
    created: event.created,
  };
}

export function recordedOf(stored: StoredRecord, codec: EventCodec): Recorded {
  const { metadata } = stored;
  return {
    event: codec.decode(stored.written),
    eventId: stored.eventId,
    stream: stored.stream,
    version: stored.version,
    position: checkpoint(String(stored.position)),
    occurredAt: instant(Date.parse(String(metadata['occurredAt']))),
    recordedAt: instant(stored.created.getTime()),
    correlationId: correlationId(String(metadata['$correlationId'])),
    causationId: commandId(String(metadata['$causationId'])),
  };
}
