import type { CanonicalEvent } from '@counterfoil/domain';
import type { EventBus } from '@counterfoil/event-bus';

export type RecordingBus = EventBus &
  Readonly<{
    published: CanonicalEvent[];
    /** Makes the bus reject, or accept and then reject, until it is called with null. */
    fail: (how: 'before' | 'after' | null) => void;
  }>;

/** Keeps what it is given, in order, repeats included, and can be told to be away. */
export function recordingBus(): RecordingBus {
  const published: CanonicalEvent[] = [];
  let failure: 'before' | 'after' | null = null;
  return {
    published,
    fail: (how) => {
      failure = how;
    },
    publish: async (_topic, messages) => {
      if (failure === 'before') throw new Error('The bus is away.');
      // The gateway publishes canonical events only.
      published.push(...(messages as readonly unknown[] as readonly CanonicalEvent[]));
      if (failure === 'after') throw new Error('The bus went away.');
    },
    subscribe: async () => ({ [Symbol.asyncDispose]: async () => undefined }),
    lag: async () => 0,
    deadLetters: { list: async () => [], retry: async () => [] },
  };
}
