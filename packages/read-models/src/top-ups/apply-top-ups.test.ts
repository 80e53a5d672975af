import { type CanonicalEvent, instant, type Money } from '@counterfoil/domain';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LedgerEvent } from '../ledger-event.ts';
import { ordersProjection } from '../orders/projection.ts';
import { overdueIn } from '../overdue.ts';
import { projectLog, rowsOf } from '../testing/project-log.ts';
import { cause, fact, moneyOf, sampleLog, second, usd } from '../testing/sample-log.ts';
import { withModels } from '../testing/with-models.ts';

const models = withModels();
const minute = (n: number) => instant(second(0) + n * 60_000);
const dayMinutes = 24 * 60;
type Told = Readonly<{ at: number; amount?: Money | null; account?: string | null }>;
const about = (account: string | null = 'acc') =>
  ({ subject: { kind: 'account', id: account ?? 'default' } }) as const;
const from4pay = { provider: '4pay' } as const;

const announced = (event: CanonicalEvent): LedgerEvent => ({
  type: 'DepositAnnounced',
  data: fact(event),
});

const topUp = (depositId: string, { at, amount = usd('99.5'), account }: Told): LedgerEvent =>
  announced({
    ...cause(
      'DepositDetected',
      {
        amount: moneyOf('USDT:TRON', '100'),
        stage: 'confirmed',
        depositId,
        chainHash: null,
        awaitedCredit: { amount, completedAt: minute(at) },
      },
      from4pay,
    ),
    ...about(account),
  });
const payin = (depositId: string, { at, amount, account }: Told): LedgerEvent => ({
  type: 'FundsDelivered',
  data: fact({
    ...cause(
      'FundsDelivered',
      { depositId, amount: amount ?? usd('99.5'), purpose: 'merchant-top-up' },
      from4pay,
    ),
    ...about(account),
    occurredAt: minute(at),
  }),
});
const failed = (depositId: string): LedgerEvent => ({
  type: 'DepositDropped',
  data: fact({
    ...cause('DepositFailed', { depositId, reason: 'refunded' }, from4pay),
    ...about(),
  }),
});

async function project(events: readonly LedgerEvent[], batchSize = 500) {
  const tables = ordersProjection.tableNames.map((table) => `read_orders.${table}`);
  await models.database.query(`truncate ${tables.join(', ')}`);
  await models.database.query(`update read_orders.checkpoint set position = 'start'`);
  const log = sampleLog();
  for (const event of events) log.record('account-m', event);
  const projections = [ordersProjection];
  await projectLog(models.database, log.events(), { batchSize, projections });
}
async function awaited(events: readonly LedgerEvent[]): Promise<readonly unknown[]> {
  await project(events);
  const { rows } = await models.database.query(
    'select deposit_id from read_orders.top_ups where is_awaited order by deposit_id',
  );
  return rows.map((row) => row['deposit_id']);
}

test('a completed top-up waits for its payin, whichever is told first (4pay decision 9)', async () => {
  const [told, credited] = [topUp('T', { at: 0 }), payin('P', { at: 1 })];
  expect(await awaited([told])).toEqual(['T']);
  const overdue = overdueIn(models.database);
  expect(await overdue.unpairedTopUps(second(0))).toBe(0);
  expect(await overdue.unpairedTopUps(second(1))).toBe(1);
  expect(await awaited([told, credited])).toEqual([]);
  expect(await awaited([credited, told, told, credited])).toEqual([]);
  const { rows } = await models.database.query('select credit_id from read_orders.top_ups');
  expect(rows).toEqual([{ credit_id: 'P' }]);
});

test('a payin of another amount, account or day is not its own (4pay decision 9)', async () => {
  const told = topUp('T', { at: 0 });
  expect(await awaited([told, payin('P', { at: 1, amount: usd('99.6') })])).toEqual(['T']);
  expect(await awaited([told, payin('P', { at: 1, amount: moneyOf('EUR', '99.5') })])).toEqual([
    'T',
  ]);
  expect(await awaited([told, payin('P', { at: 1, account: 'other' })])).toEqual(['T']);
  expect(await awaited([told, payin('P', { at: dayMinutes + 1 })])).toEqual(['T']);
  expect(await awaited([told, payin('P', { at: dayMinutes })])).toEqual([]);
});

test('of two top-ups with one payin, the one that is further from it waits (4pay decision 9)', async () => {
  const [lost, credited] = [topUp('A', { at: 0 }), topUp('B', { at: 60 })];
  expect(await awaited([lost, payin('P', { at: 61 }), credited])).toEqual(['A']);
  expect(await awaited([lost, credited, payin('P', { at: 61 }), payin('Q', { at: 62 })])).toEqual(
    [],
  );
});

