import { instant } from '@counterfoil/domain';
import { readSample, sampleAdapters } from '@counterfoil/providers/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { untilAtRest } from '../support/at-rest.ts';
import { balancesAt } from '../support/balances.ts';
import { deliver } from '../support/deliver.ts';
import { type ArchivedWebhook, newestWebhook } from '../support/inbound-webhook.ts';
import { openSampleAccounts } from '../support/open-accounts.ts';
import { type RunningSystem, runningSystem } from '../support/running-system.ts';

const startTimeoutMs = 60_000;
vi.setConfig({ testTimeout: startTimeoutMs });
const { standard } = sampleAdapters();
const folder = 'standard/stories/deposit-and-purchase';

let system: RunningSystem;
beforeAll(async () => {
  system = await runningSystem();
  await openSampleAccounts(system.api);
}, startTimeoutMs);
afterAll(() => system?.stop());

/** Sends a body under a name of its sender's choice, as an attempt made now. */
const send = (name: string, body: Uint8Array) => {
  const headers = standard.sign(body, instant(Date.now()), new Map([['webhook-id', name]]));
  return deliver(system.url, 'standard', body, headers);
};

async function booksOfHolder() {
  const head = await untilAtRest(system.database);
  const balances = await balancesAt(system.api, head);
  return Object.fromEntries([...balances].filter(([name]) => name.startsWith('holder-5 ')));
}

const statusOfNewest = async () =>
  (
    await system.api.get<ArchivedWebhook>(
      `/v1/inbound-webhooks/${(await newestWebhook(system.api)).id}`,
    )
  ).status;

test('a deposit and a card purchase of a system that nobody knows end in the right books', async () => {
  const files = ['02-deposit-confirmed', '03-dollars-and-confirmation', '04-clearing'];
  for (const [index, file] of files.entries())
    expect(await send(`msg_${index}`, readSample(`${folder}/${file}.json`))).toEqual({
      status: 200,
      body: '{}',
    });
  expect(await booksOfHolder()).toMatchObject({
    'holder-5 USD available': 31_060_000n,
    'holder-5 USDT:TRON available': 118_500_000n,
  });
  const holds = await system.api.list('/v1/accounts/holder-5/holds');
  expect(holds).toEqual([]);
});

test('the same message again is a repeat, under another name it posts nothing more', async () => {
  const before = await booksOfHolder();
  const body = readSample(`${folder}/02-deposit-confirmed.json`);
  await send('msg_0', body);
  expect(await statusOfNewest()).toBe('duplicate');
  await send('msg_90', body);
  expect(await booksOfHolder()).toEqual(before);
  expect(await statusOfNewest()).toBe('processed');
});

test('another body under the same name is kept beside the first, and a person looks', async () => {
  const before = await booksOfHolder();
  const text = new TextDecoder().decode(readSample(`${folder}/02-deposit-confirmed.json`));
  const changed = text.replace('"120.00"', '"220.00"').replace('"118.50"', '"218.50"');
  await send('msg_0', new TextEncoder().encode(changed));
  expect(await booksOfHolder()).toEqual(before);
  expect(await statusOfNewest()).toBe('variant');
  const head = await untilAtRest(system.database);
  const reviews = await system.api.list<{ reason: string }>(
    `/v1/reviews?status=open&minPosition=${head}`,
  );
  expect(reviews.map(({ reason }) => reason)).toEqual(['variant-differs']);
  const metrics = await (await fetch(`${system.url}/metrics`)).text();
  expect(metrics.match(/^counterfoil_(open|awaited|unconfirmed|unpaired)_.*$/gm)).toEqual([
    'counterfoil_unconfirmed_holds 0',
    'counterfoil_awaited_orders 0',
    'counterfoil_unpaired_top_ups 0',
    'counterfoil_open_reviews 1',
  ]);
});

test('a message that was recorded and sent again later is refused', async () => {
  const body = readSample(`${folder}/05-refund.json`);
  const recorded = standard.sign(body, instant(Date.now() - 301_000));
  const before = await booksOfHolder();
  expect((await deliver(system.url, 'standard', body, recorded)).status).toBe(401);
  expect(await booksOfHolder()).toEqual(before);
});
