import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readEnvironment } from '@counterfoil/runtime';
import { testServer } from '@counterfoil/runtime/testing';
import { describe, expect, it } from 'vitest';

// A start, some seconds of deliveries and the wait for the books, on cores that others use too.
const timeoutMs = 180_000;
const root = fileURLToPath(new URL('../../', import.meta.url));

type Document = Readonly<{
  ok: boolean;
  deliveries: number;
  providers: Readonly<Record<string, Readonly<Record<string, number>>>>;
  checks: readonly Readonly<{ name: string; ok: boolean; detail: string }>[];
}>;

const options =
  '--provider all --rate 60 --minutes 0.1 --seed 5 --duplicates 10 --reordered 10 --late 3 --corrupt 4 --lost 3 --json';

describe('counterfoil simulate', () => {
  it(
    'plays every provider, badly, and finds the books equal to what it did',
    async () => {
      const { url } = await testServer();
      const child = spawn(
        process.execPath,
        ['packages/cli/bin/counterfoil.js', 'simulate', ...options.split(' ')],
        { cwd: root, env: { ...readEnvironment(), DATABASE_URL: url } },
      );
      let stdout = '';
      child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString();
      });
      const exitCode = await new Promise((resolve) => child.on('close', resolve));
      const report = JSON.parse(stdout) as Document;
      expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
      expect(report.checks).toHaveLength(4);
      expect(exitCode).toBe(0);
      expect(Object.keys(report.providers)).toEqual([
        'cryptomate',
        'cryptofuse',
        '4pay',
        'calypso',
      ]);
      expect(report.deliveries).toBeGreaterThan(300);
    },
    timeoutMs,
  );
});
