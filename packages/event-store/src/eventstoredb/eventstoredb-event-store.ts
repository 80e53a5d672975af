import { type StreamVersion, streamVersion } from '@counterfoil/domain';
import type { Clock, Logger } from '@counterfoil/runtime';
import { appendSignal } from '../append-signal.ts';
import { checkedAppend } from '../checked-append.ts';
import { type EventCodec, eventCodec } from '../event-codec.ts';
import type { EventStore } from '../event-store.ts';
import { connection } from './connection.ts';
import { liveSignal } from './live-signal.ts';
import { logReader } from './log-reader.ts';
import { appendBytesMax, bytesOf, recordedOf } from './recorded-form.ts';
import { streamAppender } from './stream-appender.ts';
import { streamIdsCache } from './stream-ids.ts';
import { streamReader } from './stream-reader.ts';

export type EventStoreDbOptions = Readonly<{
  /** `esdb://…`: with a user name and a password, or with `tls=false`. */
  url: string;
  clock: Clock;
  logger: Logger;
  codec?: EventCodec;
  /** Of one call. A call that fails in passing is made again within twice that time. */
  deadlineMs?: number;
  connections?: number;
  /** Calls at once on each connection; the subscription is one more. */
  concurrentCallsMax?: number;
  /** Calls that wait for those. */
  queueLengthMax?: number;
  /** Before the name of each of our streams: what else is on the server is not ours. */
  streamPrefix?: string;
  /** Event ids known by stream; see `streamIdsCache`. */
  streamIdsMax?: number;
}>;

const deadlineMsDefault = 5_000;
// The server takes 100 calls on a connection and lets a further one hang. More than 64 at once gain
// nothing: the client library is the slower end.
const concurrentCallsMaxDefault = 64;
const concurrentCallsLimit = 95;
// Two seconds' work of the client library; a caller who would wait longer is better refused.
const queueLengthMaxDefault = 10_000;
const streamIdsMaxDefault = 500_000;

/**
 * The event log in EventStoreDB 22.10 or newer, or KurrentDB. Several processes may append. Each
 * stream is a stream of the server, revision 0 being version 1; appends are calls of their own, at
 * an exact revision; positions are commit positions as decimal text, growing, with gaps.
 *
 * Two promises of the port are narrower here. The server keeps no event ids across streams, so an
 * event id that another stream holds goes unnoticed; the write path derives ids from commands, of
 * which each belongs to one stream. And one append takes at most 1,000,000 bytes, its envelope
 * counted: more is a fault, and nothing was written.
 *
 * The first append to a stream in a process reads the ids of all its events, about 50,000 a second,
 * unless `readStream` has just read them. `readStream` asks for what the stream's events are, so a
 * stream must have no limit on its length or age.
 */
export function eventStoreDbEventStore(
  options: EventStoreDbOptions,
): EventStore & Readonly<{ close: () => Promise<void> }> {
  const { clock, logger, codec = eventCodec(), streamPrefix: prefix = 'counterfoil.' } = options;
  const concurrentCallsMax = options.concurrentCallsMax ?? concurrentCallsMaxDefault;
  if (concurrentCallsMax < 1 || concurrentCallsMax > concurrentCallsLimit)
    throw new Error(
      `A connection takes 1 to ${concurrentCallsLimit} calls, not ${concurrentCallsMax}`,
    );
  if (prefix === '' || prefix.startsWith('$'))
    throw new Error('Our streams need a prefix that tells them from the system’s');
  const server = connection({
    url: options.url,
    clock,
    logger,
    deadlineMs: options.deadlineMs ?? deadlineMsDefault,
    connections: options.connections ?? 1,
    concurrentCallsMax,
    queueLengthMax: options.queueLengthMax ?? queueLengthMaxDefault,
  });
  const cache = streamIdsCache(options.streamIdsMax ?? streamIdsMaxDefault);
  const reader = streamReader({ connection: server, prefix, cache });
  const log = logReader({ connection: server, prefix, codec });

  let headKnown: string | null = null;
  const hasAdvanced = async () => {
    if (live.isLive()) return false;
    const before = headKnown;
    headKnown = await log.head();
    return headKnown !== before;
  };
  const signal = appendSignal({ clock, hasAdvanced });
  const live = liveSignal({ connection: server, clock, logger, prefix, onEvent: signal.raise });

  const append = streamAppender({
    connection: server,
    reader,
    cache,
    prefix,
    codec,
    serverId: clock.randomId,
    onAppended: signal.raise,
  });

  const readStream = async (stream: string, after: StreamVersion, limit: number) => {
    const { version, events } = await reader.read(stream, after, limit);
    return { version, events: events.map((stored) => recordedOf(stored, codec)) };
  };

  return {
    appendToStream: async (request) => append(checkedAppend(request, codec)),
    readStream: (stream, { after = streamVersion(0n), limit = Infinity } = {}) =>
      readStream(stream, after, limit),
    readAll: log.readAll,
    head: log.head,
    encode: codec.encode,
    appendSize: {
      max: appendBytesMax,
      of: (given) => bytesOf({ given, encoded: given.encoded ?? codec.encode(given.event) }),
    },
    waitForAppend: (timeoutMs, abort) => {
      live.start();
      return signal.wait(timeoutMs, abort);
    },
    close: async () => {
      await live.close();
      await server.close();
    },
  };
}
