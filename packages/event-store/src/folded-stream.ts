import {
  type Command,
  type Event,
  type Recorded,
  type Rejection,
  type StreamVersion,
  streamVersion,
} from '@counterfoil/domain';
import type { EventStore } from './event-store.ts';
import { appendsOf, type RecentAppends } from './recent-appends.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import type { StreamCategory } from './stream-category.ts';

/** A state and the version of the last event in it. */
export type Folded<State> = Readonly<{ state: State; version: StreamVersion }>;

export type FoldedStreamOptions<
  State,
  C extends Command,
  E extends Event,
  R extends Rejection,
> = Readonly<{
  store: EventStore;
  snapshots: SnapshotStore | null;
  category: StreamCategory<State, C, E, R>;
  recent: RecentAppends;
}>;

// One page is in memory at a time; a hot stream's tail since its snapshot is a few of them.
const pageSize = 1_000;

/** The latest snapshot of a stream, or the state before its first event. */
export async function startOf<State, C extends Command, E extends Event, R extends Rejection>(
  { snapshots, category }: FoldedStreamOptions<State, C, E, R>,
  stream: string,
): Promise<Folded<State>> {
  const initial = { state: category.decider.initialState, version: streamVersion(0n) };
  if (snapshots === null || category.snapshot === undefined) return initial;
  const { schemaVersion, decode } = category.snapshot;
  const kept = await snapshots.load(stream, schemaVersion);
  return kept === null ? initial : { state: decode(kept.state), version: kept.version };
}

/** Folds what was appended after `base`, and remembers whose commands those events were. */
export async function withTail<State, C extends Command, E extends Event, R extends Rejection>(
  { store, category, recent }: FoldedStreamOptions<State, C, E, R>,
  stream: string,
  base: Folded<State>,
): Promise<Folded<State>> {
  let { state, version } = base;
  // A page may end amid the events of one command: those are counted with the next page.
  let cut: readonly Recorded<E>[] = [];
  for (;;) {
    const page = await store.readStream(stream, { after: version, limit: pageSize });
    const events = page.events.map(ownEvent<E>);
    for (const recorded of events) state = category.decider.evolve(state, recorded.event);
    version = events.at(-1)?.version ?? version;
    const grouped = [...cut, ...events];
    for (const [command, range] of appendsOf(grouped)) recent.remember(stream, command, range);
    if (events.length < pageSize) return { state, version };
    cut = grouped.filter(({ causationId }) => causationId === events.at(-1)?.causationId);
  }
}

/** A category's streams hold only its own events: its command handler is their one writer. */
export const ownEvent = <E extends Event>(recorded: Recorded): Recorded<E> =>
  recorded as Recorded<E>;
