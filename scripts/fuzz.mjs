// `npm run fuzz [-- --count n --seed n --provider name]`: breaks real webhooks of every provider in
// their structure, signs them, and delivers them to the adapters; a share goes through the books.
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { prepare } from './prepare.mjs';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(randomInt(2 ** 32)) },
    provider: { type: 'string' },
  },
});
for (const name of ['count', 'seed'])
  if (!/^\d{1,10}$/.test(values[name])) {
    process.stderr.write(`--${name} must be a whole number.\n`);
    process.exit(2);
  }
prepare({ build: false });
process.stdout.write(`seed ${values.seed}, ${values.count} deliveries for each provider\n`);
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', 'test/fuzz'],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      FUZZ_COUNT: values.count,
      FUZZ_SEED: values.seed,
      ...(values.provider && { FUZZ_PROVIDER: values.provider }),
    },
  },
);
process.stdout.write(`again with: npm run fuzz -- --seed ${values.seed} --count ${values.count}\n`);
process.exit(status ?? 1);
