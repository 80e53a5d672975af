import { deliveryOf, transactionOf, type RecordedEvent } from '../ledger-event.ts';
import type { Projection } from '../projection.ts';
import { insertRows } from '../table/working-rows.ts';
import {
  type PostingRow,
  postingTable,
  type TransactionRow,
  transactionTable,
  transactionTables,
} from './schema.ts';

function transactionRows(recorded: RecordedEvent): readonly TransactionRow[] {
  const transaction = transactionOf(recorded);
  if (transaction === null) return [];
  const { stream, version, eventId, position, correlationId, occurredAt, recordedAt } = recorded;
  return [
    {
      transactionId: transaction.transactionId,
      stream,
      version,
      eventId,
      type: recorded.event.type,
      position,
      correlationId,
      effectiveAt: transaction.effectiveAt,
      occurredAt,
      recordedAt,
      deliveryId: deliveryOf(recorded),
    },
  ];
}

const postingRows = (recorded: RecordedEvent): readonly PostingRow[] =>
  (transactionOf(recorded)?.postings ?? []).map(({ source, destination, amount }, at) => ({
    transactionId: transactionOf(recorded)?.transactionId ?? '',
    eventId: recorded.eventId,
    ordinal: BigInt(at + 1),
    source,
    destination,
    asset: amount.asset,
    units: amount.units,
  }));

export const transactionsProjection: Projection = {
  name: 'transactions',
  version: 1,
  tables: transactionTables,
  tableNames: [transactionTable.name, postingTable.name],
  apply: async (batch, session) => {
    await insertRows(session, transactionTable, batch.flatMap(transactionRows));
    await insertRows(session, postingTable, batch.flatMap(postingRows));
  },
};
