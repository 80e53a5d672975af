import { fileURLToPath } from 'node:url';
import { testDatabase } from '@counterfoil/runtime/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { untilAtRest } from '../support/at-rest.ts';
import { commandOutcome } from '../support/child-system.ts';
import { commandLine } from '../support/command-line.ts';
import { type RunningSystem, runningSystem } from '../support/running-system.ts';

// Start-up and the relay, on cores that others use too.
const timeoutMs = 60_000;

let system: RunningSystem;
beforeAll(async () => {
  system = await runningSystem();
}, timeoutMs);
afterAll(() => system.stop(), timeoutMs);

const sample = (path: string) =>
  fileURLToPath(new URL(`../fixtures/samples/${path}`, import.meta.url));

const counterfoil = (...args: readonly string[]) => commandLine(system.environment).run(...args);
const json = <Value>(...args: readonly string[]) =>
  commandLine(system.environment).json<Value>(...args);

const send = (provider: string, path: string) =>
  json<{ status: number; body: string }>(
    'send',
    sample(`${provider}/${path}`),
    '--provider',
    provider,
    '--to',
    system.url,
  );

describe('counterfoil', { timeout: timeoutMs }, () => {
  it('config names every variable, and of a secret only that it is set', async () => {
    const rows = await json<{ variable: string; value: string | null }[]>('config');
    expect(rows).toContainEqual(
      expect.objectContaining({ variable: 'UNKNOWN_ACCOUNTS', default: 'open', value: null }),
    );
    expect(rows).toContainEqual(
      expect.objectContaining({ variable: 'ADMIN_API_KEY', value: '[set]' }),
    );
    const { stdout } = await counterfoil('config');
    expect(stdout).toContain('ADMIN_API_KEY = [set]');
    expect(stdout.join('\n')).not.toContain(system.environment['FOURPAY_WEBHOOK_SECRET']);
  });

  it('send signs as the provider does, and says what was answered', async () => {
    expect(await send('cryptomate', 'constructed/c/cards-deposit-success.json')).toEqual({
      status: 200,
      body: '{"response_code":"OK"}',
    });
    const path = sample('4pay/constructed/flat/account-transaction-payin-completed.json');
    const { stdout } = await counterfoil('send', path, '--provider', '4pay', '--to', system.url);
    expect(stdout).toEqual(['200 {}']);
    await untilAtRest(system.database);
  });

  it('send takes the address of a gateway with a slash at its end', async () => {
    const path = sample('4pay/constructed/flat/account-transaction-payin-completed.json');
    const to = `${system.url}/`;
    const { stdout } = await counterfoil('send', path, '--provider', '4pay', '--to', to);
    expect(stdout).toEqual(['200 {}']);
  });

  it('send ends with 1 where the gateway refuses', async () => {
    const path = sample('4pay/constructed/flat/account-transaction-payin-completed.json');
    const refused = await counterfoil(
      'send',
      path,
      '--provider',
      '4pay',
      '--token',
      'x',
      '--to',
      system.url,
    );
    expect([refused.exitCode, refused.stdout[0]]).toEqual([1, expect.stringMatching(/^404 /)]);
  });

  it('events prints the log in its order, filtered, and after a position', async () => {
    const all = await counterfoil('events', '--json');
    const events = all.stdout.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.map(({ position }) => position)).toEqual(events.map((_event, at) => `${at + 1}`));
    const credited = await counterfoil('events', '--types', 'DepositCredited, FundsDelivered');
    expect(credited.stdout.map((line) => line.split('  ')[2])).toEqual(
      expect.arrayContaining(['DepositCredited', 'FundsDelivered']),
    );
    const stream = String(events[0]?.['stream']);
    const ofStream = await counterfoil('events', '--stream', stream, '--after', '1');
    expect(ofStream.stdout.every((line) => line.includes(`${stream}@`))).toBe(true);
    expect(ofStream.stdout.length).toBe(
      events.filter((event) => event['stream'] === stream).length - 1,
    );
    expect(await counterfoil('events', '--after', 'noon')).toMatchObject({
      stdout: [],
      exitCode: 2,
    });
  });

  it('verify finds no drift, ends with 1 after a row was tampered with, and 0 once it is rebuilt', async () => {
    type Report = Readonly<{ ok: boolean; drift: number; firstDrift: { check: string } | null }>;
    expect(await json<Report>('verify')).toMatchObject({ ok: true, drift: 0, firstDrift: null });

    await system.database.query('update read_balances.balances set input = input + 1');
    const found = await counterfoil('verify', '--json');
    const report = JSON.parse(found.stdout[0] ?? '') as Report;
    expect([found.exitCode, report.ok, report.firstDrift?.check]).toEqual([
      1,
      false,
      'read-model balances',
    ]);
    expect(report.drift).toBeGreaterThan(0);
    expect((await counterfoil('verify')).stdout.at(-1)).toMatch(/^first: read-model balances: /);

    const rebuilt = await json<{ model: string; events: number }[]>('rebuild', '--all');
    expect(rebuilt.map(({ model }) => model)).toContain('statement');
    expect(rebuilt.every(({ events }) => events > 0)).toBe(true);
    expect(await json<Report>('verify')).toMatchObject({ ok: true, drift: 0 });
  });

  it('rebuild does one read model, and refuses one that does not exist', async () => {
    expect(await json('rebuild', 'cards')).toMatchObject([{ model: 'cards' }]);
    expect(await counterfoil('rebuild', 'nothing')).toMatchObject({ stdout: [], exitCode: 2 });
  });

  it('rebuild refuses a name beside --all, of which one would be ignored', async () => {
    const refused = await counterfoil('rebuild', 'accounts', '--all');
    expect(refused).toMatchObject({ stdout: [], exitCode: 2 });
  });

  it('verify of a database on which nothing was ever started says so, and ends with 2', async () => {
    const { url, drop } = await testDatabase({ connectionsMax: 1 });
    try {
      const environment = { ...system.environment, DATABASE_URL: url };
      const { exitCode, output, stdout } = await commandOutcome(environment, ['verify', '--json']);
      expect([exitCode, stdout]).toEqual([2, '']);
      expect(output).toMatch(/^There are no books in this database: .*start.*\n$/);
    } finally {
      await drop();
    }
  });
});
