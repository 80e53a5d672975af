import { expect } from 'vitest';
import type { Decider } from '../decider.ts';
import type { Command, Event } from '../message.ts';
import type { Rejection } from '../result.ts';

/** Given a history, when a command comes, then these events, nothing, or a rejection. */
export function deciderSpec<State, C extends Command, E extends Event, R extends Rejection>(
  decider: Decider<State, C, E, R>,
) {
  return (...history: readonly E[]) => ({
    when(command: C) {
      const state = history.reduce(decider.evolve, decider.initialState);
      const decided = decider.decide(command, state);
      return {
        then: (...expected: readonly E[]) => expect(decided).toEqual({ ok: true, value: expected }),
        thenNothing: () => expect(decided).toEqual({ ok: true, value: [] }),
        thenRejected: (code: R['code']) =>
          expect(decided).toMatchObject({ ok: false, error: { code } }),
      };
    },
  });
}
