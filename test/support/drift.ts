import { type EventStore, postgresEventStore } from '@counterfoil/event-store';
import { verify, type VerifyReport } from '@counterfoil/read-models';
import { type Database, systemClock } from '@counterfoil/runtime';

/**
 * What `counterfoil verify` finds: rows that are not what the log says. `grownStore`: the log, where
 * it is one whose positions have gaps.
 */
export async function driftOf(
  database: Database,
  grownStore?: EventStore,
): Promise<Pick<VerifyReport, 'drift' | 'firstDrift'>> {
  const store = grownStore ?? postgresEventStore({ database, clock: systemClock() });
  const arePositionsContiguous = grownStore === undefined;
  const { drift, firstDrift } = await verify({ database, store, arePositionsContiguous });
  return { drift, firstDrift };
}
