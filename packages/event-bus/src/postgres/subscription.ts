import {
  backoffMs,
  chanceOf,
  type Clock,
  type Database,
  isUnavailable,
  type Logger,
} from '@counterfoil/runtime';
import type { Deliver } from '../deliver.ts';
import { cursorCommitter } from './cursor-committer.ts';
import {
  type HeartbeatResult,
  heartbeat,
  leaveGroup,
  type MemberName,
  registerGroup,
  release,
} from './group-leases.ts';
import { type LogBatch, readHeldBack, readLog, readParked } from './message-batch.ts';
import { type TurnOutcome, takeTurn } from './partition-turn.ts';
import { trimAcknowledged } from './trimmer.ts';
import { commitTurn, moveCursors } from './turn-commit.ts';
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
  /** Something was published, or given back: look now. */
  readonly wake: () => void;
  /** Parked messages were added from outside. */
  readonly reload: () => void;
  readonly stop: () => Promise<void>;
}

/** A partition that is ours. */
type Partition = {
  readonly number: number;
  /** By key, when it is due by our monotonic clock; null until it was read. */
  heldBack: Map<string, number> | null;
  parkedCount: number;
  /** To be let go as soon as it is idle: another member has too few. */
  isLeaving: boolean;
};

/** Above it a partition reads no further: its lag grows instead of its set-aside messages. */
const parkedMax = 10_000;
/** While the database is away. */
const faultBackoff = { delayMsFirst: 100, delayMsMax: 2_000 };

/**
 * One member of a group. Two loops run until `stop`: one keeps the leases, one starts turns of the
 * partitions that are idle. A turn reads a batch after the cursor, handles it, and commits what
 * became of it together with the cursor, under a compare-and-set of both lease and cursor.
 */
