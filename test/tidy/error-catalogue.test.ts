import { problems } from '@counterfoil/runtime';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
/** Source without its comments, which may quote codes and end with semicolons. */
const code = (path: string) => read(path).replaceAll(/\/\*.*?\*\/|\/\/[^\n]*/gs, '');
const catalogue = read('docs/ERRORS.md');

/** The rows of the table under a heading: their first cells without quotes, and all cells. */
function documented(heading: string): ReadonlyMap<string, readonly string[]> {
  const section = catalogue.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const rows = section.split('\n').filter((text) => text.startsWith('| `'));
  return new Map(
    rows.map((row) => {
      const [code = '', ...cells] = row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
      return [code.replaceAll('`', ''), cells];
    }),
  );
}

/** The texts of a union of literals that a file declares under a name. */
function literalsOf(path: string, name: string): readonly string[] {
  const declaration = new RegExp(`export type ${name} =([^;]+);`).exec(code(path))?.[1] ?? '';
  return [...declaration.matchAll(/'([^']+)'/g)].map(([, text = '']) => text);
}

/** Every code of a `Rejection<…>` that the domain names in a message file or beside its money. */
function domainRejections(): readonly string[] {
  const folder = 'packages/domain/src';
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !path.endsWith('.test.ts'),
  );
  return files.flatMap((path) =>
    [...code(join(folder, path)).matchAll(/Rejection<([^>=]*)>/g)].flatMap(([, codes = '']) =>
      [...codes.matchAll(/'([^']+)'/g)].map(([, code = '']) => code),
    ),
  );
}

const accountMessages = 'packages/domain/src/account/messages.ts';
const providerAdapter = 'packages/providers/src/provider-adapter.ts';

describe('docs/ERRORS.md', () => {
  it('lists every problem with its status, and no other', () => {
    const rows = documented('Problems');
    expect([...rows.keys()].toSorted()).toEqual(Object.keys(problems).toSorted());
    for (const [code, { status }] of Object.entries(problems))
      expect([code, rows.get(code)?.[0]]).toEqual([code, String(status)]);
  });

  it('has a problem for every rejection of the domain and of the webhook credentials', () => {
    const codes = new Set([
      ...domainRejections(),
      ...literalsOf(providerAdapter, 'VerificationCode'),
    ]);
    expect(codes.size).toBeGreaterThan(15);
    for (const code of codes) expect(Object.keys(problems)).toContain(code);
  });

  it.each([
    ['Declines', accountMessages, 'DeclineReason', []],
    ['Quarantine', providerAdapter, 'QuarantineCode', ['adapter-fault']],
    ['Reviews', accountMessages, 'ReviewReason', []],
  ])('lists under %s what %s declares, and no other', (heading, path, name, others) => {
    const declared = literalsOf(path, name);
    expect(declared.length).toBeGreaterThan(5);
    const expected = [...new Set([...declared, ...others])].toSorted();
    expect([...documented(heading).keys()].toSorted()).toEqual(expected);
  });

  it('says in every cell something', () => {
    for (const heading of ['Problems', 'Declines', 'Quarantine', 'Reviews'])
      for (const [code, cells] of documented(heading))
        expect([code, cells.every((cell) => cell !== '')]).toEqual([code, true]);
  });
});
