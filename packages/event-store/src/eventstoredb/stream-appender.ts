import { checkpoint, type StreamVersion, streamVersion } from '@counterfoil/domain';
import type { CheckedAppend } from '../checked-append.ts';
import { duplicateOf } from '../duplicate-of.ts';
import type { EventCodec } from '../event-codec.ts';
import type { AppendOutcome } from '../event-store.ts';
import type { Connection } from './connection.ts';
import { expectedRevision, positionOf, proposedOf, storedRecord } from './recorded-form.ts';
import type { StreamIds, StreamIdsCache } from './stream-ids.ts';
import type { StreamReader } from './stream-reader.ts';

export type StreamAppenderOptions = Readonly<{
  connection: Connection;
  reader: StreamReader;
  cache: StreamIdsCache;
  prefix: string;
  codec: EventCodec;
  serverId: () => string;
  onAppended: () => void;
}>;

/**
 * Appends to one stream one after the other, in the order of the calls.
 *
 * The server itself would store a known event id again at a later revision, and finds repeated ids
 * by the revision alone. So every id of the stream up to the expected version is known here before
 * an append goes out, and the exact revision proves that there are no others.
 *
 * The ids that the server sees are new with every call, and the same in each of its tries. So its
 * yes means that this call was stored, once, and never that somebody else's append with the same
 * event ids, and perhaps other content, was there first: that is a conflict, and the stream is read.
 */
export function streamAppender(
  options: StreamAppenderOptions,
): (append: CheckedAppend) => Promise<AppendOutcome> {
  const { connection, reader, cache, prefix, codec } = options;
  const tails = new Map<string, Promise<unknown>>();

  const storedUnder = async (stream: string, ids: StreamIds, append: CheckedAppend) => {
    const known = append.events.flatMap(({ given }) => ids.versions.get(given.eventId) ?? []);
    const ranges = runsOf(known.toSorted((a, b) => (a < b ? -1 : 1)));
    const pages = [];
    for (const { first, count } of ranges)
      pages.push(
        ...(await connection.readStream(`${prefix}${stream}`, {
          from: first - 1n,
          countMax: count,
        })),
      );
    return pages.map((resolved) => storedRecord(resolved, prefix));
  };

  const duplicate = async (ids: StreamIds, append: CheckedAppend) =>
    duplicateOf(append, await storedUnder(append.request.stream, ids, append), codec);

  const conflictOrDuplicate = async (ids: StreamIds, append: CheckedAppend) =>
    (await duplicate(ids, append)) ?? ({ outcome: 'version-conflict', actual: ids.upTo } as const);

  const appendOne = async (ids: StreamIds, append: CheckedAppend): Promise<AppendOutcome> => {
    const { stream, expected } = append.request;
    const proposed = proposedOf(append, options.serverId);
    if (ids.upTo !== expected) await reader.learnTail(stream);
    if (ids.upTo !== expected) return conflictOrDuplicate(ids, append);
    const known = await duplicate(ids, append);
    if (known !== null) return known;
    const at = await connection.append(`${prefix}${stream}`, proposed, expectedRevision(expected));
    if (at === null) {
      await reader.learnTail(stream);
      return conflictOrDuplicate(ids, append);
    }
    const appended = append.events.map(({ given: { eventId } }, index) => ({
      eventId,
      version: streamVersion(expected + BigInt(index + 1)),
    }));
    cache.learn(ids, appended);
    options.onAppended();
    const version = streamVersion(expected + BigInt(append.events.length));
    const position = checkpoint(String(positionOf(at.commit, at.prepare)));
    return { outcome: 'appended', version, position };
  };

  return (append) => {
    const { stream } = append.request;
    const ids = cache.of(stream);
    ids.users += 1;
    const before = tails.get(stream) ?? Promise.resolve();
    const own = before.then(() => appendOne(ids, append));
    const tail = own
      .catch(() => {})
      .then(() => {
        ids.users -= 1;
        if (tails.get(stream) === tail) tails.delete(stream);
      });
    tails.set(stream, tail);
    return own;
  };
}

/** Versions that follow each other are read together. */
function runsOf(versions: readonly StreamVersion[]) {
  const runs: { first: bigint; count: number }[] = [];
  for (const version of versions) {
    const run = runs.at(-1);
    if (run !== undefined && version === run.first + BigInt(run.count)) run.count += 1;
    else runs.push({ first: version, count: 1 });
  }
  return runs;
}
