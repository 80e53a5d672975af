import { addressOf, type AccountId, type Bucket } from '@counterfoil/domain';
import {
  accountOf,
  changesAt,
  deliveryOf,
  type RecordedEvent,
  transactionOf,
} from '../ledger-event.ts';
import type { Projection } from '../projection.ts';
import { insertRows, workingRows } from '../table/working-rows.ts';
import { describeLine } from './describe-line.ts';
import {
  type StatementBalanceRow,
  statementBalanceTable,
  type StatementRow,
  statementTable,
  statementTables,
} from './schema.ts';

/** What one transaction changed for its account in one asset. */
type Change = Omit<StatementBalanceRow, 'accountId'>;

/** In the order of the postings' assets; an account that only passed money through has a line too. */
function statementChanges(recorded: RecordedEvent): readonly Change[] {
  const account = accountOf(recorded);
  if (account === null || transactionOf(recorded) === null) return [];
  const at = (bucket: Bucket) => {
    const address: string = addressOf(account as AccountId, bucket);
    return changesAt(recorded, (candidate) => candidate === address);
  };
  const [available, held, reserved] = [at('available'), at('held'), at('reserved')];
  const assets = new Set([...available.keys(), ...held.keys(), ...reserved.keys()]);
  return [...assets].map((asset) => ({
    asset,
    available: available.get(asset) ?? 0n,
    held: held.get(asset) ?? 0n,
    reserved: reserved.get(asset) ?? 0n,
  }));
}

function statementRow(
  recorded: RecordedEvent,
  change: Change,
  balance: StatementBalanceRow,
): StatementRow {
  const transaction = transactionOf(recorded);
  return {
    ...balance,
    version: recorded.version,
    position: recorded.position,
    eventId: recorded.eventId,
    type: recorded.event.type,
    transactionId: transaction?.transactionId ?? '',
    availableChange: change.available,
    heldChange: change.held,
    reservedChange: change.reserved,
    effectiveAt: transaction?.effectiveAt ?? recorded.occurredAt,
    occurredAt: recorded.occurredAt,
    recordedAt: recorded.recordedAt,
    description: describeLine(recorded),
    deliveryId: deliveryOf(recorded),
  };
}

export const statementProjection: Projection = {
  name: 'statement',
  version: 1,
  tables: statementTables,
  tableNames: [statementTable.name, statementBalanceTable.name],
  apply: async (batch, session) => {
    const changes = batch.flatMap((recorded) =>
      statementChanges(recorded).map((change) => ({
        recorded,
        change,
        key: { accountId: accountOf(recorded) ?? '', asset: change.asset },
      })),
    );
    const balances = await workingRows(
      session,
      statementBalanceTable,
      changes.map(({ key }) => key),
    );
    const lines: StatementRow[] = [];
    for (const { recorded, change, key } of changes) {
      const before = balances.get(key);
      const after = {
        ...key,
        available: (before?.available ?? 0n) + change.available,
        held: (before?.held ?? 0n) + change.held,
        reserved: (before?.reserved ?? 0n) + change.reserved,
      };
      balances.put(after);
      lines.push(statementRow(recorded, change, after));
    }
    await balances.flush();
    await insertRows(session, statementTable, lines);
  },
};
