// `npm run test:faults [-- -t 'name']`: harms a cluster of real processes under load in every way that
// test/faults knows, on a local Kafka where one can run and on the PostgreSQL bus.
import { spawnSync } from 'node:child_process';
import { prepare } from './prepare.mjs';

prepare({ build: true });
const startedAt = performance.now();
const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    'test/faults',
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit', env: { ...process.env, FAULTS: 'all' } },
);
const seconds = Math.round((performance.now() - startedAt) / 1000);
process.stdout.write(`${status === 0 ? 'healed' : 'NOT healed'}, in ${seconds} s\n`);
process.exit(status ?? 1);
