import type { CheckedAppend } from '../checked-append.ts';

/** Appends to one stream, each expecting the version that the one before leaves. */
export type Segment = { stream: string; nextVersion: bigint; readonly appends: CheckedAppend[] };

/** Null when the append cannot follow what the segment holds already. */
export function chained(segment: Segment | undefined, append: CheckedAppend): Segment | null {
  const { stream, expected } = append.request;
  const nextVersion = expected + BigInt(append.events.length);
  if (segment === undefined) return { stream, nextVersion, appends: [append] };
  if (segment.nextVersion !== expected) return null;
  segment.appends.push(append);
  segment.nextVersion = nextVersion;
  return segment;
}

/** The record separator: no JSON text contains it, and no name may. */
const separator = '\u001e';
const separatorByte = separator.charCodeAt(0);

/**
 * The group as the parameters of `append_batch`, column by column. The data comes last: the client
 * copies what it has written each time that it needs more room.
 */
export function columnsOf(segments: readonly Segment[], recordedMs: number): readonly unknown[] {
  const streams: string[] = [];
  const expected: string[] = [];
  const places: number[] = [];
  const streamsOfEvents: string[] = [];
  const versions: string[] = [];
  const ids: string[] = [];
  const kinds: string[] = [];
  const schemaVersions: number[] = [];
  const data: Buffer[] = [];
  const correlationIds: string[] = [];
  const causationIds: string[] = [];
  const occurredMs: number[] = [];
  for (const { stream, appends } of segments) {
    let version: bigint = appends[0]?.request.expected ?? 0n;
    streams.push(stream);
    expected.push(String(version));
    for (const { given, encoded } of appends.flatMap(({ events }) => events)) {
      version += 1n;
      places.push(streams.length);
      streamsOfEvents.push(stream);
      versions.push(String(version));
      ids.push(given.eventId);
      kinds.push(encoded.type);
      schemaVersions.push(encoded.schemaVersion);
      data.push(encoded.data);
      correlationIds.push(given.correlationId);
      causationIds.push(given.causationId);
      occurredMs.push(given.occurredAt);
    }
  }
  const text = (column: readonly string[]) => column.join(separator);
  // Numbers and UUIDs need no quoting, which the client would look for in every one of them.
  const array = (column: readonly (string | number)[]) => `{${column.join(',')}}`;
  return [
    text(streams),
    array(expected),
    array(places),
    text(streamsOfEvents),
    array(versions),
    array(ids),
    text(kinds),
    array(schemaVersions),
    text(correlationIds),
    text(causationIds),
    array(occurredMs),
    recordedMs,
    joined(data),
  ];
}

/** Given as bytes, a text is neither copied into another one nor encoded again. */
function joined(column: readonly Buffer[]): Buffer {
  const all = Buffer.allocUnsafe(column.reduce((sum, data) => sum + data.length + 1, -1));
  let at = 0;
  for (const data of column) {
    if (at > 0) all[at++] = separatorByte;
    at += data.copy(all, at);
  }
  return all;
}
