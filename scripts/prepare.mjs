// Makes a checkout ready: installs when the lockfile asks for it, builds when asked to. Everything it
// says goes to stderr, so that commands which print JSON keep stdout to themselves.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';

const minimum = [20, 19];
const stamp = 'node_modules/.counterfoil-installed';

function say(message) {
  process.stderr.write(`${message}\n`);
}

function run(command, args, what) {
  say(what);
  const started = Date.now();
  const result = spawnSync(command, args, {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) {
    say(`"${command} ${args.join(' ')}" failed; what went wrong stands above.`);
    process.exit(result.status ?? 1);
  }
  return ((Date.now() - started) / 1000).toFixed(1);
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > minimum[0] || (major === minimum[0] && minor >= minimum[1])) return;
  say(`Counterfoil needs Node ${minimum.join('.')} or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

/** The lockfile and every manifest, so that a changed workspace is linked too. */
function wanted() {
  return createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
}

export function prepare({ build }) {
  requireNode();
  const hash = wanted();
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== hash) {
    const seconds = run(
      'npm',
      ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
      'Installing dependencies (once) ...',
    );
    writeFileSync(stamp, hash);
    say(`Installed in ${seconds} s.`);
  }
  if (!build) return;
  const seconds = run(process.execPath, ['node_modules/typescript/bin/tsc', '-b'], 'Building ...');
  say(`Built in ${seconds} s.`);
}
