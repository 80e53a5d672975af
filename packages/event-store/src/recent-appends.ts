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
  // and again, makes V8 walk over ever more deleted ones.
  let newer = new Map<string, CommandAppend>();
  let older: ReadonlyMap<string, CommandAppend> = new Map();
  return {
    find: (stream, command) => {
      const key = command + stream;
      return newer.get(key) ?? older.get(key);
    },
    remember: (stream, command, append) => {
      if (newer.size >= lengthMax / 2) {
        older = newer;
        newer = new Map();
      }
      newer.set(command + stream, append);
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
