import { QueueFull } from '../queue-full.ts';

/** Lets a bounded number of calls through to each connection; the others wait in order. */
export interface CallGate {
  /** `QueueFull`: nothing was called. Work is told its connection. */
  readonly pass: <Value>(work: (connection: number) => Promise<Value>) => Promise<Value>;
}

export function callGate(
  options: Readonly<{ connections: number; callsPerConnectionMax: number; queueLengthMax: number }>,
): CallGate {
  const { callsPerConnectionMax, queueLengthMax } = options;
  const calls = Array.from({ length: options.connections }, () => 0);
  let waiting: ((connection: number) => void)[] = [];
  let taken = 0;

  const idlest = () => {
    const least = calls.reduce(
      (best, count, index) => (count < (calls[best] ?? 0) ? index : best),
      0,
    );
    return (calls[least] ?? 0) < callsPerConnectionMax ? least : null;
  };

  const enter = (): Promise<number> => {
    const connection = idlest();
    if (connection !== null) {
      calls[connection] = (calls[connection] ?? 0) + 1;
      return Promise.resolve(connection);
    }
    if (waiting.length - taken >= queueLengthMax)
      return Promise.reject(new QueueFull('EventStoreDB', queueLengthMax));
    return new Promise((resolve) => waiting.push(resolve));
  };

  const leave = (connection: number) => {
    const next = waiting[taken];
    if (next === undefined) {
      calls[connection] = (calls[connection] ?? 1) - 1;
      return;
    }
    taken += 1;
    if (taken === waiting.length) {
      waiting = [];
      taken = 0;
    }
    next(connection);
  };

  return {
    pass: async (work) => {
      const connection = await enter();
      try {
        return await work(connection);
      } finally {
        leave(connection);
      }
    },
  };
}
