import type { Rule } from '../project.ts';

// Written in pieces, so that this file is not what it looks for.
const foreign = new RegExp(
  [
    // Folders of somebody's machine.
    String.raw`(?<![\w./-])/(?:work|root|Users|home/\w+|tmp/\w+)/[\w.]`,
    // What lies beside the checkout, or is a page of another project's.
    String.raw`\.\./${'shared'}\b`,
    String.raw`\bshared/(?:design|contract|guides|samples|providers)\b`,
    // Where packages are fetched from is the business of whoever fetches them.
    String.raw`"resolved": "https?:`,
    String.raw`registry\.${'npmjs'}\.org`,
  ].join('|'),
  'g',
);

export const standsAlone: Rule = {
  title: 'no text points to a machine, a registry or a file outside the project',
  faults: (project) =>
    [...project]
      .filter(([path]) => !path.startsWith('test/fixtures/') && path !== 'LICENSE')
      .flatMap(([path, text]) => [...text.matchAll(foreign)].map(([found]) => `${path}: ${found}`)),
  broken: {
    'docs/broken.md': `See ../${'shared'}/design.md.\n`,
    'packages/ledger/src/broken.ts': `const file = '/${'work'}/main/x';\n`,
  },
};
