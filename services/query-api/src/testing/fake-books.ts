import {
  type AccountKind,
  checkpoint,
  err,
  formatUnits,
  ok,
  type Reference,
  referenceKey,
} from '@counterfoil/domain';
import { type Account, comparePositions, type Position } from '@counterfoil/read-models';
import type { CommandOutcome, LedgerCommands } from '../ports.ts';
import type { ReadModels } from '../read-models.ts';

export type FakeBooks = Readonly<{
  commands: Pick<
    LedgerCommands,
    | 'openAccount'
    | 'linkReference'
    | 'freezeAccount'
    | 'unfreezeAccount'
    | 'closeAccount'
    | 'setCreditLimit'
    | 'postAdjustment'
  >;
  readModels: Pick<ReadModels, 'position' | 'findAccount' | 'findAccountByReference'>;
  /** While true, what commands do does not show. */
  stall: (isStalled: boolean) => void;
}>;

/** Enough of a ledger to see what the API makes of its answers: one asset, no rules of money. */
export function fakeBooks(): FakeBooks {
  const accounts = new Map<string, Account>();
  const owners = new Map<string, string>();
  const posted = new Set<string>();
  let written = 0;
  let shown: Position = 'start';
  let isStalled = false;

  const done = (accountId: string): CommandOutcome => {
    written += 1;
    if (!isStalled) shown = checkpoint(String(written));
    return ok({ accountId: accountId as never, position: checkpoint(String(written)) });
  };
  const unchanged = (accountId: string): CommandOutcome =>
    ok({ accountId: accountId as never, position: null });
  const refused = (code: 'account-not-found' | 'account-exists' | 'account-not-empty') =>
    err({ code, message: `Refused: ${code}.` });
  const change = (accountId: string, changed: Partial<Account>): CommandOutcome => {
    const account = accounts.get(accountId);
    if (account === undefined) return refused('account-not-found');
    accounts.set(accountId, { ...account, ...changed });
    return done(accountId);
  };
  const link = (references: readonly Reference[], accountId: string): CommandOutcome | null => {
    const isElsewhere = (reference: Reference) =>
      (owners.get(referenceKey(reference)) ?? accountId) !== accountId;
    if (references.some(isElsewhere))
      return err({ code: 'reference-linked-elsewhere', message: 'It belongs to another account.' });
    for (const reference of references) owners.set(referenceKey(reference), accountId);
    return null;
  };

  return {
    stall: (value) => {
      isStalled = value;
    },
    commands: {
      openAccount: async ({ accountId: given, kind, references }, { commandId }) => {
        const accountId = given ?? `made-${commandId}`;
        const before = accounts.get(accountId);
        if (before !== undefined && before.kind !== kind) return refused('account-exists');
        const elsewhere = link(references, accountId);
        if (elsewhere !== null) return elsewhere;
        if (before !== undefined) return unchanged(accountId);
        accounts.set(accountId, opened(accountId, kind, references));
        return done(accountId);
      },
      linkReference: async ({ reference, accountId }) => {
        const account = accounts.get(accountId);
        if (account === undefined) return refused('account-not-found');
        return (
          link([reference], accountId) ??
          change(accountId, { references: [...account.references, reference] })
        );
      },
      freezeAccount: async ({ accountId, reason }) =>
        change(accountId, { status: 'frozen', reason }),
      unfreezeAccount: async ({ accountId }) =>
        change(accountId, { status: 'active', reason: null }),
      closeAccount: async ({ accountId, reason }) =>
        accounts.get(accountId)?.balances.length === 0
          ? change(accountId, { status: 'closed', reason })
          : refused('account-not-empty'),
      setCreditLimit: async ({ accountId, limit }) => {
        const amount = formatUnits(limit.units, limit.asset);
        return change(accountId, { creditLimits: [{ asset: limit.asset, amount }] });
      },
      postAdjustment: async ({ accountId, adjustmentId, amount: { asset, units }, direction }) => {
        if (posted.has(adjustmentId)) return unchanged(accountId);
        posted.add(adjustmentId);
        const amount = formatUnits(direction === 'credit' ? units : -units, asset);
        const balance = { asset, available: amount, held: '0.00', reserved: '0.00', total: amount };
        return change(accountId, { balances: [balance] });
      },
    },
    readModels: {
      position: async () => shown,
      findAccount: async (accountId) =>
        comparePositions(shown, 'start') === 0 ? null : (accounts.get(accountId) ?? null),
      findAccountByReference: async (reference) =>
        accounts.get(owners.get(referenceKey(reference)) ?? '') ?? null,
    },
  };
}

const opened = (
  accountId: string,
  kind: AccountKind,
  references: readonly Reference[],
): Account => ({
  accountId,
  kind,
  status: 'active',
  reason: null,
  openedAt: '2026-01-01T00:00:00.000Z',
  balances: [],
  creditLimits: [],
  references,
});
