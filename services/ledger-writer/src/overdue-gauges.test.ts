import { processMetrics } from '@counterfoil/runtime';
import { manualClock } from '@counterfoil/runtime/testing';
import { expect, test } from 'vitest';
import { gaugeOverdue, type Overdue } from './overdue-gauges.ts';

const clock = manualClock();
const scraped = async (overdue: Overdue) => {
  const metrics = processMetrics({ withProcessMetrics: false });
  gaugeOverdue({ overdue, metrics, clock });
  return Object.fromEntries(
    (await metrics.metrics())
      .split('\n')
      .filter((line) => line.startsWith('counterfoil_'))
      .map((line) => line.split(' ')),
  );
};

test('what should have been told by now is counted, and what waits for a person (4pay decision 9)', async () => {
  const since = clock.now() - 15 * 60_000;
  const sinceCompleted = clock.now() - 2 * 60 * 60_000;
  expect(
    await scraped({
      unconfirmedHolds: async (before) => (before === since ? 2 : 0),
      awaitedOrders: async (before) => (before === since ? 3 : 0),
      unpairedTopUps: async (before) => (before === sinceCompleted ? 5 : 0),
      openReviews: async () => 4,
    }),
  ).toEqual({
    counterfoil_unconfirmed_holds: '2',
    counterfoil_awaited_orders: '3',
    counterfoil_unpaired_top_ups: '5',
    counterfoil_open_reviews: '4',
  });
});

test('what cannot be asked reads as -1', async () => {
  const away = async () => Promise.reject(new Error('away'));
  expect(
    Object.values(
      await scraped({
        unconfirmedHolds: away,
        awaitedOrders: away,
        unpairedTopUps: away,
        openReviews: away,
      }),
    ),
  ).toEqual(['-1', '-1', '-1', '-1']);
});
