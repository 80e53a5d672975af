import { postgresEventStore } from '@counterfoil/event-store';
import { verify, type VerifyReport } from '@counterfoil/read-models';
import { type Database, systemClock } from '@counterfoil/runtime';

/** What `counterfoil verify` finds: rows that are not what the log says. */
export async function driftOf(
  database: Database,
): Promise<Pick<VerifyReport, 'drift' | 'firstDrift'>> {
  const store = postgresEventStore({ database, clock: systemClock() });
  const { drift, firstDrift } = await verify({ database, store });
  return { drift, firstDrift };
}
