import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readProject, type Rule } from './project.ts';
import * as documents from './rules/documents.ts';
import * as imports from './rules/imports.ts';
import * as names from './rules/names.ts';
import * as onePlace from './rules/one-place.ts';
import { reachable } from './rules/reachable.ts';
import { standsAlone } from './rules/stand-alone.ts';

/** Some rules read the whole project, and the machine may be busy. */
const timeout = 60_000;

const project = readProject(join(import.meta.dirname, '../..'));
const rules: readonly Rule[] = [
  ...Object.values(imports),
  ...Object.values(onePlace),
  ...Object.values(names),
  reachable,
  ...Object.values(documents),
  standsAlone,
];

describe.each(rules.map((rule) => [rule.title, rule] as const))(
  '%s',
  { timeout },
  (_title, rule) => {
    it('holds', () => {
      expect(rule.faults(project)).toEqual([]);
    });

    it.each(Object.entries(rule.broken))('is seen broken by %s', (path, text) => {
      const before = new Set(rule.faults(project));
      const beside = Object.entries(rule.beside ?? {});
      const after = rule.faults(new Map([...project, ...beside, [path, text]]));
      expect(after.filter((fault) => !before.has(fault) && fault.includes(path))).not.toEqual([]);
    });
  },
);
