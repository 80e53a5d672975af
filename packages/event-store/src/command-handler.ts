import type { Command, Event, Rejection, Result } from '@counterfoil/domain';
import type { CommandReceipt } from './command-receipt.ts';
import { commandStream, type CommandStream } from './command-stream.ts';
import type { EventStore } from './event-store.ts';
import { QueueFull } from './queue-full.ts';
import { recentAppends } from './recent-appends.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import { type StreamCategory, streamNameOf } from './stream-category.ts';

export interface CommandHandler<State, C extends Command, E extends Event, R extends Rejection> {
  /**
   * Decides upon the latest state of the aggregate and appends what was decided: all of it is
   * durable, or none. Commands of one aggregate are decided in the order of the calls. Resolves
   * with a rejection when the decider refuses, and then nothing was recorded. The same command
   * given again has no second effect: its receipt is the first one's, or what the decider makes of
   * a command that it has seen. A command belongs to one aggregate: its id must not be used for
   * another. What `load` gives afterwards is no older than the call.
   *
   * Throws on a fault: the outcome is unknown, and the same command may be given again. `QueueFull`:
   * nothing was done.
   */
  readonly handle: (id: string, command: C) => Promise<Result<CommandReceipt<E>, R>>;
  /**
   * The state that this process last knew to be stored, from memory when it is there. Another
   * process may have moved on; a command is always decided on the latest state. Throws on a fault.
   */
  readonly load: (id: string) => Promise<State>;
  /**
   * The state by a reading of the store that began after this call: what any process had stored by
   * then is in it, and in what `load` gives from then on. For what would be refused, or be final, on
   * the strength of what `load` lacks; it costs a reading each time. Throws on a fault.
   */
  readonly loadLatest: (id: string) => Promise<State>;
}

export type CommandHandlerOptions<
  State,
  C extends Command,
  E extends Event,
  R extends Rejection,
> = Readonly<{
  store: EventStore;
  category: StreamCategory<State, C, E, R>;
  /** Used when the category says how to take snapshots. */
  snapshots?: SnapshotStore;
  /** Aggregates whose state is kept in memory. */
  cacheSizeMax?: number;
  conflictRetriesMax?: number;
  /** Commands of one aggregate that wait or are under way. */
  queueLengthMax?: number;
  eventsPerAppendMax?: number;
}>;

const cacheSizeMaxDefault = 10_000;
// Against one other writer at full load every second try wins; sixteen losses are no bad luck.
const conflictRetriesMaxDefault = 16;
// Less than half a second's work for one hot aggregate; who would wait longer is better refused.
const queueLengthMaxDefault = 10_000;
// A larger append gains little throughput, and every command in it waits for the whole.
const eventsPerAppendMaxDefault = 500;
// Covers every command of several lost appends, and redeliveries that come right after.
const recentAppendsMax = 20_000;

/** The only caller of `appendToStream`: the one write path. */
export function commandHandler<State, C extends Command, E extends Event, R extends Rejection>(
  options: CommandHandlerOptions<State, C, E, R>,
): CommandHandler<State, C, E, R> {
  const { category, snapshots = null, cacheSizeMax = cacheSizeMaxDefault } = options;
  // In the order of last use.
  const streams = new Map<string, CommandStream<State, C, E, R>>();
  const streamOptions = {
    store: options.store,
    category,
    snapshots,
    recent: recentAppends(recentAppendsMax),
    conflictRetriesMax: options.conflictRetriesMax ?? conflictRetriesMaxDefault,
    queueLengthMax: options.queueLengthMax ?? queueLengthMaxDefault,
    eventsPerAppendMax: options.eventsPerAppendMax ?? eventsPerAppendMaxDefault,
  };

  // A hot aggregate is nearly always the one of the command before.
  let latest: Readonly<{ id: string; stream: CommandStream<State, C, E, R> }> | null = null;

  const streamOf = (id: string) => {
    if (latest?.id === id) return latest.stream;
    const name = streamNameOf(category.category, id);
    const known = streams.get(name);
    if (known === undefined && streams.size >= cacheSizeMax) forgetOne();
    const stream = known ?? commandStream(name, streamOptions);
    streams.delete(name);
    streams.set(name, stream);
    latest = { id, stream };
    return stream;
  };

  const forgetOne = () => {
    for (const [name, stream] of streams) {
      if (!stream.isIdle()) continue;
      streams.delete(name);
      return;
    }
    throw new QueueFull(`The ${category.category} cache`, cacheSizeMax);
  };

  return {
    // Not `async`, which would put a promise around each command's own.
    handle: (id, command) => {
      try {
        return streamOf(id).handle(command);
      } catch (error) {
        return Promise.reject(error as Error);
      }
    },
    load: async (id) => streamOf(id).load(),
    loadLatest: async (id) => streamOf(id).loadLatest(),
  };
}
