import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** The script reads every test of the project, and the machine may be busy. */
const timeout = 60_000;

it('every row of what the adapters must produce and of our decisions has a test that names it', {
  timeout,
}, () => {
  const listing = spawnSync(process.execPath, [join(root, 'scripts/provider-rows.mjs')], {
    encoding: 'utf8',
  });
  expect(listing.stdout + listing.stderr).toBe('');
  expect(listing.status).toBe(0);
});
