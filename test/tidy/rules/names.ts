import { posix } from 'node:path';
import { inSources, isSource, type Rule } from '../project.ts';
import { codeOf } from '../source-text.ts';

const replacements: ReadonlyMap<string, string> = new Map([
  ['auth', 'authorization, or access'],
  ['txn', 'transaction'],
  ['acct', 'account'],
  ['amt', 'amount'],
  ['evt', 'event'],
  ['ctx', 'context'],
  ['req', 'request'],
  ['res', 'response, or result'],
]);

// What fastify calls an option, and what EventStoreDB's protocol calls its messages.
const isForeign = (identifier: string) => /^(genReqId|[A-Z]\w*Req)$/.test(identifier);

/** `holdId` is hold and id; `HTTPServer2` is http and server. */
const wordsOf = (identifier: string): readonly string[] =>
  identifier
    .split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[_$\d]+/)
    .map((word) => word.toLowerCase());

export const wholeWords: Rule = {
  title: 'names are whole words',
  faults: inSources((path, text) => {
    const code = codeOf(text, 'blank-texts');
    const identifiers = new Set(code.match(/[A-Za-z_$][\w$]*/g));
    const parts = posix.basename(path).split(/[.-]/);
    const ours = [...identifiers].filter((identifier) => !isForeign(identifier));
    return [...ours.flatMap(wordsOf), ...parts]
      .filter((word) => replacements.has(word))
      .map((word) => `${word}: say ${replacements.get(word)}`);
  }),
  broken: {
    'packages/ledger/src/auth-check.ts': 'export const check = 1;\n',
    'packages/ledger/src/broken.ts': 'export const f = (text: string) => `${text.acctId}`;\n',
  },
};

const drawers = [
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'types',
  'interfaces',
  'shared',
  'misc',
  'lib',
];

export const fileNames: Rule = {
  title: 'a file is named in kebab-case after what it holds, and no file or folder is a drawer',
  faults: (project) =>
    [...project.keys()]
      .filter((path) => isSource(path) && !path.startsWith('test/fixtures/'))
      .filter((path) => {
        const parts = path
          .split('/')
          .map((part) => part.replace(/(\.(test|bench))?\.(ts|mjs|js)$/, ''));
        return parts.some(
          (part) => drawers.includes(part) || !/^[a-z0-9]+(-[a-z0-9]+)*(\.config)?$/.test(part),
        );
      }),
  broken: {
    'packages/ledger/src/utils.ts': 'export const a = 1;\n',
    'packages/ledger/src/helpers/money.ts': 'export const a = 1;\n',
    'packages/ledger/src/linkReference.ts': 'export const a = 1;\n',
  },
};

/** A pattern that no source may contain as code. */
const never = (title: string, pattern: RegExp, broken: string): Rule => ({
  title,
  faults: inSources((_path, text) =>
    [...codeOf(text, 'blank-texts').matchAll(pattern)].map(([found]) => found.trim()),
  ),
  broken: { 'packages/ledger/src/broken.test.ts': broken },
});

export const namedExports: Rule = {
  title: 'what a file exports is named; only what configures a tool is its default export',
  faults: inSources((path, text) =>
    path.endsWith('.config.ts')
      ? []
      : (codeOf(text, 'blank-texts').match(/\bexport \*|\bexport default\b/g) ?? []),
  ),
  broken: {
    'packages/ledger/src/index.ts': "export * from './ledger.ts';\n",
    'packages/ledger/src/broken.ts': 'export default 1;\n',
  },
};

export const everyTestRuns: Rule = {
  title: 'no test runs alone, and one that is left out says in its title why',
  faults: inSources(
    (_path, text) =>
      codeOf(text, 'keep-texts').match(
        /\b(?:it|test|describe)\.(?:only\b|(?:skip|todo)\b(?!\(`[^`]*\$\{))|\bx(?:it|describe)\(/g,
      ) ?? [],
  ),
  broken: {
    'packages/ledger/src/alone.test.ts': `it.${'only'}('works', () => {});\n`,
    'packages/ledger/src/off.test.ts': `describe.${'skip'}('works', () => {});\n`,
  },
};

export const plainConstructs = never(
  'there is no class but of errors, no enum, no namespace and no any',
  /\bclass\s+\w+(?!\w)(?!\s+extends\s+\w*Error\b)|^\s*(?:export\s+)?(?:const\s+)?enum\s+\w+|^\s*(?:export\s+)?namespace\s+\w+|(?<=[:<,|]\s*)\bany\b(?=\s*[;,)>=|[\]])/gm,
  'class Ledger {}\n',
);

// In pieces, so that this file is not what it looks for.
const openMark = new RegExp(String.raw`\b(?:TO${'DO'}|FIX${'ME'})\b(?!\(#\d+\))[^\n]*`, 'g');

export const openWork: Rule = {
  title: 'open work names its issue',
  faults: inSources((_path, text) => text.match(openMark) ?? []),
  broken: { 'packages/ledger/src/broken.ts': `// TO${'DO'}: later\n` },
};
