// `npm run check`: format, lint with types and boundaries, types of the tests, unused code, build.
import { spawnSync } from 'node:child_process';
import { prepare } from './prepare.mjs';

prepare({ build: true });
const steps = [
  ['format', ['node_modules/@biomejs/biome/bin/biome', 'ci', '--reporter=summary', '.']],
  [
    'lint',
    [
      'node_modules/oxlint/bin/oxlint',
      '--type-aware',
      '--deny-warnings',
      'packages',
      'services',
      'test',
      'scripts',
    ],
  ],
  ['types of the tests', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.tests.json']],
  ['unused code', ['node_modules/knip/bin/knip.js', '--no-progress']],
];
let failed = 0;
for (const [name, args] of steps) {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  process.stdout.write(`${name}: ${status === 0 ? 'ok' : 'FAILED'}\n`);
  if (status !== 0) failed += 1;
}
process.exit(failed === 0 ? 0 : 1);
