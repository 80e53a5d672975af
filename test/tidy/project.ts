import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every file of the checkout by its path from the root, with `/` between its parts. */
export type Project = ReadonlyMap<string, string>;

/** `faults` names what is wrong, each with its path. */
export type Rule = Readonly<{
  title: string;
  faults: (project: Project) => readonly string[];
  /** Files each of which must be found wrong, so that the rule is known to see. */
  broken: Readonly<Record<string, string>>;
  /** What the broken files need beside them. */
  beside?: Readonly<Record<string, string>>;
}>;

// What `.gitignore` names, and git's own folder.
const ignored = new Set(['.git', 'node_modules', 'dist', '.counterfoil', 'coverage', '.env']);

export function readProject(root: string, folder = ''): Project {
  const files = new Map<string, string>();
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (ignored.has(entry.name) || path.endsWith('.tsbuildinfo')) continue;
    if (entry.isDirectory())
      for (const [inner, text] of readProject(root, path)) files.set(inner, text);
    else if (entry.isFile()) files.set(path, readFileSync(join(root, path), 'utf8'));
  }
  return files;
}

export const isSource = (path: string): boolean => /\.(ts|mjs|js)$/.test(path);

/** Tests and what only tests import. */
export const isTestCode = (path: string): boolean =>
  path.startsWith('test/') || path.endsWith('.test.ts') || path.includes('/testing/');

/** What prepares a checkout or a machine, and is no part of what runs there. */
export const isTool = (path: string): boolean => /^(scripts|infra)\//.test(path);

/** `packages/domain` of a path below it; null outside the workspaces. */
export const workspaceOf = (path: string): string | null =>
  /^((packages|services)\/[^/]+|test)\//.exec(path)?.[1] ?? null;

export const sourcesOf = (project: Project): readonly (readonly [string, string])[] =>
  [...project].filter(([path]) => isSource(path) && !path.startsWith('test/fixtures/'));

/** One fault for each source in which `wrong` finds something. */
export const inSources =
  (wrong: (path: string, text: string) => readonly string[]) =>
  (project: Project): readonly string[] =>
    sourcesOf(project).flatMap(([path, text]) =>
      wrong(path, text).map((what) => `${path}: ${what}`),
    );
