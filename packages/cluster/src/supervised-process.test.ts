import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@counterfoil/runtime';
import { afterEach, expect, test, vi } from 'vitest';
import { supervisedProcess, type SupervisedProcess } from './supervised-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterfoil-supervised-'));
let running: SupervisedProcess | null = null;
afterEach(async () => {
  await running?.stop();
  running = null;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(source: string) {
  const main = join(mkdtempSync(`${folder}-`), 'main.mjs');
  writeFileSync(main, source);
  const seen: string[] = [];
  const lines: string[] = [];
  running = supervisedProcess(
    { name: 'a', service: 'projector', url: 'http://a', main, environment: { GREETING: 'hello' } },
    {
      clock: systemClock(),
      onLine: (line) => lines.push(line),
      onChange: (what) => seen.push(what),
    },
  );
  return { seen, lines };
}

const staysUntilAsked = `
  setInterval(() => {}, 1000);
  process.on('SIGTERM', () => process.exit(0));
  console.log(process.env.GREETING);`;

test('a process that ends is started again, and what it writes is passed on', async () => {
  const { seen, lines } = start(`console.log(process.env.GREETING); process.exit(7);`);
  await vi.waitFor(() => expect(lines).toEqual(['hello', 'hello']), { timeout: 5_000 });
  expect(seen[1]).toMatch(/^ended \(exit code 7\); it is started again in \d+ ms$/);
});

test('a killed process is started again, a stopped one is not', async () => {
  const { seen, lines } = start(staysUntilAsked);
  await vi.waitFor(() => expect(lines).toHaveLength(1), { timeout: 5_000 });
  const [, pid = ''] = /process (\d+)/.exec(seen[0] ?? '') ?? [];
  process.kill(Number.parseInt(pid, 10), 'SIGKILL');
  await vi.waitFor(() => expect(lines).toHaveLength(2), { timeout: 5_000 });
  await running?.stop();
  expect(seen.at(-1)).toBe('stopped (exit code 0)');
  expect(seen.filter((what) => what.startsWith('runs'))).toHaveLength(2);
});
