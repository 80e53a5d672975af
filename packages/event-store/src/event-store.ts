import type {
  Checkpoint,
  CommandId,
  CorrelationId,
  Event,
  EventId,
  Instant,
  NonEmpty,
  Recorded,
  StreamVersion,
} from '@counterfoil/domain';
import type { EncodedEvent } from './event-codec.ts';

/** Both are exact: no append goes through on hope. `0n` is a stream that does not exist. */
export type ExpectedVersion = StreamVersion;

/** Correlation and cause are each event's own: one append may carry what several commands led to. */
export type NewEvent = Readonly<{
  eventId: EventId;
  event: Event;
  occurredAt: Instant;
  correlationId: CorrelationId;
  causationId: CommandId | EventId;
  /** What the store's own `encode` made of `event`. */
  encoded?: EncodedEvent;
}>;

export type AppendRequest = Readonly<{
  stream: string;
  expected: ExpectedVersion;
  events: NonEmpty<NewEvent>;
}>;

export type AppendOutcome =
  | Readonly<{ outcome: 'appended'; version: StreamVersion; position: Checkpoint }>
  /**
   * Every event id of the request is in this stream already; nothing was written. Checked before
   * the version, so that a retry after a lost answer is told the truth. `version` is that of the
   * last of these events.
   */
  | Readonly<{ outcome: 'duplicate'; version: StreamVersion }>
  | Readonly<{ outcome: 'version-conflict'; actual: StreamVersion }>;

export interface EventStore {
  /**
   * All or nothing, durable on return. Throws only on a fault: then the outcome is unknown, and the
   * same request may be given again. An event id that is stored with other content, in another
   * stream, or without the rest of its request is the fault `EventIdReused`; nothing was written.
   * A store that keeps no ids across streams says so, and may miss the one in another stream.
   * `position` is that of the request's last event.
   */
  readonly appendToStream: (request: AppendRequest) => Promise<AppendOutcome>;

  /**
   * Resolves when the appends that were given before have left for the store, for a caller who would
   * otherwise hold them up. Absent where they leave within the call.
   */
  readonly underWay?: () => Promise<void>;

  /** In version order, including everything appended before the call. An absent stream is empty, version 0. */
  readonly readStream: (
    stream: string,
    range?: Readonly<{ after?: StreamVersion; limit?: number }>,
  ) => Promise<Readonly<{ version: StreamVersion; events: readonly Recorded[] }>>;

  /**
   * Committed events of all streams after a position, in one order that never gains an earlier
   * event later. `next` is where to go on; it equals `after` when there is nothing new.
   */
  readonly readAll: (
    range: Readonly<{ after: Checkpoint | 'start'; limit: number }>,
  ) => Promise<Readonly<{ events: readonly Recorded[]; next: Checkpoint | 'start' }>>;

  /** The position of the last committed event. */
  readonly head: () => Promise<Checkpoint | 'start'>;

  /**
   * What an append does first with each event, for a caller who has time before it appends. Absent
   * where it gains nothing.
   */
  readonly encode?: (event: Event) => EncodedEvent;

  /**
   * How much one append takes, where that is less than any batch of a writer's: the sum of what `of`
   * says of its events. More is a fault, and nothing is written.
   */
  readonly appendSize?: Readonly<{ max: number; of: (event: NewEvent) => number }>;

  /**
   * Resolves when something may have been appended, or after `timeoutMs`; a hint, never a promise.
   * A reader that gives one signal of its own to every call misses no append of this process that
   * falls between its reading and its waiting.
   */
  readonly waitForAppend: (timeoutMs: number, signal: AbortSignal) => Promise<void>;
}
