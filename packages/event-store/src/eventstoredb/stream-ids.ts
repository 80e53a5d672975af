import type { EventId, StreamVersion } from '@counterfoil/domain';
import { streamVersion } from '@counterfoil/domain';

/** The event ids of one stream, from its first event up to a version. */
export type StreamIds = {
  upTo: StreamVersion;
  readonly versions: Map<EventId, StreamVersion>;
  /** Appends that wait or are under way: it is not forgotten then. */
  users: number;
};

/** What is known of the streams that were in use of late. */
export interface StreamIdsCache {
  /** Empty for a stream of which nothing is known; remembered from now on. */
  readonly of: (stream: string) => StreamIds;
  /** Events of any part of the stream, in order; those that leave a gap are not learned. */
  readonly learn: (
    ids: StreamIds,
    events: readonly Readonly<{ eventId: EventId; version: StreamVersion }>[],
  ) => void;
}

/**
 * A stream itself counts as one id. Forgets whole streams, the longest unused first, while more than `idsMax` ids are known. A stream
 * that is being appended to is kept, however long it is: about 100 bytes an event.
 */
export function streamIdsCache(idsMax: number): StreamIdsCache {
  // In the order of last use.
  const streams = new Map<string, StreamIds>();
  let known = 0;

  const forgetSome = () => {
    for (const [stream, ids] of streams) {
      if (known <= idsMax) return;
      if (ids.users > 0) continue;
      streams.delete(stream);
      known -= ids.versions.size + 1;
    }
  };

  return {
    of: (stream) => {
      const found = streams.get(stream);
      const ids = found ?? { upTo: streamVersion(0n), versions: new Map(), users: 0 };
      if (found === undefined) known += 1;
      streams.delete(stream);
      streams.set(stream, ids);
      return ids;
    },
    learn: (ids, events) => {
      const before = ids.versions.size;
      for (const { eventId, version } of events) {
        if (version !== ids.upTo + 1n) continue;
        ids.versions.set(eventId, version);
        ids.upTo = version;
      }
      known += ids.versions.size - before;
      if (known > idsMax) forgetSome();
    },
  };
}
