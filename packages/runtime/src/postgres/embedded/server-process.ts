import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { runProgram } from './run-program.ts';
import type { ServerFolder } from './server-folder.ts';

/** What `postmaster.pid` says of a server that runs, or ran until its machine went down. */
export type Postmaster = Readonly<{ pid: number; port: number; isReady: boolean }>;

const lineOf = { pid: 0, port: 3, status: 7 } as const;

/** Null when no server is, or none of this folder's process is alive any more. */
export async function runningPostmaster(folder: ServerFolder): Promise<Postmaster | null> {
  const path = pidFile(folder);
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return null;
  const lines = text.split('\n');
  const pid = Number.parseInt(lines[lineOf.pid] ?? '', 10);
  if (!Number.isInteger(pid) || !isAlive(pid)) return null;
  if (await isOtherProgram(pid)) {
    // A process id given to someone else meanwhile: PostgreSQL would refuse to start because of it.
    await rm(path, { force: true });
    return null;
  }
  const port = Number.parseInt(lines[lineOf.port] ?? '', 10);
  return {
    pid,
    port: Number.isInteger(port) ? port : 0,
    isReady: lines[lineOf.status]?.trim() === 'ready',
  };
}

const pidFile = (folder: ServerFolder): string => join(folder.data, 'postmaster.pid');

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Linux says what a process runs; elsewhere we trust the file. */
async function isOtherProgram(pid: number): Promise<boolean> {
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => null);
  return name !== null && name.trim() !== 'postgres';
}

/** Recovery after a crash reads at most a gigabyte of log. */
const startTimeoutSeconds = 60;
const stopTimeoutSeconds = 10;
/** Beyond what pg_ctl itself waits for. */
const marginMs = 5_000;
/** The log of a server that had a bad time is not kept for ever. */
const logSizeBytesMax = 10_000_000;

/**
 * Starts the server in its own session, so that Ctrl-C on our terminal does not stop it under our
 * feet. Gives null when it is up, else what it said.
 */
export async function startServer(
  folder: ServerFolder,
  binaries: PostgresBinaries,
  port: number,
): Promise<string | null> {
  const size = await stat(folder.log).then(
    (log) => log.size,
    () => 0,
  );
  if (size > logSizeBytesMax) await rm(folder.log, { force: true });
  const { code, output } = await runProgram(
    binaries.pgCtl,
    [
      'start',
      '--silent',
      '--wait',
      `--timeout=${startTimeoutSeconds}`,
      `--pgdata=${folder.data}`,
      `--log=${folder.log}`,
      `--options=-p ${port}`,
    ],
    { user: folder.user, timeoutMs: startTimeoutSeconds * 1000 + marginMs },
  );
  if (code === 0) return null;
  return `${output}\n${await endOfLog(folder)}`.trim();
}

const logLinesShown = 12;

async function endOfLog(folder: ServerFolder): Promise<string> {
  const text = await readFile(folder.log, 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-logLinesShown).join('\n');
}

/** Lets sessions go and writes a checkpoint; a server that takes too long is stopped without one. */
export async function stopServer(
  folder: ServerFolder,
  binaries: PostgresBinaries,
): Promise<boolean> {
  for (const mode of ['fast', 'immediate']) {
    const { code } = await runProgram(
      binaries.pgCtl,
      [
        'stop',
        '--silent',
        '--wait',
        `--timeout=${stopTimeoutSeconds}`,
        `--mode=${mode}`,
        `--pgdata=${folder.data}`,
      ],
      { user: folder.user, timeoutMs: stopTimeoutSeconds * 1000 + marginMs },
    );
    if (code === 0) return true;
  }
  return false;
}

/** The port of the last start when it is free still, so that bookmarks and tools keep working. */
export async function chosenPort(folder: ServerFolder): Promise<number> {
  const text = await readFile(folder.portFile, 'utf8').catch(() => '');
  const last = Number.parseInt(text, 10);
  const port = Number.isInteger(last)
    ? await freePort(last).catch(() => freePort(0))
    : await freePort(0);
  await writeFile(folder.portFile, String(port));
  return port;
}

/** Rejects when `wanted` is taken; 0 takes any. */
function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('no port was given'));
      });
    });
  });
}
