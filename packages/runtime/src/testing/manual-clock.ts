import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../clock.ts';

export interface ManualClock extends Clock {
  /**
   * Lets `ms` pass: wakes the sleepers in the order of their times and lets what each wakes run
   * before the next, so that a loop of sleeps takes all its turns.
   */
  readonly advance: (ms: number) => Promise<void>;
  /** How many sleep now. */
  readonly sleepers: () => number;
}

type Sleeper = Readonly<{ wakesAt: number; wake: () => void }>;

/** Time that stands still until a test moves it; ids count up from `seed`, the same in every run. */
export function manualClock(options: Readonly<{ now?: number; seed?: number }> = {}): ManualClock {
  const startedAt = options.now ?? Date.UTC(2026, 0, 1);
  let elapsedMs = 0;
  let idsMade = options.seed ?? 0;
  const sleeping = new Set<Sleeper>();

  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const wake = () => {
        sleeping.delete(sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper: Sleeper = { wakesAt: elapsedMs + Math.max(0, ms), wake };
      sleeping.add(sleeper);
      signal?.addEventListener('abort', wake, { once: true });
    });

  const advance = async (ms: number): Promise<void> => {
    const until = elapsedMs + ms;
    await setImmediate();
    for (let next = firstDue(sleeping, until); next; next = firstDue(sleeping, until)) {
      elapsedMs = Math.max(elapsedMs, next.wakesAt);
      next.wake();
      await setImmediate();
    }
    elapsedMs = until;
    await setImmediate();
  };

  return {
    now: () => startedAt + elapsedMs,
    monotonic: () => elapsedMs,
    turn: () => setImmediate(),
    randomId: () => countedUuid(++idsMade),
    sleep,
    advance,
    sleepers: () => sleeping.size,
  };
}

function firstDue(sleeping: ReadonlySet<Sleeper>, until: number): Sleeper | undefined {
  let first: Sleeper | undefined;
  for (const sleeper of sleeping)
    if (sleeper.wakesAt <= until && (!first || sleeper.wakesAt < first.wakesAt)) first = sleeper;
  return first;
}

/** Spread over all digits, so that what takes its randomness from an id gets varied values. */
function countedUuid(count: number): string {
  let state = Math.imul(count, 0x9e3779b1) >>> 0;
  const word = () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) >>> 0;
    return state.toString(16).padStart(8, '0');
  };
  const hex = `${word()}${word()}${word()}`;
  const last = count.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${last}`;
}
