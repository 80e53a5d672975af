import { type Checkpoint, checkpoint } from '@counterfoil/domain';
import type { Database, MigrationSet } from '@counterfoil/runtime';

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

export const postgresCheckpoints = (database: Database, reader: string): Checkpoints => ({
  load: async () => {
    const { rows } = await database.query(
      'select position from counterfoil_ledger_writer.checkpoints where reader = $1',
      [reader],
    );
    const position = rows[0]?.['position'];
    return typeof position === 'string' ? checkpoint(position) : 'start';
  },
  save: async (position) => {
    await database.query(
      `insert into counterfoil_ledger_writer.checkpoints (reader, position) values ($1, $2)
       on conflict (reader) do update set position = excluded.position`,
      [reader, position],
    );
  },
});
