import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Environment, readEnvironment } from '@counterfoil/runtime';
import {
  type CuttableProxy,
  cuttableProxy,
  type TestDatabase,
  testDatabase,
} from '@counterfoil/runtime/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { booksOfAcknowledged } from '../support/acknowledged-books.ts';
import { untilAtRest } from '../support/at-rest.ts';
import { balancesAt } from '../support/balances.ts';
import {
  type ChildSystem,
  childSystem,
  commandOutcome,
  freePort,
  untilReady,
} from '../support/child-system.ts';
import { deliver } from '../support/deliver.ts';
import { deliverUntilAcknowledged } from '../support/deliverer.ts';
import { driftOf } from '../support/drift.ts';
import { generatedDelivery, requestEvery } from '../support/generated-deliveries.ts';
import { type HttpApi, httpApi } from '../support/http-api.ts';
import type { WebhookSummary } from '../support/inbound-webhook.ts';
import { fundAccount, openSampleAccounts } from '../support/open-accounts.ts';
import { adminApiKey, systemEnvironment } from '../support/running-system.ts';

/** `COUNTERFOIL_FULL=1` gives the long version, which is not for every run. */
const isFull = readEnvironment()['COUNTERFOIL_FULL'] === '1';
const awayMs = isFull ? 30_000 : 5_000;
const timeoutMs = 60_000 + 3 * awayMs;
const settleTimeoutMs = 30_000;
const webhooks = 400;
const deliveredAtOnce = 8;

let database: TestDatabase;
let proxy: CuttableProxy;
let system: ChildSystem;
let environment: Environment;
let url: string;
let api: HttpApi;
const dataDir = mkdtempSync(join(tmpdir(), 'counterfoil-e2e-'));

const balances = async () => balancesAt(api, await untilAtRest(database.database));
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

beforeAll(async () => {
  database = await testDatabase({ connectionsMax: 2 });
  proxy = await cuttableProxy(database.url);
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  api = httpApi(url, adminApiKey);
  environment = {
    ...systemEnvironment(proxy.url, dataDir),
    PORT: String(port),
    LOG_LEVEL: 'warn',
  };
}, timeoutMs);

afterAll(async () => {
  await system?.kill();
  await proxy?.close();
  await database?.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

test(
  'a system that still waits for its database stops in order when it is told to',
  async () => {
    await proxy.cut();
    const waiting = childSystem(environment);
    try {
      await expect
        .poll(() => waiting.output(), { timeout: timeoutMs })
        .toContain('the database is away; waiting for it');
      expect(await waiting.terminate()).toBe(0);
    } finally {
      await waiting.kill();
    }
  },
  timeoutMs,
);

test(
  'a system whose database is not there yet says so, waits, and starts when it comes',
  async () => {
    await proxy.cut();
    system = childSystem(environment);
    await expect
      .poll(() => system.output(), { timeout: timeoutMs })
      .toContain('the database is away; waiting for it');
    await expect(fetch(`${url}/health/live`)).rejects.toThrow();
    await proxy.restore();
    await untilReady(url, system);
    expect((await api.request('GET', '/v1/accounts')).status).toBe(200);
  },
  timeoutMs,
);

test(
  'a database that goes away under load costs nothing that was acknowledged, and no restart',
  async () => {
    await openSampleAccounts(api);
    await fundAccount(api, { accountId: 'holder-1', asset: 'USD', amount: '100000' });
    const before = await balances();
    const deliveries = Array.from({ length: webhooks }, (_, index) => generatedDelivery(index));
    let outage = Promise.resolve();
    const { acknowledged, refusals } = await deliverUntilAcknowledged(url, deliveries, {
      atOnce: deliveredAtOnce,
      onAcknowledged: (count) => {
        if (count === Math.floor(webhooks / 3)) outage = goAway();
      },
    });
    await outage;
    expect(acknowledged).toHaveLength(webhooks);
    expect([...refusals.keys()], 'every refusal is a 503, none a lost connection').toEqual([503]);
    // What was declined while the outcome was not known is withdrawn a little later.
    await expect
      .poll(balances, { timeout: settleTimeoutMs })
      .toEqual(booksOfAcknowledged(before, acknowledged));
    expect(await driftOf(database.database)).toEqual({ drift: 0, firstDrift: null });
  },
  timeoutMs,
);

/** Meanwhile the process lives, says what is wrong, and refuses what it cannot do. */
async function goAway(): Promise<void> {
  await proxy.cut();
  await sleep(awayMs / 2);
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  const ready = await fetch(`${url}/health/ready`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({ code: 'not-ready' });
  const read = await api.request('GET', '/v1/accounts/merchant');
  expect(read).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  expect(read.headers.get('retry-after')).toMatch(/^\d+$/);
  await sleep(awayMs / 2);
  await proxy.restore();
}

test(
  'an approval is never given while nothing can be written, and the decline stands afterwards',
  async () => {
    const before = await balances();
    await proxy.cut();
    const request = generatedDelivery(webhooks + requestEvery - 1 - (webhooks % requestEvery));
    const declined = { status: 200, body: '{"response_code":"05"}' };
    expect(await deliver(url, request.provider, request.body)).toEqual(declined);
    await proxy.restore();
    await untilReady(url, system);
    const archived = () => api.list<WebhookSummary>('/v1/inbound-webhooks?status=processed');
    await expect.poll(archived, { timeout: settleTimeoutMs }).toHaveLength(webhooks + 1);
    expect(await deliver(url, request.provider, request.body)).toEqual(declined);
    expect(await balances()).toEqual(before);
  },
  timeoutMs,
);

describe('a configuration that cannot work', () => {
  test(
    'is refused in one message that names every fault',
    async () => {
      const { exitCode, output } = await commandOutcome(
        {
          ...environment,
          PORT: 'eighty',
          DATABASE_URL: 'mysql://somewhere',
          EVENT_STORE: 'paper',
          AMOUNT_MAX: '-1',
          ADMIN_API_KEY: 'short',
          CRYPTOMATE_TOKENS: 'polygon',
          UNKNOWN_ACCOUNTS: 'guess',
          LOG_LEVEL: 'shout',
        },
        ['start'],
      );
      expect(exitCode).toBe(1);
      for (const name of [
        'PORT',
        'DATABASE_URL',
        'EVENT_STORE',
        'AMOUNT_MAX',
        'ADMIN_API_KEY',
        'CRYPTOMATE_TOKENS',
        'UNKNOWN_ACCOUNTS',
        'LOG_LEVEL',
      ])
        expect(output).toContain(name);
      expect(output, 'no stack, and no secret').not.toMatch(/\n\s+at |short\b/);
    },
    timeoutMs,
  );

  test(
    'of a provider, where one of two belonging variables is missing, is refused',
    async () => {
      const { exitCode, output } = await commandOutcome({ ...environment, CALYPSO_SECRET: '' }, [
        'start',
      ]);
      expect(exitCode).toBe(1);
      expect(output).toContain('CALYPSO_SECRET');
    },
    timeoutMs,
  );
});
