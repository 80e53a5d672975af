import {
  type Checkpoint,
  type Command,
  type Event,
  invariant,
  ok,
  type Rejection,
  type Result,
  type StreamVersion,
  streamVersion,
} from '@counterfoil/domain';
import type { CommandReceipt } from './command-receipt.ts';
import {
  batchFrom,
  type DecidedBatch,
  decideInto,
  type Waiting,
  waitingFor,
  waitingOf,
} from './decided-batch.ts';
import { durableState } from './durable-state.ts';
import { EventIdReused } from './event-id-reused.ts';
import type { AppendOutcome } from './event-store.ts';
import { type Folded, type FoldedStreamOptions, ownEvent } from './folded-stream.ts';
import { QueueFull } from './queue-full.ts';
import type { AppendRange } from './recent-appends.ts';
import { waitingCommands } from './waiting-commands.ts';

/** The one writer of one stream in this process. */
export interface CommandStream<State, C extends Command, E extends Event, R extends Rejection> {
  readonly handle: (command: C) => Promise<Result<CommandReceipt<E>, R>>;
  readonly load: () => Promise<State>;
  readonly loadLatest: () => Promise<State>;
  /** True when nothing waits and nothing is under way: it can be forgotten. */
  readonly isIdle: () => boolean;
}

export type CommandStreamOptions<
  State,
  C extends Command,
  E extends Event,
  R extends Rejection,
> = FoldedStreamOptions<State, C, E, R> &
  Readonly<{
    conflictRetriesMax: number;
    queueLengthMax: number;
    eventsPerAppendMax: number;
  }>;

// Callers do their next in their turn, some milliseconds for so many. Between turns the answer of the
// store is heard, and the next append leaves while the rest of them wait for theirs.
const answersPerTurn = 64;

/**
 * Commands are decided in the order in which they came.
 *
 * `durable` is the last state known to be stored, `inFlight` the batch being appended upon it, and
 * `open` the batch being decided upon that one: both are speculation. When the append succeeds,
 * `inFlight` becomes `durable` and `open` goes out. When it does not, both batches are dropped,
 * the stream's tail is read, and their commands are decided again, except those whose own append
 * faulted: their outcome is unknown, and their callers are told so.
 *
 * No caller is answered from speculation. A batch without events, nothing but rejections and
 * commands with nothing left to do, has no append to prove that it was decided on the latest state.
 * Its commands are answered only if the stream's tail was read after they came and nothing newer is
 * known than what they were decided upon; else they are decided again after a reading. That second
 * half counts because `loadLatest` reads also while an append is under way.
 */
