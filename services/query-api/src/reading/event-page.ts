import { type Recorded, type StreamVersion, streamVersion } from '@counterfoil/domain';
import type { EventStore } from '@counterfoil/event-store';
import { comparePositions, type Position } from '@counterfoil/read-models';

export type EventQuery = Readonly<{
  after: Position;
  limit: number;
  stream: string | null;
  types: ReadonlySet<string> | null;
}>;

/** `next`: how far the page has looked, and where the next one goes on. */
export type EventPage = Readonly<{
  events: readonly Recorded[];
  next: Position;
  isEnd: boolean;
}>;

/** Events read at once when most of them may be filtered away. */
const batchSize = 500;
/** Batches looked through for one page: bounds the work of a filter that nothing matches. */
const batchesMax = 20;

type Batch = Readonly<{ events: readonly Recorded[]; next: Position; isEnd: boolean }>;

/** Events in log order that match. A filtered page may be short before the end of the log. */
export async function eventPage(events: EventStore, query: EventQuery): Promise<EventPage> {
  const { types, limit } = query;
  const read = query.stream === null ? logReader(events) : await streamReader(events, query);
  const size = types === null ? limit : batchSize;
  const matching: Recorded[] = [];
  let next = query.after;
  for (let batches = 0; batches < batchesMax; batches += 1) {
    const batch = await read(next, size);
    for (const event of batch.events) {
      if (types !== null && !types.has(event.event.type)) continue;
      matching.push(event);
      if (matching.length < limit) continue;
      const isLast = batch.isEnd && event === batch.events.at(-1);
      return { events: matching, next: event.position, isEnd: isLast };
    }
    next = batch.next;
    if (batch.isEnd) return { events: matching, next, isEnd: true };
  }
  return { events: matching, next, isEnd: false };
}

type BatchReader = (after: Position, size: number) => Promise<Batch>;

/** One event more than asked tells whether the log goes on. */
const logReader =
  (store: EventStore): BatchReader =>
  async (after, size) => {
    const { events } = await store.readAll({ after, limit: size + 1 });
    return cut(events, after, size);
  };

/** Reads by version, after finding the version that `after` stands for once. */
async function streamReader(store: EventStore, query: EventQuery): Promise<BatchReader> {
  const stream = query.stream ?? '';
  let version = await versionAt(store, stream, query.after);
  return async (after, size) => {
    const { events } = await store.readStream(stream, { after: version, limit: size + 1 });
    const batch = cut(events, after, size);
    version = batch.events.at(-1)?.version ?? version;
    return batch;
  };
}

function cut(events: readonly Recorded[], after: Position, size: number): Batch {
  const shown = events.slice(0, size);
  return { events: shown, next: shown.at(-1)?.position ?? after, isEnd: events.length <= size };
}

/** The version of the stream's last event at or before a position: positions grow with versions. */
async function versionAt(
  store: EventStore,
  stream: string,
  position: Position,
): Promise<StreamVersion> {
  if (position === 'start') return streamVersion(0n);
  let [low, high] = [0n, (await store.readStream(stream, { limit: 1 })).version as bigint];
  while (low < high) {
    const middle = (low + high) / 2n;
    const range = { after: streamVersion(middle), limit: 1 };
    const [event] = (await store.readStream(stream, range)).events;
    if (event === undefined || comparePositions(event.position, position) > 0) high = middle;
    else low = middle + 1n;
  }
  return streamVersion(low);
}
