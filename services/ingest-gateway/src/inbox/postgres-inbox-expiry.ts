import { instant, instantText } from '@counterfoil/domain';
import type { SqlSession } from '@counterfoil/runtime';
import { summaryColumns, summaryOf } from './delivery-row.ts';
import type { DeliverySummary, Expired, InboxSize } from './inbox.ts';

/** Asked at each scrape: the table by its pages, and only what lies in quarantine row by row. */
export async function inboxSize(session: SqlSession): Promise<InboxSize> {
  const { rows } = await session.query(
    `select pg_total_relation_size('counterfoil_inbox.deliveries')::text as bytes,
      coalesce(sum(octet_length(d.body)), 0)::text as quarantined_bytes,
      floor(extract(epoch from min(d.received_at)) * 1000)::bigint::text as oldest_ms
    from counterfoil_inbox.deliveries d where d.status = 'quarantined'`,
  );
  const { bytes, quarantined_bytes: quarantinedBytes, oldest_ms: oldestMs } = rows[0] ?? {};
  return {
    bytes: Number(bytes),
    quarantinedBytes: Number(quarantinedBytes),
    oldestQuarantinedAt: oldestMs === null ? null : instant(Number(oldestMs)),
  };
}

// What another process has in hand is passed over; it comes next time, if it is still there.

export async function removeBodies(
  session: SqlSession,
  { before, limit }: Expired,
): Promise<number> {
  const { rowCount } = await session.query(
    `with expired as (
      select sequence from counterfoil_inbox.deliveries
      where not is_waiting and not is_emptied and status <> 'quarantined'
        and received_at < $1::timestamptz
      order by received_at limit $2 for update skip locked
    )
    update counterfoil_inbox.deliveries d set body = null, headers = '{}', is_emptied = true
    from expired where d.sequence = expired.sequence`,
    [instantText(before), limit],
  );
  return rowCount;
}

export async function removeQuarantined(
  session: SqlSession,
  { before, limit }: Expired,
): Promise<readonly DeliverySummary[]> {
  const { rows } = await session.query(
    `with expired as (
      select sequence from counterfoil_inbox.deliveries
      where status = 'quarantined' and received_at < $1::timestamptz
      order by received_at limit $2 for update skip locked
    )
    delete from counterfoil_inbox.deliveries d using expired
    where d.sequence = expired.sequence returning ${summaryColumns}`,
    [instantText(before), limit],
  );
  return rows.map(summaryOf);
}
