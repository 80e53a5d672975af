import { ConfigError, jsonLogger, readEnvironment, systemClock } from '@counterfoil/runtime';
import { consoleOutput } from './output.ts';
import { program } from './program.ts';

const clock = systemClock();
const output = consoleOutput(clock.now);
const stopping = new AbortController();
process.once('SIGINT', () => stopping.abort());
process.once('SIGTERM', () => stopping.abort());

try {
  await program({
    environment: readEnvironment(),
    clock,
    logger: jsonLogger({ level: 'warn', service: 'counterfoil', destination: process.stderr }),
    output,
    signal: stopping.signal,
    fail: (exitCode) => {
      process.exitCode = exitCode;
    },
  }).parseAsync();
} catch (error) {
  // A fault of the configuration explains itself; a stack would hide it.
  const text = error instanceof ConfigError ? error.message : describe(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
