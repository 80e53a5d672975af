import { posix } from 'node:path';
import { type Project, type Rule, sourcesOf } from '../project.ts';

const documentsOf = (project: Project): readonly (readonly [string, string])[] =>
  [...project].filter(([path]) => path.endsWith('.md') && !path.startsWith('test/fixtures/'));

const inDocuments =
  (wrong: (text: string, project: Project, path: string) => readonly string[]) =>
  (project: Project): readonly string[] =>
    documentsOf(project).flatMap(([path, text]) =>
      wrong(text, project, path).map((what) => `${path}: ${what}`),
    );

/** As the usual hosts make anchors: lower case, no punctuation, dashes for blanks. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');

const isThere = (project: Project, path: string): boolean =>
  project.has(path) ||
  [...project.keys()].some((known) => known.startsWith(`${path.replace(/\/$/, '')}/`));

export const links: Rule = {
  title: 'a link in a document leads to a file of the project, and to a heading that it has',
  faults: inDocuments((text, project, path) =>
    [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link = '']) => link)
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [file = '', anchor] = link.split('#');
        const target = file === '' ? path : posix.normalize(posix.join(posix.dirname(path), file));
        if (!isThere(project, target)) return true;
        if (anchor === undefined) return false;
        const headings = (project.get(target) ?? '').match(/^#+ .*$/gm) ?? [];
        return !headings.some((heading) => anchorOf(heading.replace(/^#+ /, '')) === anchor);
      }),
  ),
  broken: {
    'docs/broken.md': 'See [nothing](nowhere.md) and [this](../README.md#no-such-heading).\n',
  },
};

const topFolders = ['packages', 'services', 'test', 'docs', 'scripts', 'infra'];

export const paths: Rule = {
  title: 'a path that a document names exists',
  faults: inDocuments((text, project) =>
    [...text.matchAll(/`([\w.-]+\/[\w./-]*[\w-])\/?`/g)]
      .map(([, path = '']) => path)
      .filter((path) => topFolders.includes(path.split('/')[0] ?? ''))
      .filter((path) => !isThere(project, path)),
  ),
  broken: { 'docs/broken.md': 'It is in `packages/ledger/src/nowhere.ts`.\n' },
};

function commandsOf(project: Project): ReadonlySet<string> {
  const program = [...project].filter(([path]) => path.startsWith('packages/cli/src/program/'));
  const text = program.map(([, source]) => source).join('\n');
  return new Set(
    [...text.matchAll(/(?:\.command|new Command)\('([\w-]+)/g)].map(([, name = '']) => name),
  );
}

export const commands: Rule = {
  title: 'a command that a document names exists',
  faults: inDocuments((text, project) => {
    const { scripts } = JSON.parse(project.get('package.json') ?? '{}') as {
      scripts: Record<string, string>;
    };
    const npm = [
      ...text.matchAll(/\bnpm (?:--?[\w=-]+ )*(?:run (?:--?[\w=-]+ )*([\w:-]+)|(start|test)\b)/g),
    ]
      .map(([, run, short]) => run ?? short ?? '')
      .filter((name) => !Object.hasOwn(scripts, name))
      .map((name) => `npm run ${name}`);
    const known = commandsOf(project);
    const counterfoil = [...text.matchAll(/(?:`|npx )counterfoil ([a-z][\w-]*)/g)]
      .map(([, name = '']) => name)
      .filter((name) => !known.has(name))
      .map((name) => `counterfoil ${name}`);
    return [...npm, ...counterfoil];
  }),
  broken: { 'docs/broken.md': 'Try `npm run nothing`, then `npx counterfoil nothing`.\n' },
};

export const guarantees: Rule = {
  title: 'a guarantee in the architecture names a test that exists',
  faults: (project) => {
    const text = project.get('docs/ARCHITECTURE.md') ?? '';
    const rows = text.split('\n').filter((row) => /^\| G\d+ \|/.test(row));
    const untested = rows.filter((row) => !/`[\w./-]+(\.test\.ts|-contract\.ts)`/.test(row));
    return rows.length === 0
      ? ['docs/ARCHITECTURE.md: no guarantees']
      : untested.map((row) => `docs/ARCHITECTURE.md: ${row}`);
  },
  broken: { 'docs/ARCHITECTURE.md': '| G1 | money never vanishes | trust us |\n' },
};

export const citedRules: Rule = {
  title: 'a rule that a comment cites is one that docs/RULES.md states',
  faults: (project) => {
    const stated = new Set(
      (project.get('docs/RULES.md') ?? '')
        .match(/^## R\d+(?=\.)/gm)
        ?.map((heading) => heading.slice(3)),
    );
    return sourcesOf(project).flatMap(([path, text]) =>
      [...text.matchAll(/\bR\d{1,2}\b/g)]
        .map(([rule]) => rule)
        .filter((rule) => !stated.has(rule))
        .map((rule) => `${path}: ${rule}`),
    );
  },
  broken: { 'packages/ledger/src/broken.ts': `/** As R${'99'} asks. */\n` },
};

/** What belongs in the root; plans and reports do not. */
const rootFiles = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'LICENSE',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.base.json',
  'tsconfig.tests.json',
  'biome.json',
  '.oxlintrc.json',
  'knip.json',
  'vitest.config.ts',
  'docker-compose.yml',
  '.gitignore',
  '.gitattributes',
  '.npmrc',
  '.dockerignore',
  '.editorconfig',
  '.env.example',
];

export const root: Rule = {
  title: 'the root holds what a tool or a newcomer looks for there',
  faults: (project) =>
    [...project.keys()].filter((path) => !path.includes('/') && !rootFiles.includes(path)),
  broken: { 'PLAN-DONE.md': 'Done.\n' },
};
