import { type Clock, type Database, isUnavailable } from '@counterfoil/runtime';
import type { Deliver } from '../deliver.ts';
import type { MemberName } from './group-leases.ts';
import { type LogBatch, type ParkedBatch, readParked } from './message-batch.ts';
import type { Partition } from './owned-partitions.ts';
import { type TurnOutcome, takeTurn } from './partition-turn.ts';
import { commitTurn, type CursorMove } from './turn-commit.ts';

export type TurnOptions = Readonly<{
  database: Database;
  clock: Clock;
  name: MemberName;
  deliver: Deliver;
  batchSizeMax: number;
  moveCursor: (move: CursorMove) => Promise<boolean>;
  stopping: AbortSignal;
  /** Told of each failed try to acknowledge; resolves when the next may begin. */
  onFault: (error: unknown, failuresBefore: number) => Promise<void>;
}>;

export type DueWork = Readonly<{
  /** What follows the cursor. */
  batch: LogBatch | null;
  dueKeys: readonly string[];
  heldBack: ReadonlyMap<string, number>;
}>;

/**
 * One turn of a partition: reads its due parked messages, handles them and the batch, and commits
 * what became of them. False when the lease is lost, and nothing was written.
 */
export async function runTurn(
  partition: Partition,
  work: DueWork,
  options: TurnOptions,
): Promise<boolean> {
  const { batch, dueKeys, heldBack } = work;
  const parked = dueKeys.length === 0 ? null : await readDue(partition, dueKeys, options);
  const from = batch?.cursor ?? parked?.cursor;
  if (from === undefined) return false;
  const whole = wholeKeys(dueKeys, parked);
  const outcome = await takeTurn(
    {
      log: batch?.messages ?? [],
      parked: parked?.messages ?? [],
      isHeldBack: (key) => heldBack.has(key) && !whole.has(key),
    },
    options.deliver,
    options.stopping,
  );
  const move = { partition: partition.number, from, to: cursorAfter(from, batch, outcome) };
  const isHeld = await commit(move, outcome, options);
  if (isHeld) settle(partition, { outcome, whole, now: options.clock.monotonic() });
  return isHeld;
}

const readDue = (partition: Partition, keys: readonly string[], options: TurnOptions) =>
  readParked(options.database, options.name, {
    partition: partition.number,
    keys,
    limit: options.batchSizeMax,
  });

/** The due keys of which every parked message is in hand: what follows the cursor may follow them. */
function wholeKeys(dueKeys: readonly string[], parked: ParkedBatch | null): ReadonlySet<string> {
  if (parked === null || !parked.isCut) return new Set(dueKeys);
  const read = new Set(parked.messages.map((message) => message.key));
  // The answer is in order of keys, so only the last one may be cut.
  read.delete(parked.messages.at(-1)?.key ?? '');
  return read;
}

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

/** Tries until the database has it: what was handled is not handled again for a lost answer. */
async function commit(
  move: CursorMove,
  outcome: TurnOutcome,
  options: TurnOptions,
): Promise<boolean> {
  const isCovered = ({
    message,
  }: TurnOutcome['letters'][number] | TurnOutcome['parkings'][number]) =>
    message.isParked || message.position <= move.to;
  const parkings = outcome.parkings.filter(isCovered);
  const letters = outcome.letters.filter(isCovered);
  const { removals } = outcome;
  const isPlain = parkings.length + letters.length + removals.length === 0;
  for (let failures = 0; ; failures++) {
    try {
      if (isPlain) return move.from === move.to || (await options.moveCursor(move));
      const turn = { ...move, parkings, removals, letters };
      return await commitTurn(options.database, options.name, turn, options.clock);
    } catch (error) {
      if (!isUnavailable(error) || options.stopping.aborted) throw error;
      await options.onFault(error, failures);
    }
  }
}

/** Brings what we remember of held-back keys up to what was committed. */
function settle(
  partition: Partition,
  turn: Readonly<{ outcome: TurnOutcome; whole: ReadonlySet<string>; now: number }>,
): void {
  const { heldBack } = partition;
  // Distrusted while we worked: it is read anew before the next turn.
  if (heldBack === null) return;
  for (const key of turn.whole) heldBack.delete(key);
  for (const { message, delayMs } of turn.outcome.parkings) {
    if (!message.isParked) partition.parkedCount++;
    if (delayMs !== null) heldBack.set(message.key, turn.now + delayMs);
  }
  partition.parkedCount -= turn.outcome.removals.length;
}
