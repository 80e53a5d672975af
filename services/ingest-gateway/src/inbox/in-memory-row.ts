import type { Instant } from '@counterfoil/domain';
import type { AuthorizationDecision, Counterpart } from '@counterfoil/providers';
import { counterpartsMax, counterpartToleranceMs } from './inbox.ts';
import type { DeliveryFilter, DeliverySummary, FoundDelivery } from './inbox.ts';

/** A delivery in memory; a repeat has no bytes of its own. */
export type Row = FoundDelivery &
  Readonly<{
    availableAt: number;
    isWaiting: boolean;
    isEmptied: boolean;
    answer: AuthorizationDecision | null;
    counterpart: Counterpart | null;
  }>;

/** Those among `rows`, in order of arrival, that tell the whole of what `row` may be a side of. */
export function counterpartsOf(row: Row, rows: readonly Row[]): readonly string[] {
  const { provider, status, counterpart } = row;
  if (status !== 'quarantined' || counterpart === null) return [];
  const { movement, at } = counterpart;
  return rows
    .filter(
      (other) =>
        other.provider === provider &&
        other.status !== 'quarantined' &&
        other.counterpart?.movement === movement &&
        Math.abs(other.counterpart.at - at) <= counterpartToleranceMs,
    )
    .slice(0, counterpartsMax)
    .map(({ id }) => id);
}

export const isMeant = (row: Row, { status, provider, code, from, to }: DeliveryFilter): boolean =>
  (status === null || row.status === status) &&
  (provider === null || row.provider === provider) &&
  (code === null || row.reason?.code === code) &&
  (from === null || row.receivedAt >= from) &&
  (to === null || row.receivedAt < to);

export const summaryOf = (row: Row): DeliverySummary => ({
  id: row.id,
  sequence: row.sequence,
  provider: row.provider,
  dialect: row.dialect,
  receivedAt: row.receivedAt,
  status: row.status,
  reason: row.reason,
  bodySha256: row.bodySha256,
  eventKey: row.eventKey,
  firstDeliveryId: row.firstDeliveryId,
  counterpartOf: row.counterpartOf,
});

export const oldestOf = (rows: readonly Row[]): Instant | null =>
  rows.reduce<Instant | null>(
    (oldest, { receivedAt }) => (oldest === null || receivedAt < oldest ? receivedAt : oldest),
    null,
  );

export const bytesOf = (rows: readonly Row[]): number =>
  rows.reduce((sum, { body }) => sum + (body?.byteLength ?? 0), 0);
