import {
  ConfigError,
  jsonLogger,
  logLevels,
  readEnvironment,
  systemClock,
} from '@counterfoil/runtime';
import { NoBooks } from './books.ts';
import { interrupts } from './interrupts.ts';
import { consoleOutput } from './output.ts';
import { program } from './program/program.ts';

const clock = systemClock();
const environment = readEnvironment();
const stopping = new AbortController();
const signals = interrupts(process, clock);
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  signals.on(signal, () => {
    // A command that does not stop on the first interrupt ends on the second.
    if (stopping.signal.aborted) signals.exit(1);
    stopping.abort();
  });
// `counterfoil events | head` is no fault of ours.
process.stdout.on('error', (error: Error & { code?: string }) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

try {
  await program({
    environment,
    clock,
    logger: jsonLogger({
      level: logLevels.find((level) => level === environment['LOG_LEVEL']) ?? 'warn',
      service: 'counterfoil',
      destination: process.stderr,
    }),
    output: consoleOutput(clock.now),
    signal: stopping.signal,
    signals,
    fail: (exitCode) => {
      process.exitCode = exitCode;
    },
  }).parseAsync();
} catch (error) {
  // What the caller has to set right explains itself; a stack would hide it.
  const isExplained = error instanceof ConfigError || error instanceof NoBooks;
  process.stderr.write(`${isExplained ? error.message : describe(error)}\n`);
  // Not 1, which says that books were read and found wrong.
  process.exitCode = error instanceof NoBooks ? 2 : 1;
}

/** `fetch failed` alone says nothing: what it comes from does. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const text = `${error.name}: ${error.message}`;
  return error.cause === undefined ? text : `${text} (${describe(error.cause)})`;
}
