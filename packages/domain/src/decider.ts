import type { Command, Event } from './message.ts';
import type { Rejection, Result } from './result.ts';

export interface Decider<State, C extends Command, E extends Event, R extends Rejection> {
  readonly initialState: State;
  /** An expected "no" is an event; a command that should not have been sent is a rejection. */
  readonly decide: (command: C, state: State) => Result<readonly E[], R>;
  /** Total over recorded history. An impossible transition is our bug, and throws. */
  readonly evolve: (state: State, event: E) => State;
}
