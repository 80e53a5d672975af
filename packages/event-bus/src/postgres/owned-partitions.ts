import type { HeartbeatResult } from './group-leases.ts';
import type { HeldBack } from './message-batch.ts';

/** A partition that is ours, as far as we know. */
export type Partition = {
  readonly number: number;
  /** By key, when it is due by our monotonic clock; null until it is read, or read anew. */
  heldBack: Map<string, number> | null;
  parkedCount: number;
  /** To be let go as soon as it is idle: another member has too few. */
  isLeaving: boolean;
};

/** What a member remembers of its partitions between heartbeats. Nothing here is written anywhere. */
export interface OwnedPartitions {
  readonly all: () => readonly Partition[];
  readonly isOurs: (partition: Partition) => boolean;
  /** Takes a heartbeat's word for what is ours, and distrusts what is remembered of it. */
  readonly update: (result: HeartbeatResult) => void;
  readonly forget: (partition: Partition) => void;
  /** What others parked, such as a dead letter to be tried again, is read before the next turn. */
  readonly distrust: () => void;
}

export function ownedPartitions(): OwnedPartitions {
  const partitions = new Map<number, Partition>();
  const isOurs = (partition: Partition) => partitions.get(partition.number) === partition;
  const distrust = () => {
    for (const partition of partitions.values()) partition.heldBack = null;
  };
  return {
    all: () => [...partitions.values()],
    isOurs,
    forget: (partition) => {
      if (isOurs(partition)) partitions.delete(partition.number);
    },
    distrust,
    update: ({ owned, surplus }) => {
      for (const number of partitions.keys()) if (!owned.has(number)) partitions.delete(number);
      for (const number of owned)
        if (!partitions.has(number))
          partitions.set(number, { number, heldBack: null, parkedCount: 0, isLeaving: false });
      const leaving = new Set([...owned].slice(owned.size - surplus));
      for (const partition of partitions.values())
        partition.isLeaving = leaving.has(partition.number);
      distrust();
    },
  };
}

export function rememberHeldBack(
  partition: Partition,
  found: HeldBack | undefined,
  now: number,
): void {
  partition.parkedCount = found?.parkedCount ?? 0;
  partition.heldBack = new Map(
    [...(found?.dueInMs ?? [])].map(([key, dueInMs]) => [key, now + dueInMs]),
  );
}

export const dueKeysOf = (heldBack: ReadonlyMap<string, number>, now: number): readonly string[] =>
  [...heldBack].flatMap(([key, dueAt]) => (dueAt <= now ? [key] : []));

/** Infinite when nothing waits. */
export const nextDueAt = (partitions: readonly Partition[]): number =>
  Math.min(...partitions.flatMap((partition) => [...(partition.heldBack?.values() ?? [])]));
