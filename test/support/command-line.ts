import { program } from '@counterfoil/cli';
import { type Environment, silentLogger, systemClock } from '@counterfoil/runtime';

/** What a command said, and how it ended. */
export type Said = Readonly<{
  stdout: readonly string[];
  stderr: readonly string[];
  exitCode: number;
}>;

/** The `counterfoil` command in this process, beside a running system. */
export type CommandLine = Readonly<{
  run: (...args: readonly string[]) => Promise<Said>;
  /** The one document that `--json` prints; rejects when the command did not end well. */
  json: <Value>(...args: readonly string[]) => Promise<Value>;
}>;

export function commandLine(environment: Environment): CommandLine {
  const run = async (...args: readonly string[]): Promise<Said> => {
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
  };
  return {
    run,
    json: async <Value>(...args: readonly string[]) => {
      const { stdout, stderr, exitCode } = await run(...args, '--json');
      if (stdout.length !== 1 || exitCode !== 0)
        throw new Error(`${args.join(' ')}: ${exitCode} ${[...stdout, ...stderr].join(' ')}`);
      return JSON.parse(stdout[0] ?? '') as Value;
    },
  };
}
