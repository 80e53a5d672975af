import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { runProgram } from './run-program.ts';
import type { ServerFolder } from './server-folder.ts';

/** Generous: a slow disk syncs forty megabytes. */
const initialiseTimeoutMs = 120_000;

/** Settings on top of PostgreSQL's own, of which durability stays as it is. */
const settings = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
log_checkpoints = off
timezone = 'UTC'
`;

/**
 * Makes the cluster unless it is there. It gets its name when it is complete: a start that was
 * killed leaves a draft that nobody takes for a database.
 */
export async function initialiseCluster(
  folder: ServerFolder,
  binaries: PostgresBinaries,
  clock: Clock,
): Promise<void> {
  if (await isInitialised(folder)) return;
  const draft = `${folder.data}.${clock.randomId()}`;
  try {
    const { code, output } = await runProgram(
      binaries.initdb,
      [
        `--pgdata=${draft}`,
        '--username=counterfoil',
        '--auth=scram-sha-256',
        `--pwfile=${folder.passwordFile}`,
        '--encoding=UTF8',
        '--locale=C',
      ],
      { user: folder.user, timeoutMs: initialiseTimeoutMs },
    );
    if (code !== 0) throw new Error(`initdb ended with ${code ?? 'a kill'}: ${output}`);
    await writeFile(join(draft, 'postgresql.conf'), settings, { flag: 'a' });
    await rename(draft, folder.data);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process that started at the same time may have been first.
    if (!(await isInitialised(folder))) throw error;
  }
}

const isInitialised = (folder: ServerFolder): Promise<boolean> =>
  stat(join(folder.data, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
