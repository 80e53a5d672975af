import { join } from 'node:path';
import { providerApiConfig } from '@counterfoil/cli';
import { type ConfigDefinition, describeConfig } from '@counterfoil/runtime';
import { standaloneConfig } from '@counterfoil/standalone';
import { expect, it } from 'vitest';

const head = `# Configuration

Every variable of the one-process deployment, read once at start from the environment and from a \`.env\` file, which the environment
overrides. A wrong value stops the start with one message that names every fault. \`npx counterfoil config\` shows this table with what is set.

An empty value counts as not set. Variables marked with a star are secrets: they are never shown, nor logged.
`;

const calls = `
## Calls to providers

Only \`counterfoil provider\` calls the providers, to register our webhooks and to find missed ones. No service needs these variables.
`;

const row = (cells: readonly string[]) =>
  `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;

const tableOf = (definition: ConfigDefinition): readonly string[] => [
  row(['variable', 'default', 'meaning']),
  row(['---', '---', '---']),
  ...describeConfig(definition).map(({ variable, default: value, meaning }) =>
    row([
      `\`${variable}\`${definition[variable]?.isSecret === true ? ' *' : ''}`,
      value,
      `${meaning}.`,
    ]),
  ),
];

/** `npx vitest run test/tidy/configuration-page.test.ts -u` writes the page. */
it('docs/CONFIGURATION.md lists every variable as it is declared', async () => {
  const page = [head, ...tableOf(standaloneConfig), calls, ...tableOf(providerApiConfig), ''];
  await expect(page.join('\n')).toMatchFileSnapshot(
    join(import.meta.dirname, '../../docs/CONFIGURATION.md'),
  );
});
