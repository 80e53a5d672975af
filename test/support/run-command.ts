import { program } from '@counterfoil/cli';
import { type Environment, silentLogger, systemClock } from '@counterfoil/runtime';

/** Runs a command in this process, beside the system that the environment names. */
export async function runCommand(environment: Environment, ...args: readonly string[]) {
  const said = { stdout: [] as string[], stderr: [] as string[], exitCode: 0 };
  const line = (text: string) => void said.stdout.push(text);
  const aside = (text: string) => void said.stderr.push(text);
  await program({
    environment,
    clock: systemClock(),
    logger: silentLogger,
    output: {
      line,
      aside,
      json: (value) => line(JSON.stringify(value)),
      table: (head, rows) => [head, ...rows].forEach((row) => line(row.join(' | '))),
      progress: aside,
    },
    signal: new AbortController().signal,
    signals: { on: () => {}, exit: () => {} },
    fail: (exitCode) => {
      said.exitCode = exitCode;
    },
  }).parseAsync([...args], { from: 'user' });
  return said;
}
