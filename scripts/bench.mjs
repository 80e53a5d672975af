// `npm run bench [-- name ...]`: builds, then measures; each figure stands beside a baseline of the same run.
import { spawnSync } from 'node:child_process';
import { environment, heapFlags } from './memory-settings.mjs';
import { prepare } from './prepare.mjs';

prepare({ build: true });
const { status } = spawnSync(
  process.execPath,
  [...heapFlags, 'test/bench/dist/main.js', ...process.argv.slice(2)],
  { stdio: 'inherit', env: environment },
);
process.exit(status ?? 1);
