import type { Brand, JsonObject, NonEmpty } from '@counterfoil/domain';

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

export interface EventBus {
  /**
   * Resolves when all are durable at the broker. On a throw some may be out: publish all again, the
   * consumer drops repeats.
   */
  readonly publish: <Message>(topic: Topic<Message>, messages: NonEmpty<Message>) => Promise<void>;

  /**
   * At least once to each group, in order per key; keys run side by side. A handler that throws is a
   * retry with backoff; after `attemptsMax` the message goes to the dead-letter topic. A retried
   * message holds back later ones of its key only. `signal` means finish now.
   * Disposing waits for handlers that run.
   */
  readonly subscribe: <Message>(
    topic: Topic<Message>,
    options: Readonly<{
      group: ConsumerGroup;
      handle: (delivery: Delivery<Message>, signal: AbortSignal) => Promise<Disposition>;
    }>,
  ) => Promise<AsyncDisposable>;

  /** Messages a group has not acknowledged yet. */
  readonly lag: (topicName: string, group: ConsumerGroup) => Promise<number>;
}