export function commandStream<State, C extends Command, E extends Event, R extends Rejection>(
  stream: string,
  options: CommandStreamOptions<State, C, E, R>,
): CommandStream<State, C, E, R> {
  type Batch = DecidedBatch<State, C, E, R>;
  let inFlight: Batch | null = null;
  let open: Batch | null = null;
  let queue: Waiting<C, E, R>[] = [];
  const unanswered = waitingCommands<Waiting<C, E, R>>();
  let arrivals = 0;
  let freshUpTo = 0;
  let answering = Promise.resolve();
  const durable = durableState(stream, options, () => {
    freshUpTo = arrivals;
  });

  const handle = (command: C) => {
    const { commandId } = command.context;
    // The same command twice at once is one command.
    const same = unanswered.find(commandId);
    if (same !== undefined) return same.answer;
    if (unanswered.count() >= options.queueLengthMax)
      return Promise.reject(new QueueFull(stream, options.queueLengthMax));
    const waiting = waitingFor<C, E, R>(command, ++arrivals);
    unanswered.add(commandId, waiting);
    queue.push(waiting);
    advance();
    return waiting.answer;
  };

  /** True when an append goes out by it. */
  const advance = (): boolean => {
    if (durable.isLoading() || (queue.length === 0 && open === null)) return false;
    const base = durable.current();
    if (base === null) {
      void reload();
      return false;
    }
    decideQueue(base);
    if (inFlight !== null || open === null) return false;
    inFlight = open;
    open = null;
    void settle(inFlight);
    return true;
  };

  const decideQueue = (base: Folded<State>) => {
    let taken = 0;
    for (const waiting of queue) {
      const batch: Batch = open ?? batchFrom(inFlight?.end ?? base);
      if (batch.isFull || batch.events.length >= options.eventsPerAppendMax) break;
      if (batch.decided.length > 0 && (waiting.isAlone || batch.decided[0]?.waiting.isAlone)) break;
      const known = options.recent.find(stream, waiting.command.context.commandId);
      if (known !== undefined) void answerRecorded(waiting, known);
      else if (decideOne(batch, waiting)) open = batch;
      if (batch.isFull) break;
      taken += 1;
    }
    if (taken > 0) queue = queue.slice(taken);
  };

  const decideOne = (batch: Batch, waiting: Waiting<C, E, R>): boolean => {
    try {
      decideInto(batch, waiting, options.category, options.store);
      return true;
    } catch (error) {
      fail(waiting, error);
      return false;
    }
  };

  const settle = async (batch: Batch) => {
    const [first, ...others] = batch.events;
    if (first === undefined) {
      settleWithoutEvents(batch);
    } else {
      try {
        const events = [first, ...others] as const;
        const expected = batch.start.version;
        const outcome = await options.store.appendToStream({ stream, expected, events });
        if (outcome.outcome === 'appended') return settleAppended(batch, outcome.position);
        settleRefused(batch, outcome);
      } catch (error) {
        settleFault(batch, error);
      }
    }
    inFlight = null;
    advance();
  };

  const settleWithoutEvents = (batch: Batch) => {
    const isNewest = batch.start.version === durable.current()?.version;
    const isProven = isNewest && waitingOf(batch).every(({ arrival }) => arrival <= freshUpTo);
    if (isProven) for (const { waiting, result } of batch.decided) answer(waiting, result);
    else decideAgain(waitingOf(batch));
  };

  const settleAppended = (batch: Batch, position: Checkpoint) => {
    durable.advanceTo(batch.end, open !== null || queue.length > 0);
    inFlight = null;
    // The next append leaves before hundreds of callers have their turn: what they do next, and what
    // is decided for them, takes as long as the store does.
    const hasLeft = advance() ? options.store.underWay?.() : undefined;
    answering = answering.then(() => hasLeft).then(() => answerAppended(batch, position));
  };

  const settleRefused = (
    batch: Batch,
    outcome: Exclude<AppendOutcome, { outcome: 'appended' }>,
  ) => {
    if (outcome.outcome === 'version-conflict') settleConflict(batch);
    else settleDuplicate(batch, outcome.version);
  };

  /** In the order of the appends: a batch whose callers have many turns is not overtaken. */
  const answerAppended = async (batch: Batch, position: Checkpoint) => {
    const range = { after: batch.start.version, upTo: batch.end.version };
    for (const [index, { waiting, result }] of batch.decided.entries()) {
      if (index > 0 && index % answersPerTurn === 0) await options.store.underWay?.();
      if (!result.ok || result.value.events.length === 0) {
        answer(waiting, result);
        continue;
      }
      const { version, events } = result.value;
      options.recent.remember(stream, waiting.command.context.commandId, range);
      answer(waiting, ok({ version, position, events }));
    }
  };

  const settleConflict = (batch: Batch) => {
    for (const waiting of waitingOf(batch)) waiting.conflicts += 1;
    const givenUp = waitingOf(batch).filter((w) => w.conflicts > options.conflictRetriesMax);
    const error = new Error(`${stream} moved on ${options.conflictRetriesMax + 1} times meanwhile`);
    for (const waiting of givenUp) fail(waiting, error);
    decideAgain(waitingOf(batch).filter((waiting) => !givenUp.includes(waiting)));
  };

  /** The command is carried out already: its recorded events are the answer, now as then. */
  const answerRecorded = async (waiting: Waiting<C, E, R>, { after, upTo }: AppendRange) => {
    const { commandId } = waiting.command.context;
    try {
      const limit = Number(upTo - after);
      const page = await options.store.readStream(stream, { after, limit });
      const own = page.events.filter(({ causationId }) => causationId === commandId);
      const last = own.at(-1);
      invariant(last !== undefined, `${stream} has no event of command ${commandId}`);
      const events = own.map((recorded) => ownEvent<E>(recorded).event);
      // Who goes on from the state has to see what others have made of it since.
      while (freshUpTo < waiting.arrival) await read();
      answer(waiting, ok({ version: last.version, position: last.position, events }));
    } catch (error) {
      fail(waiting, error);
    }
  };

  const settleDuplicate = (batch: Batch, version: StreamVersion) => {
    const [only, ...others] = waitingOf(batch);
    if (only === undefined || others.length > 0) return decideAlone(batch);
    const after = streamVersion(version - BigInt(batch.events.length));
    void answerRecorded(only, { after, upTo: version });
    decideAgain([]);
  };

  /** Some command of the batch is stored already. Which one, separate appends will tell. */
  const decideAlone = (batch: Batch) => {
    for (const waiting of waitingOf(batch)) {
      waiting.isAlone = true;
      waiting.conflicts += 1;
    }
    decideAgain(waitingOf(batch));
  };

  const settleFault = (batch: Batch, error: unknown) => {
    // Perhaps we decided on an old state something that another process has decided otherwise, and it
    // may do so again while one of them is decided alone.
    const isPerhapsOld = waitingOf(batch).every((w) => w.conflicts < options.conflictRetriesMax);
    if (error instanceof EventIdReused && isPerhapsOld) return decideAlone(batch);
    for (const waiting of waitingOf(batch)) fail(waiting, error);
    decideAgain([]);
  };

  /** Speculation ends here: what was decided upon a failed batch is decided again after a reload. */
  const decideAgain = (waiting: readonly Waiting<C, E, R>[]) => {
    queue = [...waiting, ...(open === null ? [] : waitingOf(open)), ...queue];
    open = null;
    durable.doubt();
  };

  const reload = async () => {
    try {
      await durable.reload();
    } catch (error) {
      const failed = queue;
      queue = [];
      for (const waiting of failed) fail(waiting, error);
    }
    advance();
  };

  // A conflict may cast doubt on what was read before this goes on: what was read is the answer.
  const load = async () => (durable.current() ?? (await read())).state;

  const loadLatest = async () => {
    const arrival = ++arrivals;
    while (freshUpTo < arrival) await read();
    return load();
  };

  /** Commands that came meanwhile go on from what was read, or have a reading of their own. */
  const read = async () => {
    try {
      return await durable.reload();
    } finally {
      advance();
    }
  };

  const answer = (waiting: Waiting<C, E, R>, result: Result<CommandReceipt<E>, R>) => {
    unanswered.remove(waiting.command.context.commandId);
    waiting.resolve(result);
  };
  const fail = (waiting: Waiting<C, E, R>, error: unknown) => {
    unanswered.remove(waiting.command.context.commandId);
    waiting.reject(error);
  };
  const isIdle = () => unanswered.count() === 0 && inFlight === null && !durable.isLoading();

  return { handle, load, loadLatest, isIdle };
}
