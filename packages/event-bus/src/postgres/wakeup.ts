import type { Clock } from '@counterfoil/runtime';

/** Lets a loop sleep until there is something to do: a wake before the sleep is not lost. */
export interface Wakeup {
  readonly wake: () => void;
  /** Resolves at the next wake, or after `ms`. */
  readonly sleep: (ms: number) => Promise<void>;
}

export function wakeup(clock: Clock): Wakeup {
  let isWoken = false;
  let sleeping: AbortController | null = null;
  return {
    wake: () => {
      isWoken = true;
      sleeping?.abort();
    },
    sleep: async (ms) => {
      if (!isWoken) {
        sleeping = new AbortController();
        await clock.sleep(ms, sleeping.signal);
        sleeping = null;
      }
      isWoken = false;
    },
  };
}
