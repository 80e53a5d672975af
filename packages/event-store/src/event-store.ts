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

/** Both are exact: no append goes through on hope. `0n` is a stream that does not exist. */
export type ExpectedVersion = StreamVersion;

export type NewEvent = Readonly<{ eventId: EventId; event: Event; occurredAt: Instant }>;

export type AppendRequest = Readonly<{
  stream: string;
  expected: ExpectedVersion;
  events: NonEmpty<NewEvent>;
  correlationId: CorrelationId;
  causationId: CommandId | EventId;
}>;

export type AppendOutcome =
  | Readonly<{ outcome: 'appended'; version: StreamVersion; position: Checkpoint }>
  /**
   * Every event id of the request is in this stream already; nothing was written. Checked before
   * the version, so that a retry after a lost answer is told the truth.
   */
  | Readonly<{ outcome: 'duplicate'; version: StreamVersion }>
  | Readonly<{ outcome: 'version-conflict'; actual: StreamVersion }>;

export interface EventStore {
  /**
   * All or nothing, durable on return. Throws only on a fault: then the outcome is unknown, and the
   * same request may be given again. Reusing an event id for other content is a fault.
   */
  readonly appendToStream: (request: AppendRequest) => Promise<AppendOutcome>;

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

  /** Resolves when something may have been appended, or after `timeoutMs`; a hint, never a promise. */
  readonly waitForAppend: (timeoutMs: number, signal: AbortSignal) => Promise<void>;
}
