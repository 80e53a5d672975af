import { type Database, sqlState } from '@counterfoil/runtime';

/** More than any benchmark fills. */
const filesMade = 48;
const notPermitted = '42501';

/**
 * A server that has been at work uses its WAL files again. One that has not makes and zeroes each
 * file of 16 MB when it is needed, at 10,000 holds a second every half second, and everybody waits.
 * Going through so many, and a checkpoint, leaves them ready. False where the role may not do that.
 */
export async function makeWalFiles(database: Database): Promise<boolean> {
  try {
    for (let made = 0; made < filesMade; made += 1)
      await database.query(`select pg_logical_emit_message(true, 'bench', ''), pg_switch_wal()`);
    await database.query('checkpoint');
    return true;
  } catch (error) {
    if (sqlState(error) === notPermitted) return false;
    throw error;
  }
}
