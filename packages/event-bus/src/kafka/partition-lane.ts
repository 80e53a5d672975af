import type { Clock } from '@counterfoil/runtime';
import type { Verdict } from '../retry-policy.ts';
import type { Progress } from './committed-progress.ts';
import type { StoredRecord } from './kafka-record.ts';

export type LaneOptions = Readonly<{
  clock: Clock;
  /** How far the group had come when the partition became ours; null when it never began. */
  remembered: Progress | null;
  /** Handles one record. It waits for a free handler. */
  deliver: (record: StoredRecord, attempt: number, signal: AbortSignal) => Promise<Verdict>;
  /** Makes a dead letter durable; false when it gave up because of `signal`. */
  bury: (
    record: StoredRecord,
    verdict: Extract<Verdict, { kind: 'dead-letter' }>,
    signal: AbortSignal,
  ) => Promise<boolean>;
  onFinished: () => void;
}>;

export interface PartitionLane {
  /** Takes what was fetched, in order; what it has already, or was done before, it passes over. */
  readonly accept: (records: readonly StoredRecord[], lastOffset: bigint) => void;
  /** Records taken and not done. */
  readonly waitingCount: () => number;
  /** What may be committed now; null before anything is known. */
  readonly progress: () => Progress | null;
  /** The broker has it: the log never comes again from before it. */
  readonly committed: (progress: Progress) => void;
  /** Begins nothing more, tells the handlers to finish, and resolves when they have. */
  readonly stop: () => Promise<void>;
}

type Entry = { readonly record: StoredRecord; attempts: number };

/**
 * One partition while it is ours. Keys run side by side, the messages of one key one after another;
 * one that is tried again later holds back its key only. What waits is in memory: the attempts are
 * counted anew when the partition moves to another process.
 */
export function partitionLane(options: LaneOptions): PartitionLane {
  const { clock, deliver, bury } = options;
  const unfinished = new Map<bigint, Entry>();
  const queues = new Map<string, Entry[]>();
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  const { signal } = stopping;
  let remembered = options.remembered;
  const rememberedOpen = new Set(remembered?.unfinished);
  /** The first offset not taken yet. */
  let next = remembered?.low ?? null;
  /** The log comes again from here at the earliest. */
  let floor = next;

  return {
    accept: (records, lastOffset) => {
      const [first] = records;
      if (!first || signal.aborted) return;
      // The topic was made anew: its offsets mean other messages now.
      if (floor !== null && first.offset < floor) forget(first.offset);
      floor ??= first.offset;
      for (const record of records) if (isNew(record.offset)) take(record);
      if (next === null || lastOffset >= next) next = lastOffset + 1n;
    },
    waitingCount: () => unfinished.size,
    progress: () => {
      if (next === null) return null;
      const later = rememberedAfter(next);
      const open = [...unfinished.keys(), ...later.unfinished];
      const reach = later.reach > next ? later.reach : next;
      return { low: open[0] ?? reach, reach, unfinished: open };
    },
    committed: ({ low }) => {
      if (floor === null || low > floor) floor = low;
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
    },
  };

  function forget(start: bigint): void {
    unfinished.clear();
    remembered = null;
    next = start;
    floor = start;
  }

  function rememberedAfter(from: bigint): Pick<Progress, 'reach' | 'unfinished'> {
    if (remembered === null || remembered.reach <= from) return { reach: from, unfinished: [] };
    const { reach } = remembered;
    return { reach, unfinished: remembered.unfinished.filter((offset) => offset >= from) };
  }

  function isNew(offset: bigint): boolean {
    if (next !== null && offset < next) return false;
    const isDone = remembered !== null && offset < remembered.reach && !rememberedOpen.has(offset);
    return !isDone;
  }

  function take(record: StoredRecord): void {
    const entry = { record, attempts: 0 };
    unfinished.set(record.offset, entry);
    const queue = queues.get(record.key);
    if (queue) {
      queue.push(entry);
      return;
    }
    const fresh = [entry];
    queues.set(record.key, fresh);
    const work: Promise<void> = runKey(record.key, fresh).then(() => {
      running.delete(work);
    });
    running.add(work);
  }

  async function runKey(key: string, queue: Entry[]): Promise<void> {
    for (let entry = queue[0]; entry && !signal.aborted; entry = queue[0]) {
      const verdict = await deliver(entry.record, entry.attempts + 1, signal);
      if (verdict.kind === 'retry') {
        if (signal.aborted) return;
        entry.attempts = verdict.attempts;
        await clock.sleep(verdict.delayMs, signal);
        continue;
      }
      if (verdict.kind === 'dead-letter' && !(await bury(entry.record, verdict, signal))) return;
      queue.shift();
      finish(entry);
    }
    if (queue.length === 0) queues.delete(key);
  }

  function finish(entry: Entry): void {
    // Not when the topic was made anew meanwhile: the offset is another message's.
    if (unfinished.get(entry.record.offset) === entry) unfinished.delete(entry.record.offset);
    options.onFinished();
  }
}
