import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

/** A user of the operating system that the server runs as, because it refuses to run as root. */
export type RunUser = Readonly<{ name: string; uid: number; gid: number }>;

/** The first that exists is taken: no user is ever created on the machine. */
const candidates = ['postgres', 'nobody', 'daemon'] as const;

/**
 * Null when we are not root: then the server runs as ourselves. An existing data folder keeps its
 * owner.
 */
export async function runUser(dataFolder: string): Promise<RunUser | null> {
  if (process.getuid?.() !== 0) return null;
  const owner = await stat(dataFolder).catch(() => null);
  if (owner !== null && owner.uid !== 0)
    return { name: `user ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  for (const name of candidates) {
    const user = await lookUp(name);
    if (user) return user;
  }
  throw new Error(
    `PostgreSQL does not run as root, and none of the users ${candidates.join(', ')} exists here`,
  );
}

const run = promisify(execFile);

async function lookUp(name: string): Promise<RunUser | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return {
      name,
      uid: Number.parseInt(uid.stdout, 10),
      gid: Number.parseInt(gid.stdout, 10),
    };
  } catch {
    return null;
  }
}

/** Whether every folder on the way to `folder`, itself included, lets `user` through. */
export async function canReach(user: RunUser, folder: string): Promise<boolean> {
  for (let path = folder; ; path = dirname(path)) {
    if (!(await canEnter(user, path))) return false;
    if (dirname(path) === path) return true;
  }
}

const ownerMayEnter = 0o100;
const groupMayEnter = 0o010;
const othersMayEnter = 0o001;

export async function canEnter(user: RunUser, folder: string): Promise<boolean> {
  const { mode, uid, gid } = await stat(folder);
  if (uid === user.uid) return (mode & ownerMayEnter) !== 0;
  if (gid === user.gid) return (mode & groupMayEnter) !== 0;
  return (mode & othersMayEnter) !== 0;
}
