import type { CommandId } from '@counterfoil/domain';

/** Commands that are not answered yet, each by its id. */
export interface WaitingCommands<Waiting> {
  readonly count: () => number;
  readonly find: (id: CommandId) => Waiting | undefined;
  readonly add: (id: CommandId, waiting: Waiting) => void;
  readonly remove: (id: CommandId) => void;
}

/**
 * Not a Map. One that gains and loses entries all the time moves to a new table again and again, and
 * in V8 each old table keeps its entries and points to the next. Once a garbage collection has taken
 * one for old, all that follow outlive every collection of the young, with each command that waited
 * at one of those moments: three quarters of what a hot account left to be copied.
 */
export function waitingCommands<Waiting>(): WaitingCommands<Waiting> {
  const commands = Object.create(null) as Record<string, Waiting>;
  let count = 0;
  return {
    count: () => count,
    find: (id) => commands[id],
    add: (id, waiting) => {
      commands[id] = waiting;
      count += 1;
    },
    remove: (id) => {
      delete commands[id];
      count -= 1;
    },
  };
}
