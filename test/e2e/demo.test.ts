import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { simulatedProviders } from '@counterfoil/provider-simulator';
import { readEnvironment } from '@counterfoil/runtime';
import { testServer } from '@counterfoil/runtime/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

// A start, some hundred deliveries and two waits for the books, on cores that others use too.
const timeoutMs = 120_000;
const root = fileURLToPath(new URL('../../', import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'counterfoil-demo-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Summary = Readonly<{ p50: number; p99: number; max: number }>;
type Document = Readonly<{
  ok: boolean;
  providers: Readonly<Record<string, Readonly<Record<string, number>>>>;
  accounts: readonly Readonly<{ accountId: string; balances: readonly unknown[] }>[];
  latency: Readonly<{ acknowledgementMs: Summary; authorizationMs: Summary }>;
  simulation: Readonly<{
    deliveries: number;
    providers: Readonly<Record<string, Readonly<Record<string, number>>>>;
  }>;
  verify: Readonly<{ events: number; drift: number }>;
  checks: readonly Readonly<{ name: string; ok: boolean; detail: string }>[];
}>;

type Balances = Readonly<{
  balances: readonly Readonly<{ asset: string; available: string }>[];
}>;

/** The demo as a user starts it, with temporary folders below one that can be looked at. */
async function startDemo(...options: readonly string[]) {
  const { url } = await testServer();
  const child = spawn(process.execPath, ['packages/cli/bin/counterfoil.js', 'demo', ...options], {
    cwd: root,
    env: { ...readEnvironment(), DATABASE_URL: url, TMPDIR: folder },
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.stderr += chunk.toString();
  });
  const exitCode = new Promise<number | null>((resolve) => {
    child.on('close', (code) => resolve(code));
  });
  // Also when an expectation failed before the test ended it.
  onTestFinished(async () => {
    child.kill('SIGINT');
    await exitCode;
  });
  const printed = (text: string) =>
    new Promise<void>((resolve) => {
      child.stdout.on('data', () => {
        if (said.stdout.includes(text)) resolve();
      });
    });
  return { child, said, exitCode, printed };
}

const countOf = ({ simulation }: Document, count: string): number =>
  Object.values(simulation.providers).reduce((sum, counts) => sum + (counts[count] ?? 0), 0);

describe('counterfoil demo', () => {
  it(
    'holds every check with --once --json, prints one document and leaves nothing behind',
    async () => {
      const { said, exitCode } = await startDemo('--once', '--json');
      const code = await exitCode;
      expect(said.stdout, said.stderr).toMatch(/^\{.*\}\n$/);
      const document = JSON.parse(said.stdout) as Document;
      expect(document.checks.filter(({ ok }) => !ok)).toEqual([]);
      expect([document.ok, document.verify.drift, code]).toEqual([true, 0, 0]);
      expect(document).toMatchObject({
        providers: { cryptomate: {}, cryptofuse: {}, '4pay': {}, calypso: {}, standard: {} },
        accounts: [
          { accountId: 'holder-1' },
          { accountId: 'holder-2' },
          { accountId: 'holder-5' },
          { accountId: 'merchant' },
        ],
        cards: expect.any(Array),
        invoices: expect.any(Array),
        payouts: expect.any(Array),
        withdrawals: expect.any(Array),
        suspense: [],
        quarantine: expect.any(Array),
        reviews: expect.any(Array),
      });
      expect(document.verify.events).toBeGreaterThan(100);
      expect(Object.keys(document.simulation.providers)).toEqual(simulatedProviders);
      expect(document.simulation.deliveries).toBeGreaterThan(300);
      for (const mishap of ['duplicates', 'reordered', 'late', 'garbled'])
        expect(countOf(document, mishap), mishap).toBeGreaterThan(0);
      const simulated = document.checks.filter(({ name }) => name.startsWith('simulated traffic'));
      expect(simulated).toHaveLength(3);
      for (const { p50, p99, max } of Object.values(document.latency))
        expect([p50, p99, max]).toEqual([p50, p99, max].toSorted((left, right) => left - right));
      expect(readdirSync(folder)).toEqual([]);
    },
    timeoutMs,
  );

  it(
    'prints tables, stays up for a look around, and ends in order on Ctrl-C',
    async () => {
      const { child, said, exitCode, printed } = await startDemo();
      await Promise.race([printed('Ctrl-C'), exitCode]);
      expect(said.stdout, said.stderr).toContain('Ctrl-C');
      expect(said.stdout).toMatch(/holder-1 +│ holder +│ USD +│ 980\.11/);
      expect(said.stdout).not.toContain('FAILED');
      const key = /KEY='(?<key>[^']+)'/.exec(said.stdout)?.groups?.['key'];
      const address = /curl .* (?<address>http\S+)/.exec(said.stdout)?.groups?.['address'] ?? '';
      const answer = await fetch(address, { headers: { authorization: `Bearer ${key}` } });
      expect(answer.status).toBe(200);
      const merchant = await fetch(address.replace('holder-1', 'merchant'), {
        headers: { authorization: `Bearer ${key}` },
      });
      for (const { asset, available } of ((await merchant.json()) as Balances).balances)
        expect(said.stdout, 'the simulator has moved it').toMatch(
          new RegExp(`merchant +│ merchant +│ ${asset} +│ ${available} `),
        );
      expect(said.stdout).not.toContain('│ sim-');
      // A terminal and npm both pass the signal on.
      child.kill('SIGINT');
      child.kill('SIGINT');
      expect(await exitCode).toBe(0);
      expect(readdirSync(folder)).toEqual([]);
    },
    timeoutMs,
  );
});
