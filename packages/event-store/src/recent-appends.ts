import type { Checkpoint, CommandId, Recorded, StreamVersion } from '@counterfoil/domain';

/** Where the events of one command are: the `count` events of its stream up to `version`. */
export type CommandAppend = Readonly<{
  version: StreamVersion;
  count: number;
  position: Checkpoint;
}>;

/**
 * Remembers the commands whose events are durable, at least the latest half of
 * `lengthMax`. A command that
 * comes again soon, typically after an answer was lost, gets its receipt again whatever its decider
 * would say to it now. For older commands the decider and the store's event ids are the guard.
 * Events themselves are not kept: they would outlive the young generation, and cost most of the
 * garbage collector's time on a hot aggregate.
 */
export interface RecentAppends {
  readonly find: (stream: string, command: CommandId) => CommandAppend | undefined;
  readonly remember: (stream: string, command: CommandId, append: CommandAppend) => void;
}

export function recentAppends(lengthMax: number): RecentAppends {
  // Two halves, of which the older is dropped whole: taking the oldest entry out of one Map, again
  // and again, makes V8 walk over ever more deleted ones. By stream first, so that no key is made.
  let newer = new Map<string, Map<CommandId, CommandAppend>>();
  let older: typeof newer = new Map();
  let newerLength = 0;
  return {
    find: (stream, command) => newer.get(stream)?.get(command) ?? older.get(stream)?.get(command),
    remember: (stream, command, append) => {
      if (newerLength >= lengthMax / 2) {
        older = newer;
        newer = new Map();
        newerLength = 0;
      }
      const ofStream = newer.get(stream) ?? new Map<CommandId, CommandAppend>();
      newer.set(stream, ofStream.set(command, append));
      newerLength += 1;
    },
  };
}

/** What was appended by whose command, from events of one stream in their order. */
export function appendsOf(recorded: readonly Recorded[]): ReadonlyMap<CommandId, CommandAppend> {
  const appends = new Map<CommandId, CommandAppend>();
  for (const { causationId, version, position } of recorded) {
    // Events that the command handler appends are caused by commands.
    const command = causationId as CommandId;
    const count = (appends.get(command)?.count ?? 0) + 1;
    appends.set(command, { version, count, position });
  }
  return appends;
}
