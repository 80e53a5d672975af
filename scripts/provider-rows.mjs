// `node scripts/provider-rows.mjs`: the rows of test/fixtures/provider-rows.json (what each adapter
// must produce, and what we decided where a provider says nothing) that no test names, and rows that
// a test names and nobody listed. A test names a decision in a title or a text as "row 5" or
// "decisions 5 and 6" in its provider's folder, elsewhere with the provider before it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const rows = JSON.parse(readFileSync(join(root, 'test/fixtures/provider-rows.json'), 'utf8'));
const providers = Object.keys(rows);

const testFiles = ['packages', 'services', 'test'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts') && !/(^|\/)(node_modules|dist)\//.test(path))
    .map((path) => join(folder, path)),
);

const numbers = String.raw`(?:rows?|decisions?) (\d+(?:(?:, | and |, and )\d+)*)`;

/** By provider, the numbers that tests name, each with a file that does. */
const named = new Map(providers.map((provider) => [provider, new Map()]));
for (const path of testFiles) {
  const text = readFileSync(join(root, path), 'utf8');
  const own = providers.find((provider) => path.startsWith(`packages/providers/src/${provider}/`));
  const pattern = own
    ? new RegExp(String.raw`\b()${numbers}`, 'g')
    : new RegExp(String.raw`\b(${providers.join('|')}) ${numbers}`, 'g');
  for (const [, prefix, list] of text.matchAll(pattern))
    for (const number of list.match(/\d+/g)) named.get(own ?? prefix).set(Number(number), path);
}

const faults = providers.flatMap((provider) => {
  const { decisions, events } = rows[provider];
  const listed = new Set(decisions.map(({ row }) => row));
  const tests = named.get(provider);
  return [
    ...decisions
      .filter(({ row, beyond }) => beyond === undefined && !tests.has(row))
      .map(({ row, words }) => `${provider} ${row} (${words}): no test names it`),
    ...decisions
      .filter(({ row, beyond }) => beyond !== undefined && tests.has(row))
      .map(
        ({ row }) => `${provider} ${row}: ${tests.get(row)} names it, so it is not beyond tests`,
      ),
    ...[...tests]
      .filter(([row]) => !listed.has(row))
      .map(([row, path]) => `${provider} ${row}: named in ${path}, and not listed`),
    ...events
      .filter(({ bodies }) => bodies.length === 0)
      .map(({ row }) => `${provider} ${row}: no body is translated for it`),
  ];
});

for (const fault of faults) process.stdout.write(`${fault}\n`);
process.exit(faults.length === 0 ? 0 : 1);
