import type { Instant } from '@counterfoil/domain';
import { createTable, type TableShape } from '../table/table-shape.ts';

/** An open hold; a hold that is gone has no row. */
export type HoldRow = Readonly<{
  /** The stream that keeps the hold, an account's or one of suspense. */
  stream: string;
  holdId: string;
  accountId: string;
  provider: string;
  cardId: string;
  authorizationId: string;
  asset: string;
  units: bigint;
  isConfirmed: boolean;
  placedAt: Instant;
  expiresAt: Instant;
}>;

export const holdTable: TableShape<HoldRow> = {
  name: 'open_holds',
  columns: {
    stream: 'text',
    holdId: 'text',
    accountId: 'text',
    provider: 'text',
    cardId: 'text',
    authorizationId: 'text',
    asset: 'text',
    units: 'units',
    isConfirmed: 'flag',
    placedAt: 'instant',
    expiresAt: 'instant',
  },
  key: ['stream', 'holdId'],
};

export const holdTables: readonly string[] = [
  createTable(holdTable),
  'create index on open_holds (expires_at)',
];
