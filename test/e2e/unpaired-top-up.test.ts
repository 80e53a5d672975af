import { instant } from '@counterfoil/domain';
import { readSample } from '@counterfoil/providers/testing';
import { overdueIn } from '@counterfoil/read-models';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { untilAtRest } from '../support/at-rest.ts';
import { deliver } from '../support/deliver.ts';
import { driftOf } from '../support/drift.ts';
import { newestWebhook } from '../support/inbound-webhook.ts';
import { type RunningSystem, runningSystem } from '../support/running-system.ts';

const startTimeoutMs = 60_000;
vi.setConfig({ testTimeout: startTimeoutMs });
const folder = '4pay/stories/top-up-to-purchase';

let system: RunningSystem;
beforeAll(async () => {
  system = await runningSystem();
}, startTimeoutMs);
afterAll(() => system?.stop());

/** As the gauge will count it in two hours, unless something comes. */
async function unpairedAfter(name: string): Promise<number> {
  await deliver(system.url, '4pay', readSample(`${folder}/${name}.json`));
  const head = await untilAtRest(system.database);
  // Waits for the model `orders`, with which the top-ups are kept.
  await system.api.list(`/v1/payouts?minPosition=${head}`);
  return overdueIn(system.database).unpairedTopUps(instant(Date.now()));
}

test('a completed top-up counts as unpaired until its payin comes (4pay decision 9)', async () => {
  expect(await unpairedAfter('01-account-topup-in-progress')).toBe(0);
  expect(await unpairedAfter('02-account-topup-completed')).toBe(1);
  const { rows } = await system.database.query(
    'select deposit_id, account, delivery_id from read_orders.top_ups where is_awaited',
  );
  const { id } = await newestWebhook(system.api);
  expect(rows).toEqual([
    {
      deposit_id: '5a000259-1259-4259-8070-abc0000940c9',
      account: '019d2236-bbbb-728e-96de-27fca03a0001',
      delivery_id: id,
    },
  ]);
  expect(await unpairedAfter('03-account-transaction-payin-completed')).toBe(0);
  expect(await driftOf(system.database)).toEqual({ drift: 0, firstDrift: null });
});
