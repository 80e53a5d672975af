import { describeConfig } from '@counterfoil/runtime';
import { standaloneConfig } from '@counterfoil/standalone';
import type { CommandEnvironment } from '../command-environment.ts';

/** Every variable with its default, what is set, and what it means. Secrets are only said to be set. */
export function showConfig(
  { environment, output }: CommandEnvironment,
  options: Readonly<{ json?: boolean }>,
): void {
  const rows = describeConfig(standaloneConfig, environment);
  if (options.json) return output.json(rows);
  output.table(
    ['variable', 'default', 'set to', 'meaning'],
    rows.map((row) => [row.variable, shortened(row.default), row.value ?? '', row.meaning]),
  );
}

const widthMax = 60;
const shortened = (text: string): string =>
  text.length > widthMax ? `${text.slice(0, widthMax - 1)}…` : text;
