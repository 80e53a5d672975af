import type { Command, Decider, Event, Instant, JsonObject, Rejection } from '@counterfoil/domain';

/** How a folded state is kept, so that a long stream need not be folded from its start. */
export type StateSnapshot<State> = Readonly<{
  /** Raised with every change of the state's shape or of `evolve`: older snapshots are ignored then. */
  schemaVersion: number;
  /** Events between two snapshots; more between those of a long stream. */
  every: number;
  encode: (state: State) => JsonObject;
  decode: (state: JsonObject) => State;
}>;

/** One kind of aggregate: what its streams are called, and who decides in them. */
export type StreamCategory<
  State,
  C extends Command,
  E extends Event,
  R extends Rejection,
> = Readonly<{
  category: string;
  decider: Decider<State, C, E, R>;
  /** When what the command reports happened; absent: when the command was made. */
  occurredAtOf?: (command: C) => Instant;
  snapshot?: StateSnapshot<State>;
}>;

// Everything before the first dash is the category, so that a store can filter by it.
const categoryPattern = /^[a-z][a-z0-9]*$/;

export function streamNameOf(category: string, id: string): string {
  if (!categoryPattern.test(category)) throw new Error(`${category} cannot name a stream category`);
  if (id === '') throw new Error(`A ${category} stream needs an id`);
  return `${category}-${id}`;
}
