import {
  type CommandId,
  type Recorded,
  type StreamVersion,
  streamVersion,
} from '@counterfoil/domain';

/** Where in its stream the events of a command are: among those of `after` up to `upTo`. */
export type AppendRange = Readonly<{ after: StreamVersion; upTo: StreamVersion }>;

/**
 * Remembers the commands whose events are durable, at least the latest half of `lengthMax`. A command
 * that comes again soon, typically after an answer was lost, gets its receipt again whatever its
 * decider would say to it now. For older commands the decider and the store's event ids are the
 * guard. Neither its events nor anything else of its own is kept: it would outlive the young
 * generation, and cost most of the garbage collector's time on a hot aggregate.
 */
export interface RecentAppends {
  readonly find: (stream: string, command: CommandId) => AppendRange | undefined;
  readonly remember: (stream: string, command: CommandId, range: AppendRange) => void;
}

export function recentAppends(lengthMax: number): RecentAppends {
  // Two halves, of which the older is dropped whole: taking the oldest entry out of one Map, again
  // and again, makes V8 walk over ever more deleted ones. By stream first, so that no key is made.
  let newer = new Map<string, Map<CommandId, AppendRange>>();
  let older: typeof newer = new Map();
  let newerLength = 0;
  return {
    find: (stream, command) => newer.get(stream)?.get(command) ?? older.get(stream)?.get(command),
    remember: (stream, command, range) => {
      if (newerLength >= lengthMax / 2) {
        older = newer;
        newer = new Map();
        newerLength = 0;
      }
      const ofStream = newer.get(stream) ?? new Map<CommandId, AppendRange>();
      newer.set(stream, ofStream.set(command, range));
      newerLength += 1;
    },
  };
}

/** What was appended by whose command, from events of one stream in their order. */
export function appendsOf(recorded: readonly Recorded[]): ReadonlyMap<CommandId, AppendRange> {
  const appends = new Map<CommandId, AppendRange>();
  for (const { causationId, version } of recorded) {
    // Events that the command handler appends are caused by commands.
    const command = causationId as CommandId;
    const after = appends.get(command)?.after ?? streamVersion(version - 1n);
    appends.set(command, { after, upTo: version });
  }
  return appends;
}
