import { type Story, sampleStories } from '@counterfoil/cli';
import { missingForKafka } from '@counterfoil/event-bus/testing';
import { readSample } from '@counterfoil/providers/testing';
import { addressBalances } from '@counterfoil/read-models';
import { type Database, readEnvironment } from '@counterfoil/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { untilAtRest } from '../support/at-rest.ts';
import type { AccountView } from '../support/balances.ts';
import { deliver } from '../support/deliver.ts';
import { driftOf } from '../support/drift.ts';
import type { WebhookSummary } from '../support/inbound-webhook.ts';
import { fundAccount, openSampleAccounts } from '../support/open-accounts.ts';
import { type RunningCluster, runningCluster } from '../support/running-cluster.ts';
import { adminApiKey, type RunningSystem, runningSystem } from '../support/running-system.ts';
import { type Listener, tellStep } from '../support/tell-story.ts';

const stories = sampleStories();

const timeoutMs = 300_000;
const processes = [
  'ingest-gateway',
  'authorizer',
  'ledger-writer-1',
  'ledger-writer-2',
  'projector',
  'query-api',
];

/** A broker takes half a minute on two cores; without Java and Maven there is none. */
const isFull = readEnvironment()['COUNTERFOIL_FULL'] === '1';
const missing = isFull ? await missingForKafka('4.1.1') : 'COUNTERFOIL_FULL=1 asks for it';
if (missing !== null) process.stderr.write(`The cluster on Kafka is not tested: ${missing}\n`);

describe.each([
  { bus: 'postgres', isHere: true },
  { bus: 'kafka', isHere: missing === null },
])('one process per service, on the $bus bus', ({ bus, isHere }) => {
  describe.skipIf(!isHere)('', () => holdCluster(bus));
});

function holdCluster(bus: string): void {
  let cluster: RunningCluster;
  let embedded: RunningSystem;

  beforeAll(async () => {
    const instances = { EVENT_BUS: bus, CLUSTER_INSTANCES: 'ledger-writer=2' };
    [cluster, embedded] = await Promise.all([runningCluster(instances), runningSystem()]);
    for (const { api } of [cluster, embedded]) await openSampleAccounts(api);
  }, timeoutMs);

  afterAll(async () => {
    await Promise.all([cluster?.stop(), embedded?.stop()]);
  }, timeoutMs);

  test(
    'the stories end in the same books as in one process, digit for digit',
    async () => {
      const [inCluster, inOneProcess] = await Promise.all([
        booksAfter(cluster, cluster.untilAtRest, stories),
        booksAfter(embedded, () => untilAtRest(embedded.database), stories),
      ]);
      expect(inCluster.accounts.length).toBeGreaterThan(0);
      expect(inCluster.addresses.length).toBeGreaterThan(inCluster.accounts.length);
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

  test('quarantine is listed and tried again through the API, chosen by the same filters', async () => {
    const junk = readSample('calypso/constructed/recurrent-unknown-event.json');
    await deliver(cluster.url, 'calypso', junk);
    await cluster.untilAtRest();
    const meant = 'provider=calypso&code=type-unknown&from=2026-01-01T00:00:00Z';
    const list = (filters: string) =>
      cluster.api.list<WebhookSummary>(`/v1/inbound-webhooks?status=quarantined&${filters}`);
    expect(await list(meant)).toMatchObject([{ provider: 'calypso', status: 'quarantined' }]);
    expect(await list(`${meant}&to=2026-01-01T00:00:01Z`)).toEqual([]);
    const retry = (filters: string) =>
      cluster.api.post(`/v1/inbound-webhooks/retry?${filters}`, {});
    expect(await retry(meant)).toEqual({ published: 0, refused: 1, nextCursor: null });
    expect(await retry(`${meant}&to=2026-01-01T00:00:01Z`)).toMatchObject({ refused: 0 });
    const refusal = await cluster.api.request('POST', '/v1/inbound-webhooks/retry?cursor=nonsense');
    expect(refusal).toMatchObject({ status: 400, body: { code: 'cursor-malformed' } });
  });

  test('nobody asks an internal endpoint without the key', async () => {
    const answer = await fetch(`${cluster.url}/internal/inbound-webhooks?limit=1`, {
      headers: { authorization: `Bearer ${adminApiKey}` },
    });
    expect(answer.status).toBe(401);
  });

  test(
    'one signal stops every process in order',
    async () => {
      const output = cluster.output;
      expect(await cluster.stop()).toBe(0);
      for (const name of processes) expect(output()).toContain(`${name} stopped (exit code 0)`);
    },
    timeoutMs,
  );
}

type Books = Readonly<{
  accounts: readonly unknown[];
  addresses: readonly unknown[];
  answers: readonly (string | null)[];
}>;

/** The stories as they are told, every step in the books before the next. */
async function booksAfter(
  system: Listener & Readonly<{ database: Database }>,
  atRest: () => Promise<string>,
  told: readonly Story[],
): Promise<Books> {
  const answers: (string | null)[] = [];
  for (const story of told) {
    for (const adjustment of story.adjustments) await fundAccount(system.api, adjustment);
    for (const [index, step] of story.steps.entries()) {
      answers.push(await tellStep(system, story, index));
      // A decision is in the books when it is answered; its request is relayed much later.
      if (!step.expect) await atRest();
    }
  }
  const position = await atRest();
  const accounts = await system.api.list<AccountView>(`/v1/accounts?minPosition=${position}`);
  return {
    answers,
    accounts: accounts.map(({ accountId, kind, status, balances }) => ({
      accountId,
      kind,
      status,
      balances,
    })),
    addresses: await addressBalances(system.database, ''),
  };
}
