import type { Clock, Logger } from '@counterfoil/runtime';
import { encodeProgress, type CommittedOffset, type Progress } from './committed-progress.ts';
import { within } from './within.ts';
import { type LaneOptions, type PartitionLane, partitionLane } from './partition-lane.ts';

export type AssignedLanesOptions = Omit<LaneOptions, 'remembered'> &
  Readonly<{
    clock: Clock;
    logger: Logger;
    /** How far the group had come, by partition. */
    recall: () => Promise<ReadonlyMap<number, Progress>>;
    /** Resolves when the handlers of an earlier membership have ended. */
    settled: () => Promise<void>;
    /** How long they are waited for: one that does not end may see its message twice at once. */
    settleTimeoutMs: number;
  }>;

export type Move = Readonly<{
  partition: number;
  committed: CommittedOffset;
  /** To be called when the broker has it. */
  confirm: () => void;
}>;

/** The lanes of the partitions that are ours, as the group shares them out. */
export interface AssignedLanes {
  /** A member that kept its name kept its partitions: their lanes go on. Else all begin anew. */
  readonly assign: (memberId: string, partitions: readonly number[]) => void;
  /** The lane of a partition when it is ready; null when it is not ours. */
  readonly laneOf: (partition: number) => Promise<PartitionLane | null>;
  readonly lanes: () => readonly (readonly [number, PartitionLane])[];
  /** What is done and not committed yet. */
  readonly moves: () => readonly Move[];
  /** Resolves when no handler runs any more. */
  readonly stop: () => Promise<void>;
}

type Slot = {
  readonly ready: Promise<PartitionLane>;
  lane: PartitionLane | null;
  committed: string;
};

export function assignedLanes(options: AssignedLanesOptions): AssignedLanes {
  let slots = new Map<number, Slot>();
  let memberName: string | null = null;
  const stopped = new Set<Promise<void>>();

  return {
    assign: (memberId, partitions) => {
      const kept = memberId === memberName ? slots : new Map<number, Slot>();
      memberName = memberId;
      const fresh = partitions.filter((partition) => !kept.has(partition));
      const remembered = fresh.length === 0 ? null : recall();
      const before = slots;
      slots = new Map();
      for (const partition of partitions)
        slots.set(partition, kept.get(partition) ?? open(partition, remembered));
      for (const slot of before.values()) if (![...slots.values()].includes(slot)) close(slot);
    },
    laneOf: async (partition) => {
      const slot = slots.get(partition);
      const lane = (await slot?.ready) ?? null;
      return slots.get(partition) === slot ? lane : null;
    },
    lanes: () => [...slots].flatMap(([partition, { lane }]) => (lane ? [[partition, lane]] : [])),
    moves: () => [...slots].flatMap(([partition, slot]) => moveOf(partition, slot)),
    stop: async () => {
      for (const slot of slots.values()) close(slot);
      await Promise.all(stopped);
    },
  };

  function open(
    partition: number,
    remembered: Promise<ReadonlyMap<number, Progress>> | null,
  ): Slot {
    const slot: Slot = { lane: null, committed: '', ready: make() };
    return slot;

    async function make(): Promise<PartitionLane> {
      const progress = (await remembered)?.get(partition) ?? null;
      slot.lane = partitionLane({ ...options, remembered: progress });
      return slot.lane;
    }
  }

  /** Without it the broker still knows where to go on, and more is done twice. */
  async function recall(): Promise<ReadonlyMap<number, Progress>> {
    const settled = Promise.all([options.settled(), ...stopped]);
    await within(options.settleTimeoutMs, settled, options.clock);
    try {
      return await options.recall();
    } catch (error) {
      options.logger.warn('what a group had done could not be read', { error });
      return new Map();
    }
  }

  function close(slot: Slot): void {
    if (slot.lane === null) return;
    const gone: Promise<void> = slot.lane.stop().then(() => {
      stopped.delete(gone);
    });
    stopped.add(gone);
  }
}

function moveOf(partition: number, slot: Slot): readonly Move[] {
  const progress = slot.lane?.progress() ?? null;
  if (progress === null) return [];
  const committed = encodeProgress(progress);
  const text = `${committed.offset};${committed.metadata}`;
  if (text === slot.committed) return [];
  const confirm = () => {
    slot.committed = text;
    slot.lane?.committed(progress);
  };
  return [{ partition, committed, confirm }];
}
