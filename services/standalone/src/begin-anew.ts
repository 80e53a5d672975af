import { holdsEvents } from '@counterfoil/event-store';
import { forgetCheckpoints } from '@counterfoil/ledger-writer';
import { allProjections, resetModels } from '@counterfoil/read-models';
import type { Database } from '@counterfoil/runtime';

/** What was kept here was derived from a log in a database, which a log in memory is not. */
class LogElsewhere extends Error {
  constructor() {
    super(
      'EVENT_STORE is memory, but this database keeps a log: the read models would be made anew ' +
        'from nothing, and be wrong for that log ever after. Choose a database of its own, or ' +
        'EVENT_STORE=postgres.',
    );
    this.name = 'LogElsewhere';
  }
}

/**
 * A log in memory begins empty, so all that follows a log begins again: what is left of the one
 * before, which ended with its process, would stand for events that nobody can read.
 */
export async function beginAnew(database: Database): Promise<void> {
  if (await holdsEvents(database)) throw new LogElsewhere();
  await resetModels(database, allProjections);
  await forgetCheckpoints(database);
}
