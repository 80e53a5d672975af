import type { AppendOutcome, AppendRequest, EventStore } from '../event-store.ts';

export type FaultyEventStore = EventStore &
  Readonly<{
    /** Every request that reached the store, in order. */
    appends: readonly AppendRequest[];
    /** The next append fails before (`refuse`) or after (`loseAnswer`) it was stored. */
    failNext: (how: 'refuse' | 'loseAnswer') => void;
    /** The next reading of a stream fails. */
    failNextRead: () => void;
    /** Appends wait until the function that this returns is called. */
    hold: () => () => void;
  }>;

/** A store that a test can make fail at the moments that matter. */
export function faultyEventStore(store: EventStore): FaultyEventStore {
  const appends: AppendRequest[] = [];
  const faults: ('refuse' | 'loseAnswer')[] = [];
  let readFaults = 0;
  let gate: Promise<void> = Promise.resolve();
  const appendToStream = async (request: AppendRequest): Promise<AppendOutcome> => {
    appends.push(request);
    const fault = faults.shift();
    await gate;
    if (fault === 'refuse') throw new Error('the store is away');
    const outcome = await store.appendToStream(request);
    if (fault === 'loseAnswer') throw new Error('the answer was lost');
    return outcome;
  };
  return {
    ...store,
    appendToStream,
    readStream: (stream, range) => {
      if (readFaults === 0) return store.readStream(stream, range);
      readFaults -= 1;
      return Promise.reject(new Error('the store cannot be read'));
    },
    appends,
    failNext: (how) => void faults.push(how),
    failNextRead: () => {
      readFaults += 1;
    },
    hold: () => {
      let open = () => {};
      gate = new Promise((resolve) => {
        open = resolve;
      });
      return open;
    },
  };
}
