import { join } from 'node:path';
import { clusterConfig } from '@counterfoil/cluster';
import { providerApiConfig } from '@counterfoil/cli';
import { type ConfigDefinition, describeConfig } from '@counterfoil/runtime';
import { standaloneConfig } from '@counterfoil/standalone';
import { expect, it } from 'vitest';
import { serviceConfigs } from '../support/service-configs.ts';

const head = `# Configuration

Every variable of the one-process deployment, read once at start from the environment and from a \`.env\` file, which the environment
overrides. A wrong value stops the start with one message that names every fault. \`npx counterfoil config\` shows this table with what is set.

An empty value counts as not set. Variables marked with a star are secrets: they are never shown, nor logged.
`;

const calls = `
## Calls to providers

Only \`counterfoil provider\` calls the providers, to register our webhooks and to find missed ones. No service needs these variables.
`;

const processesHead = `
## Processes of their own

What a service reads when it runs in a process of its own, where that is not in the table above or not the same there. Everything that two of
them read must be the same for both, but for \`HOST\`, \`PORT\`, \`DATABASE_CONNECTIONS_MAX\` and \`PROJECTOR_MODELS\`.
`;
const clusterHead = `
## \`npm run cluster\`

What it reads itself; everything else goes to the services as it is.
`;

type Line = Readonly<{ variable: string; default: string; meaning: string; readers: string[] }>;

/** A line for each default and meaning that a variable has, with the services that read it so. */
function processLines(): readonly Line[] {
  const known = new Set(describeConfig(standaloneConfig).map((one) => JSON.stringify(one)));
  const lines = new Map<string, Line>();
  for (const [service, definition] of Object.entries(serviceConfigs))
    for (const one of describeConfig(definition)) {
      const key = JSON.stringify(one);
      if (known.has(key)) continue;
      const line = lines.get(key) ?? { ...one, readers: [] };
      line.readers.push(service);
      lines.set(key, line);
    }
  return [...lines.values()];
}

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

const processTable = (): readonly string[] => [
  processesHead,
  row(['variable', 'of', 'default', 'meaning']),
  row(['---', '---', '---', '---']),
  ...processLines().map(({ variable, readers, default: value, meaning }) => {
    const isSecret = readers.some((name) => serviceConfigs[name]?.[variable]?.isSecret);
    const isOfAll = readers.length === Object.keys(serviceConfigs).length;
    const name = `\`${variable}\`${isSecret ? ' *' : ''}`;
    return row([name, isOfAll ? 'all' : readers.join(', '), value, `${meaning}.`]);
  }),
];

/** `npx vitest run test/tidy/configuration-page.test.ts -u` writes the page. */
it('docs/CONFIGURATION.md lists every variable as it is declared', async () => {
  const page = [
    head,
    ...tableOf(standaloneConfig),
    calls,
    ...tableOf(providerApiConfig),
    ...processTable(),
    clusterHead,
    ...tableOf(clusterConfig),
    '',
  ];
  await expect(page.join('\n')).toMatchFileSnapshot(
    join(import.meta.dirname, '../../docs/CONFIGURATION.md'),
  );
});
