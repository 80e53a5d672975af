import type { CorrelationId, Recorded } from '@counterfoil/domain';
import type { EventStore } from './event-store.ts';

/** Reads the log by what caused its events. */
export interface RecordedEvents {
  /** In log order, `limit` at the most: one delivery leads to few events. */
  readonly byCorrelation: (
    correlationId: CorrelationId,
    limit: number,
  ) => Promise<readonly Recorded[]>;
}

const pageSize = 1000;

/** For stores without an index of causes: reads the whole log, so only for short ones. */
export const scannedRecordedEvents = (store: EventStore): RecordedEvents => ({
  byCorrelation: async (wanted, limit) => {
    const found: Recorded[] = [];
    let page = await store.readAll({ after: 'start', limit: pageSize });
    while (page.events.length > 0 && found.length < limit) {
      found.push(...page.events.filter(({ correlationId }) => correlationId === wanted));
      page = await store.readAll({ after: page.next, limit: pageSize });
    }
    return found.slice(0, limit);
  },
});
