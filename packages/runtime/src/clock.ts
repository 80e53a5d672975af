/** Time, timers and randomness as a port: no service calls `Date.now`, `setTimeout` or a random source itself. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** Monotonic milliseconds, for durations only. */
  readonly monotonic: () => number;
  /** Resolves after `ms`, or at once when `signal` aborts; never rejects. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Resolves when everything that is due already, promises and what they lead to, has had its turn. */
  readonly turn: () => Promise<void>;
  /** A random UUID (version 4). */
  readonly randomId: () => string;
}
