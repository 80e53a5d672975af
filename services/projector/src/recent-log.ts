import type { Recorded } from '@counterfoil/domain';
import type { EventStore } from '@counterfoil/event-store';

type LogReads = Pick<EventStore, 'readAll' | 'waitForAppend'>;

/** As many as ten models that keep up need; a model far behind reads the store itself. */
const eventsKeptMax = 4_000;

/**
 * The store with the end of the log in memory: several models that follow it closely cost one
 * reading. What is remembered never changes, since a log never does.
 */
export function recentLog(store: LogReads): LogReads {
  let kept: readonly Recorded[] = [];
  let before: string = 'none';
  const inHand = new Map<string, ReturnType<LogReads['readAll']>>();

  const remembered = (after: string, limit: number) => {
    const at = after === before ? 0 : kept.findLastIndex((event) => event.position === after) + 1;
    if (at === 0 && after !== before) return null;
    const events = kept.slice(at, at + limit);
    const last = events.at(-1);
    return last === undefined ? null : { events, next: last.position };
  };

  const remember = (after: string, events: readonly Recorded[]) => {
    if (events.length === 0) return;
    const isNext = kept.length > 0 && kept.at(-1)?.position === after;
    if (!isNext) before = after;
    const all = isNext ? [...kept, ...events] : events;
    const dropped = all.length - eventsKeptMax;
    if (dropped > 0) before = all[dropped - 1]?.position ?? before;
    kept = dropped > 0 ? all.slice(dropped) : all;
  };

  return {
    waitForAppend: store.waitForAppend,
    readAll: async ({ after, limit }) => {
      const known = remembered(after, limit);
      if (known !== null) return known;
      const key = `${after} ${limit}`;
      const reading = inHand.get(key) ?? store.readAll({ after, limit });
      inHand.set(key, reading);
      try {
        const read = await reading;
        if (inHand.delete(key)) remember(after, read.events);
        return read;
      } finally {
        inHand.delete(key);
      }
    },
  };
}
