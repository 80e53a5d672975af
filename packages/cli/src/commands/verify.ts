import { verify } from '@counterfoil/read-models';
import { withBooks } from '../books.ts';
import type { CommandEnvironment } from '../command-environment.ts';

/** Derives the books from the log again and compares every read model; exit 1 on any drift. */
export async function verifyBooks(
  command: CommandEnvironment,
  options: Readonly<{ json?: boolean }>,
): Promise<void> {
  const { output } = command;
  const report = await withBooks(command, ({ database, store, arePositionsContiguous }) =>
    verify({
      database,
      store,
      arePositionsContiguous,
      onProgress: ({ events }) => output.progress(`${events} events read`),
    }),
  );
  if (!report.ok) command.fail(1);
  if (options.json) return output.json(report);
  output.table(
    ['check', 'result'],
    report.checks.map(({ name, ok }) => [name, ok ? 'ok' : 'DRIFT']),
  );
  output.line(`${report.events} events, drift ${report.drift}`);
  if (report.firstDrift)
    output.line(`first: ${report.firstDrift.check}: ${report.firstDrift.what}`);
}
