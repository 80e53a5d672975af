// `npm test`: prepares the checkout, runs the whole suite, and closes with a line that can be counted.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare } from './prepare.mjs';

// End-to-end tests start the built services as a user would.
prepare({ build: true });
const folder = mkdtempSync(join(tmpdir(), 'counterfoil-test-'));
const report = join(folder, 'report.json');
const result = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
);

function counts() {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return {
      numPassedTests: 0,
      numFailedTests: 0,
      numFailedTestSuites: 1,
      numPendingTests: 0,
      testResults: [],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { numPassedTests, numFailedTests, numPendingTests, testResults, success } = counts();
// A file that could not even be loaded has no failed test of its own, but it has failed.
const brokenFiles = testResults.filter(
  (file) =>
    file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
).length;
const failed = numFailedTests + brokenFiles + (success === undefined ? 1 : 0);
const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
process.stdout.write(`${numPassedTests} passed, ${failed} failed${skipped}\n`);
process.exit(result.status === 0 && failed === 0 ? 0 : 1);
