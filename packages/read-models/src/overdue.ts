import { confirmedHoldMs, type Instant, instantText, unconfirmedHoldMs } from '@counterfoil/domain';
import type { SqlSession } from '@counterfoil/runtime';

/** Counts of what waits for a provider or for a person. */
export function overdueIn(session: SqlSession) {
  const count = async (from: string, values: readonly (string | number)[] = []) => {
    const { rows } = await session.query(`select count(*)::int as found from ${from}`, values);
    return Number(rows[0]?.['found']);
  };
  return {
    /**
     * Open approvals that were given before then and should have been confirmed: those that end
     * early for want of it. Where the provider sends no confirmation, a hold lasts as long as a
     * confirmed one from the start (R18).
     */
    unconfirmedHolds: (before: Instant): Promise<number> =>
      count(
        `read_holds.open_holds where not is_confirmed and placed_at <= $1
         and expires_at - placed_at < $2 * interval '1 millisecond'`,
        [instantText(before), (unconfirmedHoldMs + confirmedHoldMs) / 2],
      ),
    /** Orders that were first told of before then and lack a step that should come at once. */
    awaitedOrders: (before: Instant): Promise<number> =>
      count('read_orders.orders where is_awaited and first_seen_at <= $1', [instantText(before)]),
    /** Completed top-ups that were first told of before then, and no credit is left for. */
    unpairedTopUps: (before: Instant): Promise<number> =>
      count('read_orders.top_ups where is_awaited and told_at <= $1', [instantText(before)]),
    openReviews: (): Promise<number> => count(`read_reviews.reviews where status = 'open'`),
  };
}
