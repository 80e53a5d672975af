import type {
  AllStreamResolvedEvent,
  AllStreamSubscription,
  EventStoreDBClient,
  JSONEventData,
  Position,
  ReadPosition,
  ResolvedEvent,
  StreamingRead,
} from '@eventstore/db-client';
import { type Clock, type Logger, retry } from '@counterfoil/runtime';
import { isAbsentStream, isConflict, isPassing } from './call-fault.ts';
import { callGate } from './call-gate.ts';
import { clientLibrary } from './client-library.ts';
import { connectionUrl } from './connection-url.ts';
import { withinDeadline } from './within-deadline.ts';

export type ConnectionOptions = Readonly<{
  url: string;
  clock: Clock;
  logger: Logger;
  /** Of one call; a call that fails in passing is made again for a few times as long. */
  deadlineMs: number;
  connections: number;
  /** Of each connection. */
  concurrentCallsMax: number;
  queueLengthMax: number;
}>;

export type StreamRange = Readonly<{ from: bigint | 'end'; backwards?: boolean; countMax: number }>;
export type SubscribeOptions = Readonly<{
  prefix: string;
  after: Position | 'end';
  /** How far nothing of ours was found; may have a prepare position of 0, and serves as `after`. */
  onCheckpoint: (position: Position) => void;
}>;
export type LogRange = Readonly<{ from: ReadPosition; backwards?: boolean; countMax: number }>;

/**
 * Calls to the server, each with its deadline, and made again when it fails in passing. The same
 * event ids at the same exact revision are stored once by the server, so that an append may be
 * repeated too: its last answer tells what became of all its tries.
 */
export interface Connection {
  /** Null: the stream is at another revision. `expected` is a revision or a stream that is absent. */
  readonly append: (
    stream: string,
    events: JSONEventData[],
    expected: bigint | 'no_stream',
  ) => Promise<Position | null>;
  /** An absent stream has no events. */
  readonly readStream: (stream: string, range: StreamRange) => Promise<readonly ResolvedEvent[]>;
  /** Of all streams, also those of the system and of others. */
  readonly readLog: (range: LogRange) => Promise<readonly AllStreamResolvedEvent[]>;
  /** To streams whose name has the prefix. It ends with the connection, and with other faults. */
  readonly subscribe: (options: SubscribeOptions) => AllStreamSubscription;
  /** Waits for nothing: calls under way end with a fault. */
  readonly close: () => Promise<void>;
}

// A restart takes a server about a second, and what waits for it longer is better told so.
const delays = { delayMsFirst: 50, delayMsMax: 1_000 };
const attemptsMax = 8;
// A frozen server is asked again only once or twice.
const deadlinesMax = 2;
// The server's own answer that the time is up comes first when there is one.
const graceMs = 250;
// Checkpoints come each 32 × 8 records that the server has looked through.
const checkpointInterval = 8;
// Of every call: a follower's copy may lag behind what was appended.
const requiresLeader = true;

export function connection(options: ConnectionOptions): Connection {
  const { clock, logger, deadlineMs } = options;
  const library = clientLibrary();
  const { credentials, textOf } = connectionUrl(options.url);
  const clients = Array.from({ length: options.connections }, (_, index) =>
    library.EventStoreDBClient.connectionString(textOf(index)),
  );
  const gate = callGate({ ...options, callsPerConnectionMax: options.concurrentCallsMax });
  const closing = new AbortController();

  const clientOf = (index: number): EventStoreDBClient => {
    const client = clients[index];
    if (client === undefined || closing.signal.aborted)
      throw new Error('The EventStoreDB event store is closed');
    return client;
  };

  const call = <Value>(
    what: string,
    work: (client: EventStoreDBClient) => Readonly<{ done: Promise<Value>; abandon?: () => void }>,
  ): Promise<Value> => {
    const startedAt = clock.monotonic();
    const once = () =>
      gate.pass(async (index) => {
        const { done, abandon } = work(clientOf(index));
        const limit = { clock, deadlineMs: deadlineMs + graceMs, what };
        return withinDeadline(abandon ? { ...limit, abandon } : limit, done);
      });
    return retry(once, {
      ...delays,
      clock,
      attemptsMax,
      signal: closing.signal,
      isRetriable: (error) =>
        isPassing(error) && clock.monotonic() - startedAt < deadlinesMax * deadlineMs,
      onRetry: ({ error, attempt }) =>
        logger.debug('calling EventStoreDB again', { what, attempt, error }),
    });
  };

  const callOptions = { credentials, requiresLeader, deadline: deadlineMs };
  return {
    append: (stream, events, expected) =>
      call(`An append to ${stream}`, (client) => ({
        done: client
          .appendToStream(stream, events, { ...callOptions, expectedRevision: expected })
          .then(({ position }) => {
            if (position === undefined) throw new Error(`An append to ${stream} has no position`);
            return position;
          })
          .catch((error: unknown) => {
            if (isConflict(error)) return null;
            throw error;
          }),
      })),
    readStream: (stream, { from, backwards, countMax }) =>
      call(`Reading ${stream}`, (client) =>
        collected<ResolvedEvent>(
          client.readStream(stream, {
            ...callOptions,
            fromRevision: from,
            direction: backwards ? library.BACKWARDS : library.FORWARDS,
            maxCount: countMax,
          }),
        ),
      ),
    readLog: ({ from, backwards, countMax }) =>
      call('Reading the log', (client) =>
        collected<AllStreamResolvedEvent>(
          client.readAll({
            ...callOptions,
            fromPosition: from,
            direction: backwards ? library.BACKWARDS : library.FORWARDS,
            maxCount: countMax,
          }),
        ),
      ),
    subscribe: ({ prefix, after, onCheckpoint }) =>
      clientOf(0).subscribeToAll({
        credentials,
        requiresLeader,
        fromPosition: after,
        filter: library.streamNameFilter({
          prefixes: [prefix],
          checkpointInterval,
          checkpointReached: (_subscription, position) => onCheckpoint(position),
        }),
      }),
    close: async () => {
      closing.abort();
      await Promise.all(clients.map((client) => client.dispose()));
    },
  };
}

/** The whole of a reading, which is bounded by its count. */
function collected<Item>(
  reading: StreamingRead<Item>,
): Readonly<{ done: Promise<readonly Item[]>; abandon: () => void }> {
  const done = new Promise<readonly Item[]>((resolve, reject) => {
    const items: Item[] = [];
    reading.on('data', (item: Item) => void items.push(item));
    reading.on('end', () => resolve(items));
    reading.on('error', (error: Error) => (isAbsentStream(error) ? resolve([]) : reject(error)));
    reading.on('close', () => reject(new Error('A reading was closed before its end')));
  });
  return { done, abandon: () => void reading.cancel() };
}
