import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readEnvironment } from './environment.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'counterfoil-environment-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('the environment file is read, and the environment itself wins', () => {
  const envFile = join(folder, '.env');
  writeFileSync(envFile, 'COUNTERFOIL_TEST_ONLY="from the file"\nPATH=/nowhere\n');
  const environment = readEnvironment({ envFile });
  expect(environment['COUNTERFOIL_TEST_ONLY']).toBe('from the file');
  expect(environment['PATH']).not.toBe('/nowhere');
});

test('a missing environment file is an empty one', () => {
  expect(
    readEnvironment({ envFile: join(folder, 'none') })['COUNTERFOIL_TEST_ONLY'],
  ).toBeUndefined();
});