test('without the credited amount the account and the time decide (4pay decisions 9 and 15)', async () => {
  const flat = (id: string, at: number) => topUp(id, { at, amount: null });
  const other = payin('P', { at: 1, amount: usd('7') });
  expect(await awaited([flat('T', 0), other])).toEqual([]);
  expect(await awaited([flat('T', 0), flat('U', 30), other])).toEqual(['U']);
  expect(await awaited([flat('T', 0), payin('P', { at: 1, account: 'other' })])).toEqual(['T']);
});

test('without an account the amount and the time decide, and with neither nothing is said (4pay decision 9)', async () => {
  const nested = topUp('T', { at: 0, account: null });
  expect(await awaited([nested, payin('P', { at: 1, account: 'any' })])).toEqual([]);
  expect(await awaited([nested, payin('P', { at: 1, amount: usd('7') })])).toEqual(['T']);
  expect(await awaited([topUp('T', { at: 0, account: null, amount: null })])).toEqual([]);
});

test('what is told later of a top-up counts, and leaves a payin to others (4pay decision 9)', async () => {
  const flat = (id: string, at: number) => topUp(id, { at, amount: null });
  const other = payin('P', { at: 1, amount: usd('7') });
  const told = [flat('T', 0), flat('U', 30), other];
  expect(await awaited([...told, topUp('T', { at: 0 })])).toEqual(['T']);
  expect(await awaited([topUp('T', { at: 0 }), ...told])).toEqual(['T']);
});

test('a top-up that was sent back waits for nothing (4pay decision 9)', async () => {
  expect(await awaited([topUp('T', { at: 0 }), failed('T')])).toEqual([]);
  expect(await awaited([failed('T'), topUp('T', { at: 0 })])).toEqual([]);
  const [lost, left] = [topUp('T', { at: 0 }), topUp('U', { at: 60 })];
  expect(await awaited([lost, left, payin('P', { at: 1 }), failed('T')])).toEqual([]);
});

test('a top-up at the first or last instant there is waits like any other', async () => {
  const minutesTo = (text: string) => (Date.parse(text) - second(0)) / 60_000;
  const first = topUp('F', { at: minutesTo('0001-01-01T00:00:00Z') });
  const last = topUp('L', { at: minutesTo('9999-12-31T23:59:00Z') });
  expect(await awaited([first, last])).toEqual(['F', 'L']);
});

test('what is long past keeps its payin, though that is out of sight', async () => {
  const past = [topUp('T', { at: 6 * dayMinutes + 10 }), payin('P', { at: 6 * dayMinutes - 10 })];
  expect(await awaited(past)).toEqual([]);
  await project([...past, topUp('L', { at: 15 * dayMinutes })], 1);
  const { rows } = await models.database.query(
    'select deposit_id from read_orders.top_ups where is_awaited',
  );
  expect(rows).toEqual([{ deposit_id: 'L' }]);
});

// Some forty projections, on cores that others use too.
const timeoutMs = 60_000;

test('every order in every batch ends in the same pairs (4pay decision 9)', {
  timeout: timeoutMs,
}, async () => {
  const events = [0, 20, 500, 900, 1600].flatMap((at, n) => [
    topUp(`T${n}`, { at, amount: n % 2 === 0 ? usd('99.5') : null }),
    ...(n === 3
      ? []
      : [payin(`P${n}`, { at: at + 600, ...(n === 1 ? { amount: usd('7') } : {}) })]),
  ]);
  await project(events);
  const pairsOf = async () => {
    const { rows } = await models.database.query(
      'select deposit_id, credit_id from read_orders.top_ups order by deposit_id',
    );
    return rows;
  };
  const expected = await pairsOf();
  expect(expected.filter((row) => row['credit_id'] === null)).toHaveLength(1);
  const orders = fc.shuffledSubarray(events, { minLength: events.length });
  await fc.assert(
    fc.asyncProperty(orders, fc.integer({ min: 1, max: 5 }), async (order, batchSize) => {
      await project([...order, ...order.slice(0, 3)], batchSize);
      expect(await pairsOf()).toEqual(expected);
      const rows = await rowsOf(models.database, 'orders');
      await project([...order, ...order.slice(0, 3)]);
      expect(await rowsOf(models.database, 'orders')).toEqual(rows);
    }),
    { numRuns: 10 },
  );
});
