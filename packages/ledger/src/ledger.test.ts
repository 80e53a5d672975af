import {
  accountId,
  type AccountKind,
  type CommandContext,
  commandId,
  correlationId,
  instant,
} from '@counterfoil/domain';
import { amountOf, deposits } from '@counterfoil/domain/testing';
import { inMemoryEventStore } from '@counterfoil/event-store';
import { systemClock } from '@counterfoil/runtime';
import { v5 } from 'uuid';
import { expect, test } from 'vitest';
import { ledgerCommands } from './ledger-commands.ts';
import { ledger } from './ledger.ts';

const contextOf = (id: string): CommandContext => ({
  commandId: commandId(v5(id, v5.URL)),
  correlationId: correlationId(id),
  now: instant(0),
});

test('notices of many things are recorded at once', async () => {
  const store = inMemoryEventStore({ clock: systemClock() });
  const { notices } = ledger({ store, unknownAccounts: 'open' });
  const names = Array.from({ length: 50 }, (_each, n) => `deposit-${n}`);
  const recorded = names.map((name) =>
    notices.handle(name, {
      type: 'RecordNotice',
      data: { event: deposits.confirmed(name, amountOf('1')) },
      context: contextOf(name),
    }),
  );
  for (const each of await Promise.all(recorded)) expect(each.ok).toBe(true);
});

const requestOf = (id: string) => ({ ...contextOf(id), actor: 'test' });

test('nothing is asked of an account in suspense, whether or not there is one', async () => {
  const store = inMemoryEventStore({ clock: systemClock() });
  const books = ledger({ store, unknownAccounts: 'suspend' });
  const [waiting, none] = [accountId('suspense.calypso.wallet.w'), accountId('suspense.none')];
  const owner = { place: 'suspense', accountId: waiting, provider: 'calypso' } as const;
  await books.suspense.handle(waiting, {
    type: 'OpenAccount',
    data: { owner, openedFor: null },
    context: contextOf('open'),
  });
  const head = await store.head();
  const { freezeAccount, openAccount } = ledgerCommands(books);
  for (const id of [waiting, none]) {
    const refused = { ok: false, error: { code: 'account-not-found' } };
    const freeze = { accountId: id, reason: 'test' };
    expect(await freezeAccount(freeze, requestOf(`freeze ${id}`))).toMatchObject(refused);
    const account = { accountId: id, kind: 'player', references: [] } as const;
    expect(await openAccount(account, requestOf(`open ${id}`))).toMatchObject(refused);
  }
  expect(await store.head()).toBe(head);
});

test('of those who open one id at once as different kinds one gets it', async () => {
  const store = inMemoryEventStore({ clock: systemClock() });
  const { openAccount } = ledgerCommands(ledger({ store, unknownAccounts: 'open' }));
  const open = (kind: AccountKind, attempt: string) =>
    openAccount({ accountId: accountId('race'), kind, references: [] }, requestOf(attempt));
  const kinds = ['player', 'merchant', 'holder'] as const;
  const opened = await Promise.all(kinds.map((kind) => open(kind, kind)));
  expect(opened.map((outcome) => (outcome.ok ? 'opened' : outcome.error.code))).toEqual([
    'opened',
    'account-exists',
    'account-exists',
  ]);
  expect(await open('player', 'again')).toMatchObject({ ok: true });
});
