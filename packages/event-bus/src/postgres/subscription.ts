import { backoffMs, chanceOf, type Clock, type Database, type Logger } from '@counterfoil/runtime';
import type { Deliver } from '../deliver.ts';
import { cursorCommitter } from './cursor-committer.ts';
import { heartbeat, leaveGroup, type MemberName, registerGroup, release } from './group-leases.ts';
import { readHeldBack, readLog } from './message-batch.ts';
import {
  dueKeysOf,
  nextDueAt,
  ownedPartitions,
  type Partition,
  rememberHeldBack,
} from './owned-partitions.ts';
import { type DueWork, runTurn } from './run-turn.ts';
import { trimAcknowledged } from './trimmer.ts';
import { moveCursors } from './turn-commit.ts';
import { wakeup } from './wakeup.ts';

export type SubscriptionOptions = Readonly<{
  database: Database;
  clock: Clock;
  logger: Logger;
  name: MemberName;
  deliver: Deliver;
  leaseMs: number;
  pollMsMin: number;
  pollMsMax: number;
  /** Messages that a partition takes in one turn. */
  batchSizeMax: number;
}>;

export interface Subscription {
  /** Something was published: look now. */
  readonly wake: () => void;
  /** Parked messages were added from outside. */
  readonly reload: () => void;
  readonly stop: () => Promise<void>;
}

/** Above it a partition reads no further: its lag grows instead of its set-aside messages. */
const parkedMax = 10_000;
/** While the database is away. */
const faultBackoff = { delayMsFirst: 100, delayMsMax: 2_000 };
/** An outage is told once, and now and then while it lasts. */
const reportEvery = 20;

/**
 * One member of a group. Two loops run until `stop`: one keeps the leases, one starts turns of the
 * partitions that are idle. A turn reads a batch after the cursor, handles it, and commits what
 * became of it together with the cursor, under a compare-and-set of both lease and cursor.
 */
export async function startSubscription(options: SubscriptionOptions): Promise<Subscription> {
  const { clock, database, logger, name } = options;
  const owned = ownedPartitions();
  const turns = new Map<number, Promise<void>>();
  const stopping = new AbortController();
  const work = wakeup(clock);
  const leases = wakeup(clock);
  const turnOptions = {
    ...options,
    stopping: stopping.signal,
    moveCursor: cursorCommitter((moves) => moveCursors(database, name, moves)),
    onFault: async (error: unknown, failures: number) => {
      report('a bus subscription could not acknowledge', error, failures);
      await clock.sleep(faultDelayMs(failures + 1), stopping.signal);
    },
  };

  await registerGroup(database, name);
  await renewLeases();
  const loops = [keepLeases(), startTurns()];
  return {
    wake: work.wake,
    reload: () => {
      owned.distrust();
      work.wake();
    },
    stop: async () => {
      stopping.abort();
      work.wake();
      leases.wake();
      await Promise.all([...loops, ...turns.values()]);
      await leaveGroup(database, name).catch((error: unknown) => {
        logger.warn('a bus subscription could not give its leases back', { ...name, error });
      });
    },
  };

  async function keepLeases(): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      // Two may fail before a lease ends.
      await leases.sleep(failures > 0 ? faultDelayMs(failures) : options.leaseMs / 3);
      if (stopping.signal.aborted) return;
      try {
        await renewLeases();
        await letGo();
        const numbers = owned.all().map((partition) => partition.number);
        await trimAcknowledged(database, name.topic, numbers);
        failures = 0;
      } catch (error) {
        report('a bus subscription could not renew its leases', error, failures++);
      }
    }
  }

  async function renewLeases(): Promise<void> {
    owned.update(await heartbeat(database, name, options.leaseMs));
    work.wake();
  }

  async function letGo(): Promise<void> {
    const idle = owned
      .all()
      .filter((partition) => partition.isLeaving && !turns.has(partition.number));
    if (idle.length === 0) return;
    for (const partition of idle) owned.forget(partition);
    const numbers = idle.map((partition) => partition.number);
    await release(database, name, numbers);
  }

  async function startTurns(): Promise<void> {
    let failures = 0;
    let pollMs = options.pollMsMin;
    while (!stopping.signal.aborted) {
      let sleepMs: number;
      try {
        const isStarted = await startDueTurns();
        pollMs = isStarted ? options.pollMsMin : Math.min(options.pollMsMax, pollMs * 2);
        sleepMs = Math.min(pollMs, Math.max(1, nextDueAt(idlePartitions()) - clock.monotonic()));
        failures = 0;
      } catch (error) {
        report('a bus subscription could not read its messages', error, failures++);
        sleepMs = faultDelayMs(failures);
      }
      await work.sleep(sleepMs);
    }
  }

  function idlePartitions(): readonly Partition[] {
    return owned.all().filter((partition) => !turns.has(partition.number) && !partition.isLeaving);
  }

  async function startDueTurns(): Promise<boolean> {
    const idle = idlePartitions();
    if (idle.length === 0) return false;
    await recallHeldBack(idle.filter((partition) => partition.heldBack === null));
    const readable = idle.filter((partition) => partition.parkedCount < parkedMax);
    const batches = await readLog(database, name, {
      partitions: readable.map((partition) => partition.number),
      limit: options.batchSizeMax,
    });
    let isStarted = false;
    for (const partition of idle) {
      const { heldBack } = partition;
      // While we read, the lease may have gone or the parked messages may have changed.
      if (heldBack === null || !owned.isOurs(partition) || stopping.signal.aborted) continue;
      const batch = batches.get(partition.number) ?? null;
      const dueKeys = dueKeysOf(heldBack, clock.monotonic());
      if (batch === null && dueKeys.length === 0) continue;
      isStarted = true;
      turns.set(partition.number, take(partition, { batch, dueKeys, heldBack }));
    }
    return isStarted;
  }

  async function recallHeldBack(unread: readonly Partition[]): Promise<void> {
    if (unread.length === 0) return;
    const numbers = unread.map((partition) => partition.number);
    const held = await readHeldBack(database, name, numbers);
    const now = clock.monotonic();
    for (const partition of unread) rememberHeldBack(partition, held.get(partition.number), now);
  }

  /** Never rejects. What goes wrong leaves the messages where they are, to be delivered again. */
  async function take(partition: Partition, due: DueWork): Promise<void> {
    let isHeld = false;
    try {
      isHeld = await runTurn(partition, due, turnOptions);
    } catch (error) {
      report('a bus subscription gave a batch back', error, 0);
      await clock.sleep(faultDelayMs(1), stopping.signal);
    }
    turns.delete(partition.number);
    // The next heartbeat says whether it is ours still.
    if (!isHeld) owned.forget(partition);
    if (!isHeld || partition.isLeaving) leases.wake();
    work.wake();
  }

  function report(message: string, error: unknown, failuresBefore: number): void {
    if (failuresBefore % reportEvery === 0) logger.warn(message, { ...name, error });
  }

  function faultDelayMs(failures: number): number {
    return backoffMs(faultBackoff, failures, chanceOf(clock));
  }
}
