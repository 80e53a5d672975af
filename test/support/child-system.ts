import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Environment, readEnvironment } from '@counterfoil/runtime';

const counterfoilBin = fileURLToPath(
  new URL('../../packages/cli/bin/counterfoil.js', import.meta.url),
);

/** A `counterfoil` command in a process of its own, which a test may end in any way. */
export type ChildSystem = Readonly<{
  /** All that it has written so far, on both streams. */
  output: () => string;
  stdout: () => string;
  /** Its exit code; null when a signal ended it. */
  exited: Promise<number | null>;
  /** SIGKILL: no handler runs, nothing is flushed. Resolves when it is gone. */
  kill: () => Promise<void>;
  /** SIGTERM: what an operator sends. */
  terminate: () => Promise<number | null>;
}>;

/** Runs a built program, the command line's unless another is named; of this process's own environment only what node needs is handed on. */
export function childSystem(
  environment: Environment,
  commandLine: readonly string[] = ['start'],
  program: string = counterfoilBin,
): ChildSystem {
  const { PATH, HOME, TMPDIR } = readEnvironment();
  const child = spawn(process.execPath, [program, ...commandLine], {
    env: {
      ...(PATH !== undefined && { PATH }),
      ...(HOME !== undefined && { HOME }),
      ...(TMPDIR !== undefined && { TMPDIR }),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { both: '', stdout: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.both += text;
    written.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.both += text;
  });
  const exited = new Promise<number | null>((resolve) => child.on('close', resolve));
  return {
    output: () => written.both,
    stdout: () => written.stdout,
    exited,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    terminate: async () => {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

/** How a command ended, and what it printed: `output` is both streams. */
export async function commandOutcome(
  environment: Environment,
  commandLine: readonly string[],
): Promise<Readonly<{ exitCode: number | null; output: string; stdout: string }>> {
  const child = childSystem(environment, commandLine);
  const exitCode = await child.exited;
  return { exitCode, output: child.output(), stdout: child.stdout() };
}

/** A port that was free a moment ago, for a system that comes back where it was. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') return reject(new Error('No port'));
      server.close(() => resolve(address.port));
    });
  });
}

const readyPollMs = 50;

/** Rejects with all that the process wrote when it ends before it is ready. */
export async function untilReady(
  url: string,
  child: ChildSystem,
  withinMs = 60_000,
): Promise<void> {
  const giveUpAt = Date.now() + withinMs;
  let hasExited = false;
  void child.exited.then(() => {
    hasExited = true;
  });
  for (;;) {
    const answer = await fetch(`${url}/health/ready`).catch(() => null);
    if (answer?.ok) return;
    if (hasExited || Date.now() > giveUpAt) throw new Error(`Never ready: ${child.output()}`);
    await new Promise((resolve) => setTimeout(resolve, readyPollMs));
  }
}
