import type { Brand, CommandId, CorrelationId, EventId, Instant } from './ids.ts';

export type Event<Type extends string = string, Data extends object = object> = Readonly<{
  type: Type;
  data: Readonly<Data>;
}>;

/** Whatever a decision depends on besides state is in here: `decide` reads no clock. */
export type Command<Type extends string = string, Data extends object = object> = Readonly<{
  type: Type;
  data: Readonly<Data>;
  context: CommandContext;
}>;

/**
 * `commandId` is a UUID. The ids of the events that a command leads to are derived from it, so the
 * same command given again is refused by the store as a duplicate.
 */
export type CommandContext = Readonly<{
  commandId: CommandId;
  correlationId: CorrelationId;
  now: Instant;
}>;

/** 1 for the first event of a stream; 0 for a stream that does not exist. */
export type StreamVersion = Brand<bigint, 'StreamVersion'>;
export const streamVersion = (version: bigint): StreamVersion => version as StreamVersion;

/** Opaque text: ordered and understood only by the store that issued it. */
export type Checkpoint = Brand<string, 'Checkpoint'>;
export const checkpoint = (text: string): Checkpoint => text as Checkpoint;

/** An event as the log holds it: an envelope around the event, not an intersection with it. */
export type Recorded<E extends Event = Event> = Readonly<{
  event: E;
  eventId: EventId;
  stream: string;
  version: StreamVersion;
  position: Checkpoint;
  /** When it happened by the provider's clock, or by the caller's for a command of ours. */
  occurredAt: Instant;
  recordedAt: Instant;
  correlationId: CorrelationId;
  causationId: CommandId | EventId;
}>;
