// `npm run check`: build, format, lint with types, types of the tests, unused code, boundaries.
import { spawnSync } from 'node:child_process';
import { prepare } from './prepare.mjs';

prepare({ build: true });
const steps = [
  {
    name: 'format',
    args: ['node_modules/@biomejs/biome/bin/biome', 'ci', '--reporter=summary', '.'],
  },
  {
    name: 'lint',
    args: [
      'node_modules/oxlint/bin/oxlint',
      '--type-aware',
      '--deny-warnings',
      'packages',
      'services',
      'test',
      'scripts',
      'infra',
    ],
  },
  {
    name: 'types of the tests',
    args: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.tests.json'],
  },
  { name: 'unused code', args: ['node_modules/knip/bin/knip.js', '--no-progress'] },
  // Layers, names and documents: the part of the suite that reads the sources.
  { name: 'boundaries', args: ['node_modules/vitest/vitest.mjs', 'run', 'test/tidy'] },
];
let failed = 0;
for (const { name, args } of steps) {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  process.stdout.write(`${name}: ${status === 0 ? 'ok' : 'FAILED'}\n`);
  if (status !== 0) failed += 1;
}
process.exit(failed === 0 ? 0 : 1);
