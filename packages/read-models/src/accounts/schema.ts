import type { AccountKind, Instant, ReferenceKind } from '@counterfoil/domain';
import { createTable, type TableShape } from '../table/table-shape.ts';

export type AccountStatus = 'active' | 'frozen' | 'closed';

export type AccountRow = Readonly<{
  accountId: string;
  kind: AccountKind;
  status: AccountStatus;
  statusReason: string | null;
  openedAt: Instant;
}>;

export const accountTable: TableShape<AccountRow> = {
  name: 'accounts',
  columns: {
    accountId: 'text',
    kind: 'text',
    status: 'text',
    statusReason: 'text?',
    openedAt: 'instant',
  },
  key: ['accountId'],
};

export type CreditLimitRow = Readonly<{ accountId: string; asset: string; units: bigint }>;

export const creditLimitTable: TableShape<CreditLimitRow> = {
  name: 'credit_limits',
  columns: { accountId: 'text', asset: 'text', units: 'units' },
  key: ['accountId', 'asset'],
};

/**
 * What is known of whose a reference is. A link by us counts first, then where its holder belongs,
 * then the account that keeps money naming it.
 */
export type ReferenceRow = Readonly<{
  provider: string;
  kind: ReferenceKind;
  externalId: string;
  linkedAccountId: string | null;
  holderKind: ReferenceKind | null;
  holderExternalId: string | null;
  usedAccountId: string | null;
}>;

export const referenceTable: TableShape<ReferenceRow> = {
  name: 'account_references',
  columns: {
    provider: 'text',
    kind: 'text',
    externalId: 'text',
    linkedAccountId: 'text?',
    holderKind: 'text?',
    holderExternalId: 'text?',
    usedAccountId: 'text?',
  },
  key: ['provider', 'kind', 'externalId'],
};

export const accountTables: readonly string[] = [
  createTable(accountTable),
  createTable(creditLimitTable),
  createTable(referenceTable),
  'create index on account_references (linked_account_id)',
  'create index on account_references (used_account_id)',
  'create index on account_references (provider, holder_kind, holder_external_id)',
];
