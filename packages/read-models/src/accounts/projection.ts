import type { Reference } from '@counterfoil/domain';
import { accountOf, type RecordedEvent } from '../ledger-event.ts';
import type { Projection } from '../projection.ts';
import { type WorkingRows, workingRows } from '../table/working-rows.ts';
import {
  type AccountRow,
  accountTable,
  accountTables,
  type CreditLimitRow,
  creditLimitTable,
  type ReferenceRow,
  referenceTable,
} from './schema.ts';

type AccountsBatch = Readonly<{
  accounts: WorkingRows<AccountRow>;
  limits: WorkingRows<CreditLimitRow>;
  references: WorkingRows<ReferenceRow>;
}>;

export const accountsProjection: Projection = {
  name: 'accounts',
  version: 1,
  tables: accountTables,
  tableNames: [accountTable.name, creditLimitTable.name, referenceTable.name],
  apply: async (batch, session) => {
    const rows: AccountsBatch = {
      accounts: await workingRows(session, accountTable, batch.flatMap(accountKeys)),
      limits: await workingRows(session, creditLimitTable, []),
      references: await workingRows(session, referenceTable, batch.flatMap(referencesNamedBy)),
    };
    for (const recorded of batch) applyEvent(rows, recorded);
    await rows.accounts.flush();
    await rows.limits.flush();
    await rows.references.flush();
  },
};

function applyEvent(rows: AccountsBatch, recorded: RecordedEvent): void {
  const { event } = recorded;
  switch (event.type) {
    case 'AccountOpened': {
      const { owner, openedFor } = event.data;
      if (owner.place === 'suspense') return;
      const { accountId, kind } = owner;
      const openedAt = recorded.occurredAt;
      rows.accounts.put({ accountId, kind, status: 'active', statusReason: null, openedAt });
      if (openedFor !== null) changeReference(rows, openedFor, { usedAccountId: accountId });
      return;
    }
    case 'AccountFrozen':
      return changeAccount(rows, recorded, { status: 'frozen', statusReason: event.data.reason });
    case 'AccountUnfrozen':
      return changeAccount(rows, recorded, { status: 'active', statusReason: null });
    case 'AccountClosed':
      return changeAccount(rows, recorded, { status: 'closed', statusReason: event.data.reason });
    case 'CreditLimitSet': {
      const accountId = accountOf(recorded);
      const { asset, units } = event.data.limit;
      if (accountId !== null) rows.limits.put({ accountId, asset, units });
      return;
    }
    case 'ReferenceLinked': {
      const linkedAccountId = event.data.accountId;
      return changeReference(rows, event.data.reference, { linkedAccountId });
    }
    case 'ReferenceUsed':
      return changeReference(rows, event.data.reference, { usedAccountId: event.data.accountId });
    case 'ReferenceHolderNamed': {
      const { kind, externalId } = event.data.holder;
      const change = { holderKind: kind, holderExternalId: externalId };
      return changeReference(rows, event.data.reference, change);
    }
    default:
      return;
  }
}

const accountKeys = (recorded: RecordedEvent): readonly Pick<AccountRow, 'accountId'>[] => {
  const accountId = accountOf(recorded);
  return accountId === null ? [] : [{ accountId }];
};

function referencesNamedBy({ event }: RecordedEvent): readonly Reference[] {
  switch (event.type) {
    case 'AccountOpened':
      return event.data.openedFor === null ? [] : [event.data.openedFor];
    case 'ReferenceLinked':
    case 'ReferenceUsed':
    case 'ReferenceHolderNamed':
      return [event.data.reference];
    default:
      return [];
  }
}

function changeAccount(
  rows: AccountsBatch,
  recorded: RecordedEvent,
  change: Pick<AccountRow, 'status' | 'statusReason'>,
): void {
  const accountId = accountOf(recorded);
  const known = accountId === null ? undefined : rows.accounts.get({ accountId });
  if (known !== undefined) rows.accounts.put({ ...known, ...change });
}

function changeReference(
  rows: AccountsBatch,
  reference: Reference,
  change: Partial<ReferenceRow>,
): void {
  const { provider, kind, externalId } = reference;
  const unknown = {
    provider,
    kind,
    externalId,
    linkedAccountId: null,
    holderKind: null,
    holderExternalId: null,
    usedAccountId: null,
  };
  rows.references.put({ ...(rows.references.get(reference) ?? unknown), ...change });
}
