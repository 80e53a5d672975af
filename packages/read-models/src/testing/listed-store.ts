import { type Checkpoint, invariant, type Recorded } from '@counterfoil/domain';
import type { EventStore } from '@counterfoil/event-store';

/** A log that is given as a list, for reading only. */
export function listedStore(events: () => readonly Recorded[]): EventStore {
  const head = async (): Promise<Checkpoint | 'start'> => events().at(-1)?.position ?? 'start';
  return {
    head,
    readAll: async ({ after, limit }) => {
      const all = events();
      const at = after === 'start' ? 0 : all.findIndex(({ position }) => position === after) + 1;
      const read = all.slice(at, at + limit);
      return { events: read, next: read.at(-1)?.position ?? after };
    },
    readStream: async () => invariant(false, 'a listed store has no streams') as never,
    appendToStream: async () => invariant(false, 'a listed store takes no events') as never,
    waitForAppend: async () => {},
  };
}
