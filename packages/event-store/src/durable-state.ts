import type { Command, Event, Rejection } from '@counterfoil/domain';
import { type Folded, type FoldedStreamOptions, startOf, withTail } from './folded-stream.ts';

/** The last state of one stream that is known to be stored. */
export interface DurableState<State> {
  /** Null before the first load, and when the stream may have moved on: then `reload`. */
  readonly current: () => Folded<State> | null;
  readonly isLoading: () => boolean;
  /** What was read. Callers at the same time share one reading. Throws on a fault. */
  readonly reload: () => Promise<Folded<State>>;
  /** After an append of our own, also amid a reading. `isBusy`: more is waiting already. */
  readonly advanceTo: (folded: Folded<State>, isBusy: boolean) => void;
  /** The state stays the base for reading the tail, but is no longer given out. */
  readonly doubt: () => void;
}

// A sixteenth more events for each further snapshot keeps the work of all of them proportional to
// the stream; the largest tail is still read in well under a second.
const growthDivisor = 16n;
const intervalMax = 65_536n;
const busyFactor = 4n;

function snapshotInterval(every: number, lastVersion: bigint): bigint {
  const grown = lastVersion / growthDivisor;
  const bounded = grown > intervalMax ? intervalMax : grown;
  return bounded > BigInt(every) ? bounded : BigInt(every);
}

/**
 * Reads from the latest snapshot and the tail at first, later only what was appended after the
 * state that it has. `onReading` is called just before the store is asked: what is then stored is
 * seen. Takes a snapshot when the category's interval has passed.
 *
 * A snapshot is of the whole state, which grows with the stream, and encoding it holds up everybody
 * in this process. So the interval grows with the stream too, and a busy stream gets four of it.
 */
export function durableState<State, C extends Command, E extends Event, R extends Rejection>(
  stream: string,
  options: FoldedStreamOptions<State, C, E, R>,
  onReading: () => void,
): DurableState<State> {
  let known: Folded<State> | null = null;
  // A doubt is dispelled by a reading that began after it.
  let doubts = 0;
  let dispelled = 0;
  let loading: Promise<Folded<State>> | null = null;
  let snapshotVersion = 0n;
  let isSnapshotting = false;

  const read = async () => {
    if (known === null) {
      known = await startOf(options, stream);
      snapshotVersion = known.version;
    }
    onReading();
    const doubtsBefore = doubts;
    const newest = newestOf(await withTail(options, stream, known));
    dispelled = doubtsBefore;
    takeSnapshot(newest, false);
    return newest;
  };

  /** A reading and an append may overtake each other: what is known to be stored stays known. */
  const newestOf = (folded: Folded<State>) => {
    if (known === null || folded.version > known.version) known = folded;
    return known;
  };

  const reload = () => {
    if (loading !== null) return loading;
    doubts += 1;
    loading = read().finally(() => {
      loading = null;
    });
    return loading;
  };

  const takeSnapshot = ({ state, version }: Folded<State>, isBusy: boolean) => {
    const { snapshots, category } = options;
    if (snapshots === null || category.snapshot === undefined || isSnapshotting) return;
    const { every, schemaVersion, encode } = category.snapshot;
    const interval = snapshotInterval(every, snapshotVersion) * (isBusy ? busyFactor : 1n);
    if (version - snapshotVersion < interval) return;
    isSnapshotting = true;
    snapshotVersion = version;
    const save = async () =>
      snapshots.save({ stream, version, schemaVersion, state: encode(state) });
    const finish = () => {
      isSnapshotting = false;
    };
    // A lost snapshot costs only time at a later load, so its fault is nobody's concern here.
    void save().then(finish, finish);
  };

  return {
    current: () => (doubts > dispelled ? null : known),
    isLoading: () => loading !== null,
    reload,
    advanceTo: (folded, isBusy) => {
      takeSnapshot(newestOf(folded), isBusy);
    },
    doubt: () => {
      doubts += 1;
    },
  };
}
