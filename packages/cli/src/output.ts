import Table from 'cli-table3';

/** What a command prints; progress goes beside it, so that `--json` leaves stdout to one document. */
export type Output = Readonly<{
  line: (text: string) => void;
  json: (value: unknown) => void;
  table: (head: readonly string[], rows: readonly (readonly string[])[]) => void;
  /** For the person at the terminal, beside the output that a program may read. */
  aside: (text: string) => void;
  /** One changing line on a terminal, now and then a line elsewhere; an empty text ends it. */
  progress: (text: string) => void;
}>;

const lineEveryMs = 2_000;
const eraseLine = '\r\u001b[2K';
/** Of a terminal that does not say. */
const usualColumns = 80;
/** Lines between rows would double the height of a table. */
const noLineBetweenRows = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

export function consoleOutput(now: () => number): Output {
  let lastProgressAt = Number.NEGATIVE_INFINITY;
  let isOpenLine = false;
  const closeLine = () => {
    if (isOpenLine) process.stderr.write(eraseLine);
    isOpenLine = false;
  };
  const line = (text: string) => {
    closeLine();
    process.stdout.write(`${text}\n`);
  };
  return {
    line,
    json: (value) => line(JSON.stringify(value)),
    table: (head, rows) => line(tableText(head, rows)),
    aside: (text) => {
      closeLine();
      process.stderr.write(`${text}\n`);
    },
    progress: (text) => {
      if (text === '') closeLine();
      else if (process.stderr.isTTY) {
        const width = (process.stderr.columns || usualColumns) - 1;
        process.stderr.write(`${eraseLine}${text.slice(0, width)}`);
        isOpenLine = true;
      } else if (now() - lastProgressAt >= lineEveryMs) {
        lastProgressAt = now();
        process.stderr.write(`${text}\n`);
      }
    },
  };
}

/**
 * Text of a provider as a terminal may show it: what it would obey, such as an escape sequence, is
 * written as JSON writes it.
 */
export const printable = (text: string): string =>
  text.replace(
    /[^\P{Control}\n\t]/gu,
    (control) => `\\u${(control.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );

function tableText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '(none)';
  const table = new Table({
    head: [...head],
    style: { head: [], border: [] },
    chars: noLineBetweenRows,
  });
  for (const row of rows) table.push(row.map(printable));
  // A heading needs its line: the table draws it as one between rows.
  const lines = table.toString().split('\n');
  const under = (lines[0] ?? '').replace('┌', '├').replaceAll('┬', '┼').replace('┐', '┤');
  return [...lines.slice(0, 2), under, ...lines.slice(2)].join('\n');
}
