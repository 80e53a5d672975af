import { readSample, samples } from '@counterfoil/providers/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { untilAtRest } from '../support/at-rest.ts';
import { booksOfAcknowledged } from '../support/acknowledged-books.ts';
import { balancesAt } from '../support/balances.ts';
import { commandOutcome } from '../support/child-system.ts';
import { deliver } from '../support/deliver.ts';
import { deliverUntilAcknowledged } from '../support/deliverer.ts';
import { generatedDelivery } from '../support/generated-deliveries.ts';
import { fundAccount, openSampleAccounts } from '../support/open-accounts.ts';
import { readModelRows } from '../support/read-model-rows.ts';
import { type RunningSystem, runningSystem } from '../support/running-system.ts';

const timeoutMs = 120_000;
const deliveredAtOnce = 4;
const noDrift = { ok: true, drift: 0, firstDrift: null };

/** One list of each read model that the API serves. */
const lists = [
  '/v1/accounts',
  '/v1/accounts/holder-1/balances',
  '/v1/accounts/holder-1/statement',
  '/v1/accounts/holder-1/holds',
  '/v1/cards',
  '/v1/invoices',
  '/v1/payouts',
  '/v1/withdrawals',
  '/v1/suspense',
  '/v1/reviews',
] as const;

let system: RunningSystem;

/** Every kind of event that the samples can make. */
beforeAll(async () => {
  system = await runningSystem({ UNKNOWN_ACCOUNTS: 'suspend' });
  await openSampleAccounts(system.api);
  await fundAccount(system.api, { accountId: 'holder-1', asset: 'USD', amount: '100000' });
  await fundAccount(system.api, { accountId: 'merchant', asset: 'USDT:TRON', amount: '5000' });
  await system.api.request('PUT', '/v1/accounts/merchant/credit-limit', {
    body: { asset: 'USD', amount: '100' },
  });
  await Promise.all(
    samples().map(async ({ path, provider, delivery }) => {
      if (delivery) await deliver(system.url, provider, readSample(path));
    }),
  );
  await untilAtRest(system.database);
}, timeoutMs);

afterAll(() => system?.stop());

const verified = async () => {
  const { exitCode, stdout } = await commandOutcome(system.environment, ['verify', '--json']);
  return { exitCode, report: JSON.parse(stdout) as unknown };
};

/** Asks for every list again and again until `work` has ended; resolves to the answers by list. */
async function answersDuring(work: Promise<unknown>) {
  let isOver = false;
  void work.finally(() => {
    isOver = true;
  });
  const answers = new Map<string, Set<string>>();
  let count = 0;
  while (!isOver)
    for (const path of lists) {
      const { status, body } = await system.api.request('GET', path);
      const seen = answers.get(path) ?? new Set();
      answers.set(path, seen.add(JSON.stringify({ status, body })));
      count += 1;
    }
  return { answers, count };
}

test(
  'a rebuild of everything gives byte-identical rows, and nobody who reads notices it',
  async () => {
    expect(await verified()).toMatchObject({ exitCode: 0, report: noDrift });
    const before = await readModelRows(system.database);
    const emptyTables = Object.entries(before).flatMap(([name, rows]) => (rows[0] ? [] : [name]));
    expect(emptyTables, 'tables that nothing was compared of').toEqual([]);
    const served = new Map<string, string>();
    for (const path of lists) {
      const { status, body } = await system.api.request('GET', path);
      served.set(path, JSON.stringify({ status, body }));
    }

    const rebuilding = commandOutcome(system.environment, ['rebuild', '--all', '--json']);
    const { answers, count } = await answersDuring(rebuilding);
    const { exitCode, output } = await rebuilding;

    expect(exitCode, output).toBe(0);
    expect(count).toBeGreaterThan(lists.length);
    for (const path of lists) expect([...(answers.get(path) ?? [])]).toEqual([served.get(path)]);
    expect(await readModelRows(system.database)).toEqual(before);
    expect(await verified()).toMatchObject({ exitCode: 0, report: noDrift });
  },
  timeoutMs,
);

test(
  'a rebuild and a verification beside a system under load disturb neither it nor each other',
  async () => {
    const before = await balancesAt(system.api, await untilAtRest(system.database));
    const loading = new AbortController();
    const load = deliverUntilStopped(loading.signal);
    expect(await verified()).toMatchObject({ exitCode: 0, report: noDrift });
    const rebuilt = await commandOutcome(system.environment, ['rebuild', '--all', '--json']);
    expect(rebuilt.exitCode, rebuilt.output).toBe(0);
    loading.abort();
    const acknowledged = await load;
    expect(acknowledged.length).toBeGreaterThan(0);

    const position = await untilAtRest(system.database);
    expect(await balancesAt(system.api, position)).toEqual(
      booksOfAcknowledged(before, acknowledged),
    );
    expect(await verified()).toMatchObject({ exitCode: 0, report: noDrift });
  },
  timeoutMs,
);

async function deliverUntilStopped(signal: AbortSignal) {
  const acknowledged = [];
  for (let index = 0; !signal.aborted; index += deliveredAtOnce) {
    const batch = Array.from({ length: deliveredAtOnce }, (_, place) =>
      generatedDelivery(index + place),
    );
    const delivered = await deliverUntilAcknowledged(system.url, batch, {
      atOnce: deliveredAtOnce,
    });
    acknowledged.push(...delivered.acknowledged);
  }
  return acknowledged;
}
