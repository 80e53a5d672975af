import type { Brand, Instant, JsonObject, NonEmpty } from '@counterfoil/domain';

export type ConsumerGroup = Brand<string, 'ConsumerGroup'>;
export const consumerGroup = (name: string): ConsumerGroup => name as ConsumerGroup;

export interface Topic<Message> {
  readonly name: string;
  /** Messages of one key are delivered in the order in which they were published. */
  readonly keyOf: (message: Message) => string;
  /** Unique per message: consumers drop repeats by it. */
  readonly idOf: (message: Message) => string;
  readonly encode: (message: Message) => JsonObject;
  readonly decode: (payload: JsonObject) => Message;
}

export type Delivery<Message> = Readonly<{ message: Message; attempt: number }>;

export type Disposition =
  | Readonly<{ kind: 'ack' }>
  | Readonly<{ kind: 'retry'; delayMs: number; reason: string }>
  | Readonly<{ kind: 'dead-letter'; reason: string }>;

export type Handle<Message> = (
  delivery: Delivery<Message>,
  signal: AbortSignal,
) => Promise<Disposition>;

/** A message that a group gave up on: kept with why, until someone has it tried again. */
export type DeadLetter = Readonly<{
  id: string;
  topic: string;
  group: string;
  key: string;
  messageId: string;
  reason: string;
  attempts: number;
  failedAt: Instant;
  /** As it was published. */
  payload: JsonObject;
  /** False where the broker's message could not be kept as it was: it cannot be given again. */
  isWhole: boolean;
}>;

export type DeadLetterRetry = Readonly<{
  id: string;
  /** `gone`: none of that id waits, or someone had it tried again already. */
  outcome: 'retried' | 'gone' | 'not-whole';
}>;

export interface DeadLetters {
  /** Oldest first, at most `limit` of them and a thousand, after the dead letter named `after`. */
  readonly list: (
    query?: Readonly<{ topic?: string; group?: string; after?: string; limit?: number }>,
  ) => Promise<readonly DeadLetter[]>;
  /**
   * Delivers these to their groups again, as they were published and with attempts counted from the
   * start, and takes them off the list; tells the outcome of each. Later messages of a key went past
   * it: its order is lost. After a throw, or a crash, some may have been delivered and be on the list
   * still: tried again they are repeated, under their own ids.
   */
  readonly retry: (ids: readonly string[]) => Promise<readonly DeadLetterRetry[]>;
}

export interface EventBus {
  /**
   * Resolves when all are durable at the broker. On a throw some may be out: publish all again, the
   * consumer drops repeats.
   */
  readonly publish: <Message>(topic: Topic<Message>, messages: NonEmpty<Message>) => Promise<void>;

  /**
   * At least once to each group, in order per key; keys run side by side. A handler that throws is a
   * retry with backoff; after `attemptsMax` the message goes to the dead-letter topic. A throw that
   * says a server is away is retried without being counted. A retried message holds back later ones
   * of its key only. `signal` means finish now. Disposing waits for handlers that run.
   * A group begins with what the broker still keeps when it first subscribes; its members, in one
   * process or several, share the keys. Handlers may see a message twice at once when a member lost
   * touch with the broker: effects are fenced by their ids, not by the bus.
   */
  readonly subscribe: <Message>(
    topic: Topic<Message>,
    options: Readonly<{ group: ConsumerGroup; handle: Handle<Message> }>,
  ) => Promise<AsyncDisposable>;

  /** Messages a group has not acknowledged yet; dead letters are not counted. */
  readonly lag: (topicName: string, group: ConsumerGroup) => Promise<number>;

  readonly deadLetters: DeadLetters;
}
