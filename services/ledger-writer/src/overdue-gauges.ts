import { type Instant, instant } from '@counterfoil/domain';
import type { Clock, Metrics } from '@counterfoil/runtime';

/** What waits for a provider or for a person, as the read models know it; may be behind the log. */
export type Overdue = Readonly<{
  /** Approvals of ours that were given before, and that the provider has not confirmed. */
  unconfirmedHolds: (before: Instant) => Promise<number>;
  /** Orders first told of before, of which the next step is missing. */
  awaitedOrders: (before: Instant) => Promise<number>;
  /** Completed top-ups first told of before, without the credit that should have followed. */
  unpairedTopUps: (before: Instant) => Promise<number>;
  openReviews: () => Promise<number>;
}>;

/** R18: what a provider does at once should have been told after so long. */
const patienceMs = 15 * 60_000;
/** A credit follows its top-up when the provider has converted what came. */
const creditPatienceMs = 2 * 60 * 60_000;

/** Asked of the read models at each scrape; while they cannot be asked they read as -1. */
export function gaugeOverdue(
  options: Readonly<{ overdue: Overdue; metrics: Metrics; clock: Clock }>,
): void {
  const { overdue, metrics, clock } = options;
  const before = (ms = patienceMs) => instant(clock.now() - ms);
  const asked = (ask: () => Promise<number>) => ({ read: () => ask().catch(() => -1) });
  metrics.gauge({
    name: 'counterfoil_unconfirmed_holds',
    help: 'Approvals of ours that the provider has not confirmed after 15 minutes.',
    ...asked(() => overdue.unconfirmedHolds(before())),
  });
  metrics.gauge({
    name: 'counterfoil_awaited_orders',
    help: 'Orders without the first word of the provider, or without an amount, after 15 minutes.',
    ...asked(() => overdue.awaitedOrders(before())),
  });
  metrics.gauge({
    name: 'counterfoil_unpaired_top_ups',
    help: 'Completed top-ups without a credit after two hours.',
    ...asked(() => overdue.unpairedTopUps(before(creditPatienceMs))),
  });
  metrics.gauge({
    name: 'counterfoil_open_reviews',
    help: 'Reviews that wait for a person.',
    ...asked(overdue.openReviews),
  });
}
