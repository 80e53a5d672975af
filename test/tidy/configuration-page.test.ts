import { join } from 'node:path';
import { describeConfig } from '@counterfoil/runtime';
import { standaloneConfig } from '@counterfoil/standalone';
import { expect, it } from 'vitest';

const head = `# Configuration

Every variable of the one-process deployment, read once at start from the environment and from a \`.env\` file, which the environment
overrides. A wrong value stops the start with one message that names every fault. \`npx counterfoil config\` shows this table with what is set.

An empty value counts as not set. Variables marked with a star are secrets: they are never shown, nor logged.
`;

const row = (cells: readonly string[]) =>
  `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;

/** `npx vitest run test/tidy/configuration-page.test.ts -u` writes the page. */
it('docs/CONFIGURATION.md lists every variable as it is declared', async () => {
  const rows = describeConfig(standaloneConfig).map(({ variable, default: value, meaning }) =>
    row([
      `\`${variable}\`${standaloneConfig[variable as keyof typeof standaloneConfig].isSecret ? ' *' : ''}`,
      value,
      `${meaning}.`,
    ]),
  );
  const page = [
    head,
    row(['variable', 'default', 'meaning']),
    row(['---', '---', '---']),
    ...rows,
    '',
  ];
  await expect(page.join('\n')).toMatchFileSnapshot(
    join(import.meta.dirname, '../../docs/CONFIGURATION.md'),
  );
});
