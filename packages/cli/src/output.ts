import Table from 'cli-table3';

/** What a command prints; progress goes beside it, so that `--json` leaves stdout to one document. */
export type Output = Readonly<{
  line: (text: string) => void;
  json: (value: unknown) => void;
  table: (head: readonly string[], rows: readonly (readonly string[])[]) => void;
  /** One changing line on a terminal, now and then a line elsewhere. */
  progress: (text: string) => void;
}>;

const lineEveryMs = 2_000;

export function consoleOutput(now: () => number): Output {
  let lastProgressAt = 0;
  let isOpenLine = false;
  const closeLine = () => {
    if (isOpenLine) process.stderr.write('\n');
    isOpenLine = false;
  };
  const line = (text: string) => {
    closeLine();
    process.stdout.write(`${text}\n`);
  };
  return {
    line,
    json: (value) => line(JSON.stringify(value)),
    table: (head, rows) => {
      const table = new Table({ head: [...head], style: { head: [], border: [] } });
      for (const row of rows) table.push([...row]);
      line(rows.length === 0 ? '(none)' : table.toString());
    },
    progress: (text) => {
      if (process.stderr.isTTY) {
        process.stderr.write(`\r\u001b[2K${text}`);
        isOpenLine = true;
      } else if (now() - lastProgressAt >= lineEveryMs) {
        lastProgressAt = now();
        process.stderr.write(`${text}\n`);
      }
    },
  };
}
