import { addressBalances } from '@counterfoil/read-models';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { booksOfAcknowledged } from '../support/acknowledged-books.ts';
import { untilAtRest } from '../support/at-rest.ts';
import { type AccountView, balancesAt } from '../support/balances.ts';
import { deliverUntilAcknowledged } from '../support/deliverer.ts';
import { driftOf } from '../support/drift.ts';
import { generatedDelivery } from '../support/generated-deliveries.ts';
import type { WebhookSummary } from '../support/inbound-webhook.ts';
import { fundAccount, openSampleAccounts } from '../support/open-accounts.ts';
import { type RunningCluster, runningCluster } from '../support/running-cluster.ts';
import { type RunningSystem, runningSystem } from '../support/running-system.ts';
import { stories, type Story } from '../support/story.ts';
import { tellStep } from '../support/tell-story.ts';

const timeoutMs = 240_000;
const services = ['ingest-gateway', 'authorizer', 'ledger-writer', 'projector', 'query-api'];

let cluster: RunningCluster;
let embedded: RunningSystem;

beforeAll(async () => {
  [cluster, embedded] = await Promise.all([runningCluster(), runningSystem()]);
  for (const { api } of [cluster, embedded]) await openSampleAccounts(api);
}, timeoutMs);

afterAll(async () => {
  await Promise.all([cluster?.stop(), embedded?.stop()]);
}, timeoutMs);

type Books = Readonly<{
  balances: readonly unknown[];
  addresses: readonly unknown[];
  answers: readonly (string | null)[];
}>;

/** The story as it is told, every step of it in the books before the next. */
async function booksAfter(
  system: RunningCluster | RunningSystem,
  told: readonly Story[],
): Promise<Books> {
  const answers: (string | null)[] = [];
  for (const story of told) {
    for (const adjustment of story.adjustments) await fundAccount(system.api, adjustment);
    for (const index of story.steps.keys()) {
      answers.push(await tellStep(system, story, index));
      await untilAtRest(system.database, { withRequests: false });
    }
  }
  const position = await untilAtRest(system.database);
  const accounts = await system.api.list<AccountView>(`/v1/accounts?minPosition=${position}`);
  const balances = accounts.map(({ accountId, kind, status, balances: amounts }) => ({
    accountId,
    kind,
    status,
    amounts,
  }));
  return { balances, answers, addresses: await addressBalances(system.database, '') };
}

test(
  'the stories end in the same books as in one process, digit for digit',
  async () => {
    const [inCluster, inOneProcess] = await Promise.all([
      booksAfter(cluster, stories),
      booksAfter(embedded, stories),
    ]);
    expect(inCluster.balances.length).toBeGreaterThan(0);
    expect(inCluster.addresses.length).toBeGreaterThan(inCluster.balances.length);
    expect(inCluster).toEqual(inOneProcess);
    expect(await driftOf(cluster.database)).toEqual({ drift: 0, firstDrift: null });
  },
  timeoutMs,
);

test('the archive is read through the API, which asks the gateway', async () => {
  const listed = await cluster.api.list<WebhookSummary>('/v1/inbound-webhooks');
  expect(listed.length).toBe((await embedded.api.list('/v1/inbound-webhooks')).length);
  const [first] = listed;
  const found = await cluster.api.get<WebhookSummary & { body: string }>(
    `/v1/inbound-webhooks/${first?.id}`,
  );
  expect(found).toMatchObject({ ...first });
  expect(found.body.length).toBeGreaterThan(0);
  const none = '00000000-0000-4000-8000-000000000000';
  const refusals = await Promise.all([
    cluster.api.request('GET', `/v1/inbound-webhooks/${none}`),
    cluster.api.request('POST', `/v1/inbound-webhooks/${first?.id}/retry`),
    cluster.api.request('GET', '/v1/inbound-webhooks?cursor=nonsense'),
  ]);
  expect(refusals.map(({ body }) => (body as { code: string }).code)).toEqual([
    'inbound-webhook-not-found',
    'inbound-webhook-not-quarantined',
    'cursor-malformed',
  ]);
});

test('nobody asks an internal endpoint without the key', async () => {
  const answer = await fetch(`${cluster.url}/internal/inbound-webhooks?limit=1`, {
    headers: { authorization: 'Bearer e2e-admin-api-key-0001' },
  });
  expect(answer.status).toBe(401);
});

test(
  'after kill -9 of each service in turn every acknowledged webhook is in the books once',
  async () => {
    await fundAccount(cluster.api, { accountId: 'holder-1', asset: 'USD', amount: '100000' });
    const before = await balancesAt(cluster.api, await untilAtRest(cluster.database));
    const count = 100 * (services.length + 1);
    const deliveries = Array.from({ length: count }, (_, index) => generatedDelivery(index));
    let kills = Promise.resolve();
    const { acknowledged } = await deliverUntilAcknowledged(cluster.url, deliveries, {
      atOnce: 8,
      onAcknowledged: (done) => {
        const service = done % 100 === 0 ? services[done / 100 - 1] : undefined;
        if (service !== undefined) kills = kills.then(() => cluster.killService(service));
      },
    });
    await kills;
    await cluster.untilHealthy();
    expect(acknowledged).toHaveLength(count);

    // An approval that was answered as declined is withdrawn a little later.
    await expect
      .poll(async () => balancesAt(cluster.api, await untilAtRest(cluster.database)), {
        timeout: 30_000,
        interval: 250,
      })
      .toEqual(booksOfAcknowledged(before, acknowledged));
    expect(await driftOf(cluster.database)).toEqual({ drift: 0, firstDrift: null });
  },
  timeoutMs,
);

test(
  'one signal stops every process in order',
  async () => {
    const output = cluster.output;
    expect(await cluster.stop()).toBe(0);
    for (const service of services) expect(output()).toContain(`${service} stopped (exit code 0)`);
  },
  timeoutMs,
);
