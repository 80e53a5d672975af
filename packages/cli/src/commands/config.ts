import { describeConfig } from '@counterfoil/runtime';
import { standaloneConfig } from '@counterfoil/standalone';
import type { CommandEnvironment } from '../command-environment.ts';
import { providerApiConfig } from '../provider-api-config.ts';

/** Every variable with its default, what is set, and what it means. Secrets are only said to be set. */
export function showConfig(
  { environment, output }: CommandEnvironment,
  options: Readonly<{ json?: boolean }>,
): void {
  const rows = describeConfig({ ...standaloneConfig, ...providerApiConfig }, environment);
  if (options.json) return output.json(rows);
  for (const row of rows) {
    output.line(row.value === null ? row.variable : `${row.variable} = ${row.value}`);
    output.line(`  ${row.meaning}`);
    output.line(`  default: ${row.default === '' ? 'none' : row.default}`);
  }
}
