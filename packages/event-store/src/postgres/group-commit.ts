import type { Clock } from '@counterfoil/runtime';
import type { CheckedAppend } from '../checked-append.ts';
import type { AppendOutcome } from '../event-store.ts';
import { QueueFull } from '../queue-full.ts';
import { chained, type Segment } from './append-group.ts';

/** What became of one append: its outcome, a fault, or `again` when it must be a group by itself. */
export type AppendAnswer =
  | Readonly<{ kind: 'settled'; outcome: AppendOutcome }>
  | Readonly<{ kind: 'fault'; error: unknown }>
  | Readonly<{ kind: 'again' }>;

export type GroupCommitOptions = Readonly<{
  clock: Clock;
  /** Events in one group. */
  groupSizeMax: number;
  /** How long a first append waits for company. */
  groupWaitMs: number;
  groupsInFlightMax: number;
  queueLengthMax: number;
  /** Never rejects; answers each append of the group. */
  commit: (segments: readonly Segment[]) => Promise<ReadonlyMap<CheckedAppend, AppendAnswer>>;
}>;

type Waiting = {
  readonly append: CheckedAppend;
  readonly resolve: (outcome: AppendOutcome) => void;
  readonly reject: (error: unknown) => void;
  isAlone: boolean;
};

/**
 * Collects the appends of concurrent callers into groups. Appends to one stream keep their order:
 * one follows another within a group when its expected version allows, else in a later group, and
 * never while the stream is in another group under way. While groups are in flight the next one
 * fills by itself, so waiting for company (`groupWaitMs`) pays only for a disk slower than most.
 */
export function groupCommit(
  options: GroupCommitOptions,
): (append: CheckedAppend) => Promise<AppendOutcome> {
  let queue: Waiting[] = [];
  let groupsInFlight = 0;
  let isScheduled = false;
  const busyStreams = new Set<string>();

  const schedule = () => {
    if (isScheduled || queue.length === 0 || groupsInFlight >= options.groupsInFlightMax) return;
    isScheduled = true;
    void start();
  };

  const start = async () => {
    // At least one turn, so that callers who were woken together go out together.
    if (options.groupWaitMs > 0) await options.clock.sleep(options.groupWaitMs);
    else await Promise.resolve();
    isScheduled = false;
    const { group, segments, left } = takeGroup(queue, busyStreams, options.groupSizeMax);
    queue = left;
    if (segments.length === 0) return;
    groupsInFlight += 1;
    for (const { stream } of segments) busyStreams.add(stream);
    schedule();
    const answers = await options.commit(segments);
    for (const { stream } of segments) busyStreams.delete(stream);
    groupsInFlight -= 1;
    const again = group.filter((waiting) => !settle(waiting, answers.get(waiting.append)));
    if (again.length > 0) queue = [...again, ...queue];
    schedule();
  };

  return (append) =>
    new Promise((resolve, reject) => {
      if (queue.length >= options.queueLengthMax)
        return reject(new QueueFull('The event store', options.queueLengthMax));
      queue.push({ append, resolve, reject, isAlone: false });
      schedule();
    });
}

/** False when the append is to go out again, by itself. */
function settle(waiting: Waiting, answer: AppendAnswer | undefined): boolean {
  if (answer?.kind === 'settled') waiting.resolve(answer.outcome);
  else if (answer?.kind === 'again') waiting.isAlone = true;
  else waiting.reject(answer?.error ?? new Error('Invariant broken: an append has no answer'));
  return answer?.kind !== 'again';
}

function takeGroup(
  queue: readonly Waiting[],
  busyStreams: ReadonlySet<string>,
  groupSizeMax: number,
) {
  const segments = new Map<string, Segment>();
  // Once an append stays behind, so do the later ones of its stream.
  const closed = new Set<string>();
  const group: Waiting[] = [];
  const left: Waiting[] = [];
  let size = 0;
  for (const waiting of queue) {
    const { stream } = waiting.append.request;
    const count = waiting.append.events.length;
    const isFull = size + count > groupSizeMax || waiting.isAlone || group[0]?.isAlone === true;
    const isApart = closed.has(stream) || busyStreams.has(stream);
    const hasPlace = !isApart && (!isFull || group.length === 0);
    const segment = hasPlace ? chained(segments.get(stream), waiting.append) : null;
    if (segment === null) {
      closed.add(stream);
      left.push(waiting);
      continue;
    }
    segments.set(stream, segment);
    group.push(waiting);
    size += count;
  }
  return { group, segments: [...segments.values()], left };
}
