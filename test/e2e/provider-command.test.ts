import { readSample } from '@counterfoil/providers/testing';
import {
  standInCredentials,
  type StandInProviders,
  standInProviders,
} from '@counterfoil/providers/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { untilAtRest } from '../support/at-rest.ts';
import { commandLine } from '../support/command-line.ts';
import { type RunningSystem, runningSystem } from '../support/running-system.ts';

// Start-up and the relay, on cores that others use too.
const timeoutMs = 60_000;

let system: RunningSystem;
let providers: StandInProviders;
beforeAll(async () => {
  [system, providers] = await Promise.all([
    runningSystem({ UNKNOWN_ACCOUNTS: 'suspend' }),
    standInProviders(),
  ]);
}, timeoutMs);
afterAll(async () => {
  await providers.close();
  await system.stop();
}, timeoutMs);

const apiVariables = () => ({
  CRYPTOFUSE_API_URL: providers.url('cryptofuse'),
  CRYPTOFUSE_API_KEY: standInCredentials.cryptofuse.apiKey,
  FOURPAY_API_URL: providers.url('4pay'),
  FOURPAY_API_TOKEN: standInCredentials['4pay'].token,
});

const counterfoil = (...args: readonly string[]) =>
  commandLine({ ...system.environment, ...apiVariables() }).run(...args);

const json = async (...args: readonly string[]): Promise<unknown> =>
  JSON.parse((await counterfoil(...args, '--json')).stdout[0] ?? '');

/** Until the list of what waits says what the log says. */
async function untilListed() {
  const head = await untilAtRest(system.database);
  await system.api.get(`/v1/suspense?minPosition=${head}`);
}

const url = 'https://ledger.example/webhooks/cryptofuse';

describe('counterfoil provider', { timeout: timeoutMs }, () => {
  it('registers, shows, rotates and removes a webhook', async () => {
    expect((await counterfoil('provider', 'cryptofuse', 'status')).exitCode).toBe(1);
    expect(await json('provider', 'cryptofuse', 'register', '--url', url)).toMatchObject({
      webhook: { url, isActive: true },
      set: { CRYPTOFUSE_WEBHOOK_SECRET: 'whsk_SECRET1SECRET' },
    });
    const status = await counterfoil('provider', 'cryptofuse', 'status');
    expect([status.exitCode, status.stdout.length]).toEqual([0, 2]);
    const rotated = await counterfoil('provider', 'cryptofuse', 'rotate');
    expect(rotated.stdout).toContain('CRYPTOFUSE_WEBHOOK_SECRET=whsk_SECRET2SECRET');
    const remove = /provider cryptofuse remove (\S+)/.exec(rotated.stdout.join('\n'))?.[1] ?? '';
    await counterfoil('provider', 'cryptofuse', 'remove', remove);
    expect(await json('provider', 'cryptofuse', 'status')).toHaveLength(1);
  });

  it('says what is missing, what is not offered, and what a URL has to be', async () => {
    const without = await counterfoil('provider', 'calypso', 'status');
    expect(without.exitCode).toBe(2);
    expect(without.stderr.join()).toContain('CALYPSO_ACCOUNT_SECRET');
    const notOffered = await counterfoil('provider', 'cryptofuse', 'missed');
    expect(notOffered.exitCode).toBe(2);
    const open = ['provider', '4pay', 'register', '--url', 'http://ledger.example'];
    expect((await counterfoil(...open)).exitCode).toBe(2);
    expect(providers.calls.every(({ path }) => !path.startsWith('/webhooks'))).toBe(true);
  });

  it('takes what 4pay could not deliver, once, and suspense attributes it', async () => {
    const body = readSample('4pay/constructed/flat/account-transaction-payin-completed.json');
    providers.log.push({
      id: 'evt-1',
      event_type: 'account_transaction',
      delivery_status: 'failed',
      payload: JSON.parse(new TextDecoder().decode(body)) as unknown,
      created_at: new Date().toISOString(),
    });
    expect(await json('provider', '4pay', 'missed')).toEqual({
      found: 1,
      stored: 1,
      variant: 0,
      duplicate: 0,
    });
    await untilListed();
    expect(await json('provider', '4pay', 'missed')).toMatchObject({ found: 1, duplicate: 1 });

    const [waiting] = (await json('suspense', 'list', '--to', system.url)) as { id: string }[];
    expect(waiting).toMatchObject({ asset: 'USD', amount: '497.50' });
    await system.api.post('/v1/accounts', { accountId: 'merchant', kind: 'merchant' });
    const attributed = ['suspense', 'attribute', waiting?.id ?? '', 'merchant', '--to', system.url];
    expect((await counterfoil(...attributed)).stdout).toEqual([
      `${waiting?.id ?? ''} belongs to merchant now`,
    ]);
    await untilListed();
    expect(await json('suspense', 'list', '--to', system.url)).toEqual([]);
    await expect(
      counterfoil('suspense', 'attribute', 'nothing', 'merchant', '--to', system.url),
    ).rejects.toThrow('suspense-not-found');
  });
});
