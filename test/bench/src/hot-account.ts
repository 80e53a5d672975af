import {
  type Command,
  commandId,
  correlationId,
  instant,
  type Money,
  ok,
  type Rejection,
} from '@counterfoil/domain';
import type { StreamCategory } from '@counterfoil/event-store';
import type { Clock } from '@counterfoil/runtime';
import { type HoldPlaced, holdPlaced, oneCent } from './sample-hold.ts';

export type PlaceHold = Command<'PlaceHold', { holdId: string; amount: Money }>;
export type HotAccount = Readonly<{ available: Money }>;

/** An account reduced to what a single hold needs: check the balance, lower it, say so. */
export const hotAccountCategory: StreamCategory<HotAccount, PlaceHold, HoldPlaced, Rejection> = {
  category: 'hotaccount',
  decider: {
    initialState: { available: { ...oneCent, units: 10n ** 18n } },
    decide: (command, state) => {
      const { holdId, amount } = command.data;
      const units = state.available.units - amount.units;
      if (units < 0n) return { ok: false, error: { code: 'insufficient-funds', message: 'Empty' } };
      return ok([holdPlaced(holdId, { ...state.available, units })]);
    },
    evolve: (state) => ({
      available: { ...state.available, units: state.available.units - oneCent.units },
    }),
  },
};

export function placeHold(clock: Clock): PlaceHold {
  const id = clock.randomId();
  return {
    type: 'PlaceHold',
    data: { holdId: id, amount: oneCent },
    context: {
      commandId: commandId(id),
      correlationId: correlationId(id),
      now: instant(clock.now()),
    },
  };
}
