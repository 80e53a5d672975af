import type { Clock, SignalSource } from '@counterfoil/runtime';

/**
 * A terminal gives Ctrl-C to every process of its group, and npm and our own scripts pass it on
 * once more: what follows within this time is the same interrupt.
 */
const sameInterruptMs = 1_000;

/** The signals of `source`, each interrupt of a person once. */
export function interrupts(source: SignalSource, clock: Pick<Clock, 'monotonic'>): SignalSource {
  return {
    exit: (code) => source.exit(code),
    on: (signal, listener) => {
      let lastAt = Number.NEGATIVE_INFINITY;
      return source.on(signal, () => {
        const isSame = clock.monotonic() - lastAt < sameInterruptMs;
        lastAt = clock.monotonic();
        if (!isSame) listener();
      });
    },
  };
}