export async function startSubscription(options: SubscriptionOptions): Promise<Subscription> {
  const { clock, database, logger, name } = options;
  const partitions = new Map<number, Partition>();
  const turns = new Map<number, Promise<void>>();
  const stopping = new AbortController();
  const work = wakeup(clock);
  const leases = wakeup(clock);
  const moveCursor = cursorCommitter((moves) => moveCursors(database, name, moves));

  await registerGroup(database, name);
  takeOver(await heartbeat(database, name, options.leaseMs));
  const loops = [keepLeases(), startTurns()];
  return {
    wake: work.wake,
    reload: () => {
      for (const partition of partitions.values()) partition.heldBack = null;
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
        takeOver(await heartbeat(database, name, options.leaseMs));
        await letGo();
        await trimAcknowledged(database, name.topic, [...partitions.keys()]);
        failures = 0;
      } catch (error) {
        report('a bus subscription could not renew its leases', error, failures++);
      }
    }
  }

  /** What others added to the parked messages is read anew, once a heartbeat. */
  function takeOver({ owned, surplus }: HeartbeatResult): void {
    for (const number of partitions.keys()) if (!owned.has(number)) partitions.delete(number);
    for (const number of owned)
      if (!partitions.has(number))
        partitions.set(number, { number, heldBack: null, parkedCount: 0, isLeaving: false });
    const leaving = new Set([...owned].slice(owned.size - surplus));
    for (const partition of partitions.values()) {
      partition.isLeaving = leaving.has(partition.number);
      if (!turns.has(partition.number)) partition.heldBack = null;
    }
    work.wake();
  }

  async function letGo(): Promise<void> {
    const idle = [...partitions.values()].filter(
      (partition) => partition.isLeaving && !turns.has(partition.number),
    );
    if (idle.length === 0) return;
    for (const { number } of idle) partitions.delete(number);
    await release(
      database,
      name,
      idle.map(({ number }) => number),
    );
  }

  async function startTurns(): Promise<void> {
    let failures = 0;
    let pollMs = options.pollMsMin;
    while (!stopping.signal.aborted) {
      let sleepMs: number;
      try {
        const started = await startDueTurns();
        pollMs = started ? options.pollMsMin : Math.min(options.pollMsMax, pollMs * 2);
        sleepMs = Math.min(pollMs, untilNextDueMs());
        failures = 0;
      } catch (error) {
        report('a bus subscription could not read its messages', error, failures++);
        sleepMs = faultDelayMs(failures);
      }
      await work.sleep(sleepMs);
    }
  }

  async function startDueTurns(): Promise<boolean> {
    const idle = [...partitions.values()].filter(
      (partition) => !turns.has(partition.number) && !partition.isLeaving,
    );
    if (idle.length === 0) return false;
    await readHeldBackOf(idle.filter((partition) => partition.heldBack === null));
    const readable = idle.filter((partition) => partition.parkedCount < parkedMax);
    const batches = await readLog(database, name, {
      partitions: readable.map((partition) => partition.number),
      limit: options.batchSizeMax,
    });
    let isStarted = false;
    for (const partition of idle) {
      const batch = batches.get(partition.number) ?? null;
      const dueKeys = dueKeysOf(partition);
      const { heldBack } = partition;
      // While we read, the lease may have gone or the parked messages may have changed.
      const isReady = partitions.get(partition.number) === partition && heldBack !== null;
      if (!isReady || stopping.signal.aborted || (batch === null && dueKeys.length === 0)) continue;
      isStarted = true;
      const turn = runTurn(partition, { batch, dueKeys, heldBack }).finally(() => {
        turns.delete(partition.number);
        if (partition.isLeaving) leases.wake();
        work.wake();
      });
      turns.set(partition.number, turn);
    }
    return isStarted;
  }

  async function readHeldBackOf(unread: readonly Partition[]): Promise<void> {
    if (unread.length === 0) return;
    const held = await readHeldBack(
      database,
      name,
      unread.map((partition) => partition.number),
    );
    const now = clock.monotonic();
    for (const partition of unread) {
      const found = held.get(partition.number);
      partition.parkedCount = found?.parkedCount ?? 0;
      partition.heldBack = new Map(
        [...(found?.dueInMs ?? [])].map(([key, dueInMs]) => [key, now + dueInMs]),
      );
    }
  }

  function dueKeysOf(partition: Partition): readonly string[] {
    const now = clock.monotonic();
    return [...(partition.heldBack ?? [])].flatMap(([key, dueAt]) => (dueAt <= now ? [key] : []));
  }

  function untilNextDueMs(): number {
    let nextAt = Number.POSITIVE_INFINITY;
    for (const partition of partitions.values())
      if (!turns.has(partition.number))
        for (const dueAt of partition.heldBack?.values() ?? []) nextAt = Math.min(nextAt, dueAt);
    return Math.max(1, nextAt - clock.monotonic());
  }

  /** Never rejects. What goes wrong leaves the messages where they are, to be delivered again. */
  async function runTurn(
    partition: Partition,
    {
      batch,
      dueKeys,
      heldBack,
    }: Readonly<{
      batch: LogBatch | null;
      dueKeys: readonly string[];
      heldBack: ReadonlyMap<string, number>;
    }>,
  ): Promise<void> {
    try {
      const parked =
        dueKeys.length === 0
          ? null
          : await readParked(database, name, {
              partition: partition.number,
              keys: dueKeys,
              limit: options.batchSizeMax,
            });
      const from = batch?.cursor ?? parked?.cursor;
      if (from === undefined) return forget(partition);
      const cutKey = parked?.isCut ? (parked.messages.at(-1)?.key ?? '') : null;
      // Of keys in the order of the answer, those before the last are whole.
      const isWhole = (key: string) =>
        dueKeys.includes(key) &&
        (cutKey === null ||
          (key !== cutKey && parked?.messages.some((message) => message.key === key) === true));
      const outcome = await takeTurn(
        {
          log: batch?.messages ?? [],
          parked: parked?.messages ?? [],
          isHeldBack: (key) => heldBack.has(key) && !isWhole(key),
        },
        options.deliver,
        stopping.signal,
      );
      const to = cursorAfter(from, batch, outcome);
      if (await commit(partition, { from, to, outcome }))
        settle(partition, outcome, isWhole, dueKeys);
      else forget(partition);
    } catch (error) {
      report('a bus subscription gave a batch back', error, 0);
      forget(partition);
      await clock.sleep(faultDelayMs(1), stopping.signal);
    }
  }

  /** Tries until the database has it: what was handled is not handled again for a lost answer. */
  async function commit(
    partition: Partition,
    turn: Readonly<{ from: bigint; to: bigint; outcome: TurnOutcome }>,
  ): Promise<boolean> {
    const { from, to, outcome } = turn;
    const parkings = outcome.parkings.filter(
      ({ message }) => message.isParked || message.position <= to,
    );
    const letters = outcome.letters.filter(
      ({ message }) => message.isParked || message.position <= to,
    );
    const { removals } = outcome;
    const isPlain = parkings.length + letters.length + removals.length === 0;
    const move = { partition: partition.number, from, to };
    for (let failures = 0; ; failures++) {
      try {
        if (isPlain) return from === to || (await moveCursor(move));
        return await commitTurn(database, name, { ...move, parkings, removals, letters }, clock);
      } catch (error) {
        if (!isUnavailable(error) || stopping.signal.aborted) throw error;
        report('a bus subscription could not acknowledge', error, failures);
        await clock.sleep(faultDelayMs(failures + 1), stopping.signal);
      }
    }
  }

  /** Brings what we remember of held-back keys up to what was committed. */
  function settle(
    partition: Partition,
    outcome: TurnOutcome,
    isWhole: (key: string) => boolean,
    dueKeys: readonly string[],
  ): void {
    const { heldBack } = partition;
    // Changed from outside while we worked: it is read anew before the next turn.
    if (heldBack === null) return;
    const now = clock.monotonic();
    for (const key of dueKeys) if (isWhole(key)) heldBack.delete(key);
    for (const { message, delayMs } of outcome.parkings) {
      if (!message.isParked) partition.parkedCount++;
      if (delayMs !== null) heldBack.set(message.key, now + delayMs);
    }
    partition.parkedCount -= outcome.removals.length;
  }

  /** The next heartbeat says whether it is ours still. */
  function forget(partition: Partition): void {
    if (partitions.get(partition.number) === partition) partitions.delete(partition.number);
    leases.wake();
  }

  function report(message: string, error: unknown, failuresBefore: number): void {
    // Once an outage, and now and then while it lasts.
    if (failuresBefore % reportEvery === 0) logger.warn(message, { ...name, error });
  }

  function faultDelayMs(failures: number): number {
    return backoffMs(faultBackoff, failures, chanceOf(clock));
  }
}

const reportEvery = 20;

/** Before the first message that was not handled; what was handled beyond it comes again. */
function cursorAfter(from: bigint, batch: LogBatch | null, outcome: TurnOutcome): bigint {
  const unhandled = new Set(outcome.unhandled.map((message) => message.position));
  let cursor = from;
  for (const { position } of batch?.messages ?? []) {
    if (unhandled.has(position)) break;
    cursor = position;
  }
  return cursor;
}
