import { spawn } from 'node:child_process';
import { readEnvironment } from '../../environment.ts';
import type { RunUser } from './run-user.ts';

export type ProgramResult = Readonly<{ code: number | null; output: string }>;

/** The end of a program's output says what went wrong; more than this nobody reads. */
const outputLengthMax = 4_000;

/**
 * Runs a program to its end as `user`, or as ourselves when null, and gives what it printed. It is
 * killed after `timeoutMs`. Rejects when it cannot be started.
 */
export function runProgram(
  path: string,
  parameters: readonly string[],
  options: Readonly<{ user: RunUser | null; timeoutMs: number }>,
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, parameters, {
      // The working folder may be closed to the other user, and PostgreSQL wants to enter its own.
      cwd: process.platform === 'win32' ? undefined : '/',
      env: programEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs,
      killSignal: 'SIGKILL',
      ...(options.user ? { uid: options.user.uid, gid: options.user.gid } : {}),
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = `${output}${chunk.toString('utf8')}`.slice(-outputLengthMax);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    // Not `close`: a server that the program leaves behind may keep its pipes open.
    child.on('exit', (code) => {
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ code, output: output.trim() });
    });
  });
}

/** Only what a program needs: our secrets are in the environment too. */
function programEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, TEMP } = readEnvironment();
  return {
    LC_ALL: 'C',
    TZ: 'UTC',
    ...(PATH === undefined ? {} : { PATH }),
    ...(SystemRoot === undefined ? {} : { SystemRoot }),
    ...(TEMP === undefined ? {} : { TEMP }),
  };
}
