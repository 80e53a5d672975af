import { type Asset, formatUnits, instantText, type MoneyText } from '@counterfoil/domain';
import type { SqlSession } from '@counterfoil/runtime';
import { rowOfSql } from '../table/row-codec.ts';
import { columnList } from '../table/table-shape.ts';
import { type PostingRow, postingTable, transactionTable } from './schema.ts';

export type TransactionView = Readonly<{
  transactionId: string;
  postings: readonly Readonly<{ source: string; destination: string; amount: MoneyText }>[];
  effectiveAt: string;
  occurredAt: string;
  recordedAt: string;
  stream: string;
  eventId: string;
  type: string;
  position: string;
  correlationId: string;
  deliveryId: string | null;
}>;

/** Null when there is none. */
export async function findTransaction(
  session: SqlSession,
  transactionId: string,
): Promise<TransactionView | null> {
  const { rows } = await session.query(
    `select ${columnList(transactionTable)} from read_transactions.transactions
     where transaction_id = $1 order by recorded_at, event_id limit 1`,
    [transactionId],
  );
  const found = rows[0];
  if (found === undefined) return null;
  const row = rowOfSql(transactionTable, found);
  const postings = await session.query(
    `select ${columnList(postingTable)} from read_transactions.postings
     where transaction_id = $1 and event_id = $2 order by ordinal`,
    [transactionId, row.eventId],
  );
  return {
    transactionId: row.transactionId,
    postings: postings.rows.map((sqlRow) => showPosting(rowOfSql(postingTable, sqlRow))),
    effectiveAt: instantText(row.effectiveAt),
    occurredAt: instantText(row.occurredAt),
    recordedAt: instantText(row.recordedAt),
    stream: row.stream,
    eventId: row.eventId,
    type: row.type,
    position: row.position,
    correlationId: row.correlationId,
    deliveryId: row.deliveryId,
  };
}

const showPosting = (row: PostingRow) => ({
  source: row.source,
  destination: row.destination,
  amount: { asset: row.asset, amount: formatUnits(row.units, row.asset as Asset) },
});
