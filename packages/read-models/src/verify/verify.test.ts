import { expect, test } from 'vitest';
import type { RecordedEvent } from '../ledger-event.ts';
import { listedStore } from '../testing/listed-store.ts';
import { projectLog } from '../testing/project-log.ts';
import {
  bucket,
  effect,
  funded,
  hold,
  opened,
  sampleLog,
  type SampleLog,
  usd,
} from '../testing/sample-log.ts';
import { withModels } from '../testing/with-models.ts';
import { verify } from './verify.ts';

const models = withModels();

function goodLog(): SampleLog {
  const log = sampleLog();
  log.record('account-a', opened('a'));
  log.record('account-a', funded('a', usd('100')));
  log.record('account-a', {
    type: 'OrderPlaced',
    data: {
      order: {
        kind: 'payout',
        provider: 'calypso',
        orderId: 'P',
        amount: usd('30'),
        fee: usd('1'),
      },
      effect: effect([[bucket('a', 'available'), bucket('a', 'reserved'), usd('31')]]),
    },
  });
  return log;
}

const run = (events: readonly RecordedEvent[]) =>
  verify({ store: listedStore(() => events), database: models.database });

test('books that are right have no drift, at whatever position each model stands', async () => {
  const log = goodLog();
  await projectLog(models.database, log.events());
  log.record('account-b', funded('b', usd('1')));
  expect(await run(log.events())).toMatchObject({
    ok: true,
    events: 4,
    drift: 0,
    firstDrift: null,
  });
});

test('models that nobody has made yet are no drift', async () => {
  expect(await run([])).toMatchObject({ ok: true, events: 0, drift: 0 });
});

test.each([
  [
    `update read_balances.balances set input = input + 1 where address = 'accounts:a:available'`,
    'read-model balances',
  ],
  [`delete from read_statement.statement_lines where version = 2`, 'read-model statement'],
  [
    `insert into read_transactions.postings values ('x', 'y', 1, 'a', 'b', 'USD', 1)`,
    'read-model transactions',
  ],
  [`update read_accounts.accounts set status = 'frozen'`, 'read-model accounts'],
  [`update read_orders.orders set status = 'completed'`, 'read-model orders'],
  [`update read_holds.checkpoint set version = 0`, 'read-model holds'],
])('a row that was tampered with is found: %s', async (statement, name) => {
  const log = goodLog();
  await projectLog(models.database, log.events());
  await models.database.query(statement);
  const report = await run(log.events());
  expect(report.ok).toBe(false);
  expect(report.drift).toBeGreaterThan(0);
  expect(report.checks.find((check) => check.name === name)).toMatchObject({ ok: false, drift: 1 });
  expect(report.firstDrift).toMatchObject({ check: name, what: expect.any(String) });
});

const adjusted = (postings: Parameters<typeof effect>[0], more = {}) =>
  ({
    type: 'AdjustmentPosted',
    data: {
      adjustmentId: 'x',
      amount: usd('1'),
      direction: 'credit',
      reason: 'test',
      actor: 'test',
      effect: effect(postings, more),
    },
  }) as const;

test.each([
  ['own-addresses', adjusted([['platform:adjustments', bucket('b', 'available'), usd('1')]])],
  ['own-addresses', adjusted([['suspense:calypso', bucket('a', 'available'), usd('1')]])],
  ['postings-positive', adjusted([[bucket('a', 'available'), 'platform:adjustments', usd('-1')]])],
  ['held-equals-open-holds', adjusted([[bucket('a', 'available'), bucket('a', 'held'), usd('1')]])],
  ['held-equals-open-holds', adjusted([], { holds: [hold('A', usd('1'))] })],
  [
    'reserved-equals-open-orders',
    adjusted([[bucket('a', 'available'), bucket('a', 'reserved'), usd('1')]]),
  ],
  ['set-aside-not-negative', adjusted([[bucket('a', 'held'), bucket('a', 'available'), usd('1')]])],
])('books that break a rule of their own are found: %s', async (name, event) => {
  const log = goodLog();
  log.record('account-a', event);
  await projectLog(models.database, log.events());
  const report = await run(log.events());
  expect(report.ok).toBe(false);
  expect(report.checks.find((check) => check.name === name)).toMatchObject({ ok: false });
});

test('a gap in positions or in a stream, and a transaction posted twice, are found', async () => {
  const events = goodLog().events();
  const failed = async (log: readonly RecordedEvent[]) =>
    (await run(log)).checks.filter(({ ok }) => !ok).map(({ name }) => name);
  const [first, second, third] = events;
  if (!first || !second || !third) throw new Error('three events');
  expect(await failed([first, third])).toEqual(
    expect.arrayContaining(['positions', 'stream-versions']),
  );
  const again = { ...second, position: third.position, version: third.version };
  expect(await failed([first, second, again])).toContain('transaction-ids-unique');
});
