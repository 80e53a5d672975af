import { type StreamVersion, streamVersion } from '@counterfoil/domain';
import type { Connection } from './connection.ts';
import { revisionAfter, type StoredRecord, storedRecord } from './recorded-form.ts';
import type { StreamIdsCache } from './stream-ids.ts';

export type StreamPage = Readonly<{ version: StreamVersion; events: readonly StoredRecord[] }>;

export interface StreamReader {
  /** As the port's `readStream`. */
  readonly read: (stream: string, after: StreamVersion, limit: number) => Promise<StreamPage>;
  /** Reads the stream from where its known ids end to its last event. */
  readonly learnTail: (stream: string) => Promise<void>;
}

// One call's worth: well within its deadline also for events of several kilobytes.
const pageSize = 1_000;

/** Whatever is read of a stream adds to what is known of its event ids. */
export function streamReader(
  options: Readonly<{ connection: Connection; prefix: string; cache: StreamIdsCache }>,
): StreamReader {
  const { connection, prefix, cache } = options;

  const pageAfter = async (stream: string, after: bigint, countMax: number) => {
    const range = { from: revisionAfter(after), countMax };
    const page = await connection.readStream(`${prefix}${stream}`, range);
    const events = page.map((resolved) => storedRecord(resolved, prefix));
    const first = events[0];
    // A limit on the stream's length or age, or a deletion: its versions would count wrongly.
    if (first !== undefined && first.version !== after + 1n)
      throw new Error(`${stream} has lost its events before version ${first.version}`);
    cache.learn(cache.of(stream), events);
    return events;
  };

  const lastVersion = async (stream: string): Promise<StreamVersion> => {
    const range = { from: 'end', backwards: true, countMax: 1 } as const;
    const [last] = await connection.readStream(`${prefix}${stream}`, range);
    return last === undefined ? streamVersion(0n) : storedRecord(last, prefix).version;
  };

  const read = async (stream: string, after: StreamVersion, limit: number): Promise<StreamPage> => {
    // One event earlier than asked: where there is one, the end of the stream needs no other call.
    const overlap = after > 0n ? 1n : 0n;
    const events: StoredRecord[] = [];
    let from: bigint = after - overlap;
    while (events.length < limit + Number(overlap)) {
      const wanted = Math.min(pageSize, limit + Number(overlap) - events.length);
      const page = await pageAfter(stream, from, wanted);
      events.push(...page);
      from = page.at(-1)?.version ?? from;
      if (page.length === wanted) continue;
      const isBeyond = events.length === 0 && after > 0n;
      const version = isBeyond ? await lastVersion(stream) : streamVersion(from);
      return { version, events: events.slice(Number(overlap)) };
    }
    return { version: await lastVersion(stream), events: events.slice(Number(overlap)) };
  };

  return {
    read,
    learnTail: async (stream) => {
      let after: bigint = cache.of(stream).upTo;
      for (;;) {
        const page = await pageAfter(stream, after, pageSize);
        after = page.at(-1)?.version ?? after;
        if (page.length < pageSize) return;
      }
    },
  };
}
