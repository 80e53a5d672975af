import { posix } from 'node:path';
import { isTestCode, type Project, type Rule, sourcesOf } from '../project.ts';
import { specifiersOf } from '../source-text.ts';

/** Where reading begins: what others import, what is started, and what a tool finds by itself. */
const isEntry = (path: string): boolean =>
  /^(packages|services)\/[^/]+\/(src\/(index|main)\.ts|bin\/[^/]+\.js)$/.test(path) ||
  /^scripts\/[^/]+\.mjs$/.test(path) ||
  path === 'vitest.config.ts';

/** What a Dockerfile, a compose file or a script of the manifest starts. */
function isStarted(project: Project, path: string): boolean {
  const starters = [...project].filter(([name]) =>
    /(^|\/)(Dockerfile|package\.json|[\w.-]+\.ya?ml)$/.test(name),
  );
  return path.startsWith('infra/') && starters.some(([, text]) => text.includes(path));
}

/** Tests, the doors for tests, and what the benches and the test run start. */
const isTestEntry = (path: string): boolean =>
  path.endsWith('.test.ts') ||
  path.endsWith('/src/testing/index.ts') ||
  path.endsWith('/testing/global-setup.ts') ||
  path === 'test/bench/src/main.ts';

function reached(project: Project, entries: readonly string[]): ReadonlySet<string> {
  const seen = new Set(entries);
  const queue = [...entries];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const text = project.get(path) ?? '';
    // A file may also be started as a process or a worker, and is then named as text.
    const named = [...text.matchAll(/'(\.{1,2}\/[\w./-]+\.(?:ts|mjs|js|json))'/g)].map(
      ([, name = '']) => name,
    );
    for (const specifier of [...specifiersOf(text), ...named]) {
      if (!specifier.startsWith('.')) continue;
      const target = posix.normalize(posix.join(posix.dirname(path), specifier));
      if (seen.has(target) || !project.has(target)) continue;
      seen.add(target);
      queue.push(target);
    }
  }
  return seen;
}

export const reachable: Rule = {
  title: 'every source is reached from an entry, and production code not only from tests',
  faults: (project) => {
    const paths = sourcesOf(project).map(([path]) => path);
    const started = paths.filter((path) => isEntry(path) || isStarted(project, path));
    const inProduction = reached(project, started);
    const inTests = reached(project, [...started, ...paths.filter(isTestEntry)]);
    return paths.filter((path) => !(isTestCode(path) ? inTests : inProduction).has(path));
  },
  broken: {
    'packages/ledger/src/forgotten.ts': 'export const forgotten = 1;\n',
    'test/support/forgotten.ts': 'export const forgotten = 1;\n',
  },
  // A test alone keeps no production code alive.
  beside: {
    'packages/ledger/src/forgotten.test.ts': "import { forgotten } from './forgotten.ts';\n",
  },
};
