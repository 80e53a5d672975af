import { createTable, type TableShape } from '../table/table-shape.ts';

/** What an address received and gave in an asset; its balance is `input - output`. */
export type AddressBalanceRow = Readonly<{
  address: string;
  asset: string;
  input: bigint;
  output: bigint;
}>;

export const balanceTable: TableShape<AddressBalanceRow> = {
  name: 'balances',
  columns: { address: 'text', asset: 'text', input: 'units', output: 'units' },
  key: ['address', 'asset'],
};

export const balanceTables: readonly string[] = [createTable(balanceTable)];
