// `node scripts/run.mjs <command> ...`: prepares the checkout, then runs a counterfoil command in it.
import { spawn } from 'node:child_process';
import { environment, heapFlags } from './memory-settings.mjs';
import { prepare } from './prepare.mjs';

prepare({ build: true });
const child = spawn(
  process.execPath,
  [...heapFlags, 'packages/cli/bin/counterfoil.js', ...process.argv.slice(2)],
  { stdio: 'inherit', env: environment },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exit(code ?? (signal === 'SIGINT' ? 130 : 143));
});
