import { cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { runProgram } from './run-program.ts';
import type { RunUser } from './run-user.ts';
import { sharedFolder, sharedFolderMode } from './server-folder.ts';

/** The binaries, copied to where the server's user can run them when it cannot run these. */
export async function runnableBinaries(
  binaries: PostgresBinaries,
  user: RunUser | null,
  clock: Clock,
): Promise<PostgresBinaries> {
  const version = await versionOf(binaries, user).catch(() => null);
  if (version !== null || user === null) return binaries;
  const known = await versionOf(binaries, null);
  const copy = join(sharedFolder, `programs-${known.replaceAll(/[^0-9.]/g, '')}`);
  const isCopied = await stat(copy).then(
    () => true,
    () => false,
  );
  if (!isCopied) {
    const draft = `${copy}.${clock.randomId()}`;
    await mkdir(sharedFolder, { recursive: true, mode: sharedFolderMode });
    await cp(binaries.folder, draft, { recursive: true, verbatimSymlinks: true });
    await runProgram('chmod', ['-R', 'a+rX', draft], { user: null, timeoutMs: copyTimeoutMs });
    await rename(draft, copy).catch(() => rm(draft, { recursive: true, force: true }));
  }
  const moved = (path: string) => join(copy, path.slice(binaries.folder.length));
  return {
    folder: copy,
    postgres: moved(binaries.postgres),
    initdb: moved(binaries.initdb),
    pgCtl: moved(binaries.pgCtl),
  };
}

const versionTimeoutMs = 10_000;
const copyTimeoutMs = 30_000;

async function versionOf(binaries: PostgresBinaries, user: RunUser | null): Promise<string> {
  const { code, output } = await runProgram(binaries.postgres, ['--version'], {
    user,
    timeoutMs: versionTimeoutMs,
  });
  if (code !== 0) throw new Error(`the PostgreSQL program does not run here: ${output}`);
  return output;
}
