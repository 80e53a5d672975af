import {
  type Command,
  type CommandContext,
  commandId,
  correlationId,
  err,
  type Event,
  instant,
  type JsonObject,
  ok,
  type Rejection,
} from '@counterfoil/domain';
import type { StreamCategory } from '../stream-category.ts';

/** The smallest aggregate with every kind of answer: it counts up to a limit. */
export type CounterState = Readonly<{ total: number; commands: number; closed: boolean }>;
export type CounterCommand =
  /** `twice` leads to two events. Above `atMost` it is rejected; nothing to add, nothing to do. */
  | Command<'Add', { amount: number; atMost?: number; note?: string; twice?: boolean }>
  /** Rejected when it comes again: a decider that does not know its own commands. */
  | Command<'Close', { reason: string }>
  | Command<'Break', Record<string, never>>;
export type CounterEvent =
  | Event<'Added', { amount: number; total: number; note?: string }>
  | Event<'Closed', { reason: string }>;
export type CounterRejection = Rejection<'above-limit' | 'already-closed'>;

export const counterCategory: StreamCategory<
  CounterState,
  CounterCommand,
  CounterEvent,
  CounterRejection
> = {
  category: 'counter',
  decider: {
    initialState: { total: 0, commands: 0, closed: false },
    decide(command, state) {
      if (command.type === 'Break') throw new Error('Invariant broken: on purpose');
      if (command.type === 'Close')
        return state.closed
          ? err({ code: 'already-closed', message: 'The counter is closed.' })
          : ok([{ type: 'Closed', data: { reason: command.data.reason } }]);
      const { amount, atMost = Infinity, note, twice } = command.data;
      if (amount === 0) return ok([]);
      const total = state.total + amount;
      if (total > atMost) return err({ code: 'above-limit', message: `${total} is above.` });
      const noted = note === undefined ? {} : { note };
      const added = { type: 'Added', data: { amount, total, ...noted } } as const;
      const second = { type: 'Added', data: { amount, total: total + amount, ...noted } } as const;
      return ok(twice ? [added, second] : [added]);
    },
    evolve: (state, event) =>
      event.type === 'Closed'
        ? { ...state, closed: true }
        : { ...state, total: event.data.total, commands: state.commands + 1 },
  },
};

/** The same, with a snapshot every `every` events. */
export const counterWithSnapshots = (every: number, schemaVersion = 1): typeof counterCategory => ({
  ...counterCategory,
  snapshot: {
    schemaVersion,
    every,
    encode: (state): JsonObject => ({ ...state }),
    decode: (state) => ({
      total: Number(state['total']),
      commands: Number(state['commands']),
      closed: state['closed'] === true,
    }),
  },
});

const context = (id: string): CommandContext => ({
  commandId: commandId(id),
  correlationId: correlationId(`correlation-of-${id}`),
  now: instant(Date.UTC(2026, 0, 2, 3, 4, 5, 678)),
});

type AddData = Extract<CounterCommand, { type: 'Add' }>['data'];
export const add = (id: string, data: Partial<AddData> = {}): CounterCommand => ({
  type: 'Add',
  data: { amount: 1, ...data },
  context: context(id),
});
export const close = (id: string): CounterCommand => ({
  type: 'Close',
  data: { reason: 'enough' },
  context: context(id),
});
export const breakDown = (id: string): CounterCommand => ({
  type: 'Break',
  data: {},
  context: context(id),
});
