import { transactionOf, type RecordedEvent } from '../ledger-event.ts';
import type { Projection } from '../projection.ts';
import { workingRows } from '../table/working-rows.ts';
import { type AddressBalanceRow, balanceTable, balanceTables } from './schema.ts';

/** What a batch adds, one row for each address and asset: a hot address costs one write. */
function balanceChanges(batch: readonly RecordedEvent[]): readonly AddressBalanceRow[] {
  const changes = new Map<string, AddressBalanceRow>();
  const add = (address: string, asset: string, input: bigint, output: bigint) => {
    const key = `${address} ${asset}`;
    const known = changes.get(key) ?? { address, asset, input: 0n, output: 0n };
    changes.set(key, { ...known, input: known.input + input, output: known.output + output });
  };
  for (const recorded of batch)
    for (const { source, destination, amount } of transactionOf(recorded)?.postings ?? []) {
      add(source, amount.asset, 0n, amount.units);
      add(destination, amount.asset, amount.units, 0n);
    }
  return [...changes.values()];
}

export const balancesProjection: Projection = {
  name: 'balances',
  version: 1,
  tables: balanceTables,
  tableNames: [balanceTable.name],
  apply: async (batch, session) => {
    const changes = balanceChanges(batch);
    const rows = await workingRows(session, balanceTable, changes);
    for (const change of changes) {
      const known = rows.get(change);
      rows.put({
        ...change,
        input: (known?.input ?? 0n) + change.input,
        output: (known?.output ?? 0n) + change.output,
      });
    }
    await rows.flush();
  },
};
