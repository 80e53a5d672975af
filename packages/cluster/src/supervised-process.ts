import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { backoffMs, chanceOf, type Clock } from '@counterfoil/runtime';
import type { PlannedProcess } from './cluster-plan.ts';

export interface SupervisedProcess {
  /** Asks the process to stop, and ends it when it takes too long. Resolves when it is gone. */
  readonly stop: () => Promise<void>;
  /** Ends it at once. */
  readonly kill: () => void;
}

/** A process that ran this long is well: the next crash is the first again. */
const isWellAfterMs = 30_000;
const backoff = { delayMsFirst: 250, delayMsMax: 10_000 } as const;
/** Beyond the time in which a service ends itself. */
const stopTimeoutMs = 28_000;

type Options = Readonly<{
  clock: Clock;
  /** What the process writes, line by line. */
  onLine: (line: string) => void;
  /** What becomes of it, in words. */
  onChange: (what: string) => void;
}>;

/**
 * Runs a process, and again after each end that nobody asked for, with growing pauses. It is a
 * process group of its own: Ctrl-C on the terminal reaches us, and we stop it in order.
 */
export function supervisedProcess(planned: PlannedProcess, options: Options): SupervisedProcess {
  const { clock, onChange } = options;
  const stopping = new AbortController();
  let signalIt: (signal: 'SIGTERM' | 'SIGKILL') => void = () => {};

  const run = async (): Promise<void> => {
    for (let failures = 0; !stopping.signal.aborted; ) {
      const startedAt = clock.monotonic();
      const child = start(planned, options);
      signalIt = child.signal;
      onChange(`runs as process ${child.pid} on ${planned.url}`);
      const how = await child.ended;
      if (stopping.signal.aborted) return onChange(`stopped (${how})`);
      failures = clock.monotonic() - startedAt > isWellAfterMs ? 1 : failures + 1;
      const delayMs = backoffMs(backoff, failures, chanceOf(clock));
      onChange(`ended (${how}); it is started again in ${delayMs} ms`);
      await clock.sleep(delayMs, stopping.signal);
    }
  };

  const running = run();
  return {
    kill: () => {
      stopping.abort();
      signalIt('SIGKILL');
    },
    stop: async () => {
      stopping.abort();
      signalIt('SIGTERM');
      const gone = new AbortController();
      void clock.sleep(stopTimeoutMs, gone.signal).then(() => {
        if (!gone.signal.aborted) signalIt('SIGKILL');
      });
      await running;
      gone.abort();
    },
  };
}

type Child = Readonly<{
  pid: number;
  signal: (signal: 'SIGTERM' | 'SIGKILL') => void;
  /** How it ended, in words. Never rejects. */
  ended: Promise<string>;
}>;

function start({ main, environment }: PlannedProcess, { onLine }: Options): Child {
  const child = spawn(process.execPath, [main], {
    env: { ...environment },
    // The channel carries nothing: it tells the process when we are gone without a word.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) if (stream) linesOf(stream, onLine);
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  return { pid: child.pid ?? 0, signal: (signal) => void child.kill(signal), ended };
}

function linesOf(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLine);
}
