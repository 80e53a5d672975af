import {
  chmod,
  chown,
  link,
  mkdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Clock } from '../../clock.ts';
import type { Logger } from '../../logger.ts';
import { canEnter, canReach, runUser, type RunUser } from './run-user.ts';

/** Where one embedded server keeps everything, and as whom it runs. */
export type ServerFolder = Readonly<{
  /** The cluster itself; there only after `initialiseCluster`. */
  data: string;
  log: string;
  portFile: string;
  password: string;
  passwordFile: string;
  user: RunUser | null;
}>;

/** Where a root whose own folders are closed to others puts what the server's user must reach. */
export const sharedFolder = '/var/lib/counterfoil';

/**
 * Prepares `<dataDir>/postgres`. As root the folder belongs to the server's user; where that user
 * cannot reach it (a checkout under /root), it is a link to a folder under /var/lib/counterfoil.
 */
export async function serverFolder(
  options: Readonly<{ dataDir: string; clock: Clock; logger: Logger }>,
): Promise<ServerFolder> {
  const named = join(resolve(options.dataDir), 'postgres');
  await mkdir(resolve(options.dataDir), { recursive: true });
  const user = await runUser(join(named, 'data'));
  const folder = user ? await reachableFolder(named, user, options) : await ownFolder(named);
  if (user) await chown(folder, user.uid, user.gid);
  const passwordFile = join(folder, 'password');
  const password = await keptPassword(passwordFile, user, options.clock);
  return {
    data: join(folder, 'data'),
    log: join(folder, 'server.log'),
    portFile: join(folder, 'port'),
    password,
    passwordFile,
    user,
  };
}

/** Others have no business here: the password is in it. */
const privateFolderMode = 0o700;
const privateFileMode = 0o600;
export const sharedFolderMode = 0o755;
const enterBits = 0o011;

async function ownFolder(named: string): Promise<string> {
  await mkdir(named, { recursive: true, mode: privateFolderMode });
  return realpath(named);
}

async function reachableFolder(
  named: string,
  user: RunUser,
  options: Readonly<{ dataDir: string; clock: Clock; logger: Logger }>,
): Promise<string> {
  const dataDir = resolve(options.dataDir);
  // The data folder is ours, also when it was made private as temporary folders are.
  if (!(await canEnter(user, dataDir)))
    await chmod(dataDir, (await stat(dataDir)).mode | enterBits);
  const existing = await realpath(named).catch(() => null);
  if (existing !== null) return existing;
  if (await canReach(user, dataDir)) return ownFolder(named);
  const folder = join(sharedFolder, options.clock.randomId());
  await mkdir(sharedFolder, { recursive: true, mode: sharedFolderMode });
  await mkdir(folder, { mode: privateFolderMode });
  await rm(named, { force: true });
  await symlink(folder, named);
  options.logger.warn(
    'the embedded database is kept elsewhere: its user cannot reach the data folder',
    {
      folder,
      user: user.name,
      dataDir,
    },
  );
  return folder;
}

/** Made once; written whole before it gets its name, so that two starts agree on one. */
async function keptPassword(path: string, user: RunUser | null, clock: Clock): Promise<string> {
  const draft = `${path}.${clock.randomId()}`;
  await writeFile(draft, clock.randomId().replaceAll('-', ''), { mode: privateFileMode });
  if (user) await chown(draft, user.uid, user.gid);
  await link(draft, path).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
  await rm(draft);
  return readFile(path, 'utf8');
}
