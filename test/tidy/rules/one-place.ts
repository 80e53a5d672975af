import { inSources, isTestCode, isTool, type Rule, sourcesOf } from '../project.ts';
import { codeOf } from '../source-text.ts';

/** What production code may do in the named files only. */
function only(
  title: string,
  pattern: RegExp,
  homes: readonly string[],
  broken: Readonly<Record<string, string>>,
): Rule {
  return {
    title,
    faults: inSources((path, text) =>
      isTestCode(path) || isTool(path) || homes.includes(path)
        ? []
        : [...codeOf(text, 'blank-texts').matchAll(pattern)].map(([found]) => found),
    ),
    broken,
  };
}

export const timeAndChance = only(
  'time, timers and randomness come from the clock adapter',
  /\bDate\.now\b|\bnew Date\(\)|\b(setTimeout|setInterval|setImmediate|randomUUID)\b|\bMath\.random\b|\bperformance\.now\b|\bhrtime\b/g,
  ['packages/runtime/src/system-clock.ts'],
  { 'services/projector/src/broken.ts': 'const at = `${Date.now()}`;\n' },
);

export const environment = only(
  'one file reads the environment',
  /\bprocess\.env\b|\benv\b(?=[^\n]*\bfrom\b)/g,
  ['packages/runtime/src/environment.ts'],
  { 'services/projector/src/broken.ts': "const port = process.env['PORT'];\n" },
);

export const onePath: Rule = {
  title: 'the command handler alone appends to streams; tests of what reads a log may fill one',
  faults: inSources((path, text) => {
    const fillsLog = isTestCode(path) && !path.startsWith('test/e2e/');
    // EventStoreDB's client calls it so too.
    const homes = [
      'packages/event-store/src/command-stream.ts',
      'packages/event-store/src/eventstoredb/',
    ];
    if (fillsLog || homes.some((home) => path.startsWith(home))) return [];
    return [...codeOf(text, 'blank-texts').matchAll(/\.appendToStream\s*\(/g)].map(() => 'appends');
  }),
  broken: {
    'services/ledger-writer/src/broken.ts': 'await store.appendToStream(request);\n',
    'test/e2e/broken.test.ts': 'await store.appendToStream(request);\n',
  },
};

export const floats = only(
  'no amount passes through a float: parseFloat, Number(text) of money and toFixed are not used',
  /\bparseFloat\b|\bNumber\((?:[^()]*\b(?:amount|units|balance|fee)\b[^()]*)\)|\.toFixed\(/g,
  // Latencies are no amounts.
  ['packages/cli/src/demo/print-report.ts'],
  { 'packages/providers/src/broken.ts': 'const paid = Number(event.amount);\n' },
);

export const tables: Rule = {
  title:
    'a table is made by one package or service, and migrations say whether they are compatible',
  faults: (project) => {
    const makers = new Map<string, string>();
    const faults: string[] = [];
    for (const [path, text] of sourcesOf(project)) {
      if (isTestCode(path)) continue;
      for (const [, table = ''] of text.matchAll(
        /\bcreate table (?:if not exists )?(counterfoil_\w+\.\w+)/g,
      )) {
        const maker = makers.get(table);
        if (maker !== undefined) faults.push(`${path}: ${table} is made in ${maker}`);
        makers.set(table, path);
      }
      for (const [, first = ''] of text.matchAll(/\bsql: `([^\n]*)\n/g))
        if (!/^-- (compatible$|breaking: \S)/.test(first))
          faults.push(`${path}: a migration begins "${first}"`);
    }
    return faults;
  },
  broken: {
    'services/query-api/src/b.ts': 'const b = { sql: `create table counterfoil_x.y (z int)\n` };\n',
  },
  beside: {
    'services/projector/src/a.ts':
      'const a = { sql: `-- compatible\ncreate table counterfoil_x.y (z int)` };\n',
  },
};
