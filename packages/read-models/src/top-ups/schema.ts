import type { Instant } from '@counterfoil/domain';
import { createTable, type TableShape } from '../table/table-shape.ts';

/** What tells the credit of a top-up from others; null where the provider does not say. */
export type CreditTraits = Readonly<{
  provider: string;
  /** The provider's account, not ours. */
  account: string | null;
  asset: string | null;
  units: bigint | null;
}>;

/** A deposit that another fact credits, without an id in common. */
export type TopUpRow = CreditTraits &
  Readonly<{
    depositId: string;
    /** Null while only its failure was told. */
    completedAt: Instant | null;
    /** When its completion was first recorded, and by which delivery. */
    toldAt: Instant | null;
    deliveryId: string | null;
    isFailed: boolean;
    /** Equal for those that the same credits may belong to. */
    pairingKey: string | null;
    /** The `depositId` of the credit that is taken for its own. */
    creditId: string | null;
    /** It is completed, could have been paired, and no credit is left for it. */
    isAwaited: boolean;
  }>;

export const topUpTable: TableShape<TopUpRow> = {
  name: 'top_ups',
  columns: {
    provider: 'text',
    depositId: 'text',
    account: 'text?',
    asset: 'text?',
    units: 'units?',
    completedAt: 'instant?',
    toldAt: 'instant?',
    deliveryId: 'text?',
    isFailed: 'flag',
    pairingKey: 'text?',
    creditId: 'text?',
    isAwaited: 'flag',
  },
  key: ['provider', 'depositId'],
};

/** Money that reached an account at a provider. */
export type TopUpCreditRow = Readonly<{
  provider: string;
  depositId: string;
  account: string;
  asset: string;
  units: bigint;
  deliveredAt: Instant;
}>;

export const topUpCreditTable: TableShape<TopUpCreditRow> = {
  name: 'top_up_credits',
  columns: {
    provider: 'text',
    depositId: 'text',
    account: 'text',
    asset: 'text',
    units: 'units',
    deliveredAt: 'instant',
  },
  key: ['provider', 'depositId'],
};

export const topUpTables: readonly string[] = [
  createTable(topUpTable),
  createTable(topUpCreditTable),
  'create index on top_ups (pairing_key, completed_at)',
  'create index on top_ups (told_at) where is_awaited',
  'create index on top_up_credits (provider, account, delivered_at)',
  'create index on top_up_credits (provider, asset, units, delivered_at)',
];
