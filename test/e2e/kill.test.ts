import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Environment, readEnvironment } from '@counterfoil/runtime';
import { type TestDatabase, testDatabase } from '@counterfoil/runtime/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
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
import { deliverUntilAcknowledged } from '../support/deliverer.ts';
import { generatedDelivery } from '../support/generated-deliveries.ts';
import { type HttpApi, httpApi } from '../support/http-api.ts';
import type { WebhookSummary } from '../support/inbound-webhook.ts';
import { fundAccount, openSampleAccounts } from '../support/open-accounts.ts';
import { adminApiKey, systemEnvironment } from '../support/running-system.ts';

/** `COUNTERFOIL_FULL=1` gives the long version, which is not for every run. */
const isFull = readEnvironment()['COUNTERFOIL_FULL'] === '1';
const { kills, webhooks } = isFull ? { kills: 10, webhooks: 2_000 } : { kills: 3, webhooks: 600 };
const timeoutMs = isFull ? 600_000 : 180_000;
const deliveredAtOnce = 16;

let database: TestDatabase;
let environment: Environment;
let url: string;
let api: HttpApi;
let system: ChildSystem;
const dataDir = mkdtempSync(join(tmpdir(), 'counterfoil-e2e-'));

const start = async () => {
  system = childSystem(environment);
  await untilReady(url, system);
};

beforeAll(async () => {
  database = await testDatabase({ connectionsMax: 2 });
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  api = httpApi(url, adminApiKey);
  environment = { ...systemEnvironment(database.url, dataDir), PORT: String(port) };
  await start();
  await openSampleAccounts(api);
  await fundAccount(api, { accountId: 'holder-1', asset: 'USD', amount: '100000' });
}, timeoutMs);

afterAll(async () => {
  await system?.kill();
  await database?.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

test(
  'after kill -9 again and again every acknowledged webhook is in the books exactly once',
  async () => {
    const before = await balancesAt(api, await untilAtRest(database.database));
    const deliveries = Array.from({ length: webhooks }, (_, index) => generatedDelivery(index));
    const killAfter = Array.from({ length: kills }, (_, index) =>
      Math.floor(((index + 1) * webhooks) / (kills + 1)),
    );
    const restarts: Promise<void>[] = [];
    const { acknowledged, refusals } = await deliverUntilAcknowledged(url, deliveries, {
      atOnce: deliveredAtOnce,
      onAcknowledged: (count) => {
        if (killAfter.includes(count)) restarts.push(system.kill().then(start));
      },
    });
    await Promise.all(restarts);
    expect(restarts).toHaveLength(kills);
    expect(acknowledged).toHaveLength(webhooks);
    expect(refusals.get(0) ?? 0, 'attempts that a kill left unanswered').toBeGreaterThan(0);

    const position = await untilAtRest(database.database);
    expect(await balancesAt(api, position)).toEqual(booksOfAcknowledged(before, acknowledged));

    // A delivery whose answer was lost in a kill came again, and the archive knew it.
    const archived = await api.list<WebhookSummary>('/v1/inbound-webhooks');
    const repeats = archived.filter(({ status }) => status === 'duplicate');
    expect(archived.length - repeats.length).toBe(webhooks);
    expect(archived.filter(({ status }) => status === 'processed')).toHaveLength(webhooks);
  },
  timeoutMs,
);

test(
  'verify beside the system that came back finds no drift',
  async () => {
    const { exitCode, stdout } = await commandOutcome(environment, ['verify', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, drift: 0, firstDrift: null });
    expect(exitCode).toBe(0);
  },
  timeoutMs,
);
