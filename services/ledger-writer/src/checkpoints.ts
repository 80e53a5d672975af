import { type Checkpoint, checkpoint } from '@counterfoil/domain';
import type { EventStore } from '@counterfoil/event-store';
import { comparePositions } from '@counterfoil/read-models';
import type { Database, Logger, MigrationSet } from '@counterfoil/runtime';

/** How far a reader of the log has come, over restarts. */
export interface Checkpoints {
  readonly load: () => Promise<Checkpoint | 'start'>;
  /** May be lost with a crash: the reader then sees some events again. */
  readonly save: (position: Checkpoint) => Promise<void>;
}

export const ledgerWriterMigrations: MigrationSet = {
  owner: 'ledger-writer',
  migrations: [
    {
      name: '0001_checkpoints',
      sql: `-- compatible
create schema if not exists counterfoil_ledger_writer;
create table counterfoil_ledger_writer.checkpoints (
  reader text primary key,
  position text not null
);`,
    },
  ],
};

/** For a log that begins again: every reader begins with it. */
export async function forgetCheckpoints(database: Database): Promise<void> {
  await database.query('delete from counterfoil_ledger_writer.checkpoints');
}

/**
 * A position after the log's end is of another log, or of one that was restored to an earlier point:
 * it is forgotten, with a warning, and the log is read from its start. To wait at that position
 * would be to skip what is recorded until then, and nobody knows how much of that there is already.
 */
export function postgresCheckpoints(
  options: Readonly<{
    database: Database;
    reader: string;
    store: Pick<EventStore, 'head'>;
    logger: Logger;
  }>,
): Checkpoints {
  const { database, reader, store, logger } = options;
  return {
    load: async () => {
      const position = await savedPosition(database, reader);
      const head = await store.head();
      if (comparePositions(position, head) <= 0) return position;
      await database.query('delete from counterfoil_ledger_writer.checkpoints where reader = $1', [
        reader,
      ]);
      logger.warn('the log ends before what was read of it; it is read again from its start', {
        reader,
        position,
        head,
      });
      return 'start';
    },
    save: async (position) => {
      await database.query(
        `insert into counterfoil_ledger_writer.checkpoints (reader, position) values ($1, $2)
         on conflict (reader) do update set position = excluded.position`,
        [reader, position],
      );
    },
  };
}

async function savedPosition(database: Database, reader: string): Promise<Checkpoint | 'start'> {
  const { rows } = await database.query(
    'select position from counterfoil_ledger_writer.checkpoints where reader = $1',
    [reader],
  );
  const position = rows[0]?.['position'];
  return typeof position === 'string' ? checkpoint(position) : 'start';
}
