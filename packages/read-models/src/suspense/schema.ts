import type { Instant } from '@counterfoil/domain';
import { createTable, type TableShape } from '../table/table-shape.ts';

/** Whom a waiting account waits for. */
export type WaitingRow = Readonly<{
  stream: string;
  waitingId: string;
  provider: string;
  referenceKind: string | null;
  referenceExternalId: string | null;
}>;

export const waitingTable: TableShape<WaitingRow> = {
  name: 'waiting_accounts',
  columns: {
    stream: 'text',
    waitingId: 'text',
    provider: 'text',
    referenceKind: 'text?',
    referenceExternalId: 'text?',
  },
  key: ['stream'],
};

/** What waits there in one asset. */
export type SuspenseRow = Readonly<{
  stream: string;
  asset: string;
  units: bigint;
  /** When it last became more than nothing. */
  since: Instant;
  lastEventType: string;
  lastDeliveryId: string | null;
}>;

export const suspenseTable: TableShape<SuspenseRow> = {
  name: 'suspense_money',
  columns: {
    stream: 'text',
    asset: 'text',
    units: 'units',
    since: 'instant',
    lastEventType: 'text',
    lastDeliveryId: 'text?',
  },
  key: ['stream', 'asset'],
};

export const suspenseTables: readonly string[] = [
  createTable(waitingTable),
  createTable(suspenseTable),
];
