import type { Command, Event, Rejection, Result } from '@counterfoil/domain';
import { ok, streamVersion } from '@counterfoil/domain';
import type { CommandReceipt } from './command-receipt.ts';
import { derivedEventId } from './derived-event-id.ts';
import type { EventStore, NewEvent } from './event-store.ts';
import type { Folded } from './folded-stream.ts';
import type { StreamCategory } from './stream-category.ts';

/** A command whose caller waits. */
export type Waiting<C extends Command, E extends Event, R extends Rejection> = {
  readonly command: C;
  /** Its number among the commands of its stream. */
  readonly arrival: number;
  readonly answer: Promise<Result<CommandReceipt<E>, R>>;
  readonly resolve: (result: Result<CommandReceipt<E>, R>) => void;
  readonly reject: (error: unknown) => void;
  conflicts: number;
  /** It is to be the only command of its append. */
  isAlone: boolean;
};

export function waitingFor<C extends Command, E extends Event, R extends Rejection>(
  command: C,
  arrival: number,
): Waiting<C, E, R> {
  let resolve: Waiting<C, E, R>['resolve'] = () => {};
  let reject: Waiting<C, E, R>['reject'] = () => {};
  const answer = new Promise<Result<CommandReceipt<E>, R>>((onResolved, onRejected) => {
    resolve = onResolved;
    reject = onRejected;
  });
  return { command, arrival, answer, resolve, reject, conflicts: 0, isAlone: false };
}

type Decided<C extends Command, E extends Event, R extends Rejection> = Readonly<{
  waiting: Waiting<C, E, R>;
  /** A receipt without its position, which is known when the append is durable. */
  result: Result<CommandReceipt<E>, R>;
}>;

/** Commands decided one upon the other, whose events go out in one append. */
export type DecidedBatch<State, C extends Command, E extends Event, R extends Rejection> = {
  readonly start: Folded<State>;
  end: Folded<State>;
  readonly decided: Decided<C, E, R>[];
  readonly events: NewEvent[];
  /** What the store counts of the events, where it counts. */
  size: number;
  /** The next command's events did not fit. */
  isFull: boolean;
};

export const batchFrom = <State, C extends Command, E extends Event, R extends Rejection>(
  start: Folded<State>,
): DecidedBatch<State, C, E, R> => ({
  start,
  end: start,
  decided: [],
  events: [],
  size: 0,
  isFull: false,
});

/**
 * Throws, and leaves the batch as it was, when the decider or the codec does: an invariant is
 * broken. A batch that gets full by it takes no more, and the command is none of its own. A command
 * whose events alone are too many for the store is let in, for the store to refuse.
 */
export function decideInto<State, C extends Command, E extends Event, R extends Rejection>(
  batch: DecidedBatch<State, C, E, R>,
  waiting: Waiting<C, E, R>,
  category: StreamCategory<State, C, E, R>,
  { encode, appendSize }: Pick<EventStore, 'encode' | 'appendSize'>,
): void {
  const { command } = waiting;
  const decision = category.decider.decide(command, batch.end.state);
  if (!decision.ok) {
    batch.decided.push({ waiting, result: decision });
    return;
  }
  const events = decision.value;
  const version = streamVersion(batch.end.version + BigInt(events.length));
  const state = events.reduce(category.decider.evolve, batch.end.state);
  const occurredAt = category.occurredAtOf?.(command) ?? command.context.now;
  const { commandId: causationId, correlationId } = command.context;
  // The events are encoded while an earlier append is under way, and not when they are due.
  const made = events.map((event, ordinal): NewEvent => {
    const eventId = derivedEventId(causationId, ordinal);
    return encode
      ? { eventId, event, occurredAt, correlationId, causationId, encoded: encode(event) }
      : { eventId, event, occurredAt, correlationId, causationId };
  });
  const size = appendSize ? made.reduce((sum, event) => sum + appendSize.of(event), 0) : 0;
  if (appendSize && batch.events.length > 0 && batch.size + size > appendSize.max) {
    batch.isFull = true;
    return;
  }
  batch.size += size;
  batch.events.push(...made);
  batch.end = { state, version };
  batch.decided.push({ waiting, result: ok({ version, position: null, events }) });
}

export const waitingOf = <C extends Command, E extends Event, R extends Rejection>(
  batch: DecidedBatch<unknown, C, E, R>,
): readonly Waiting<C, E, R>[] => batch.decided.map(({ waiting }) => waiting);
