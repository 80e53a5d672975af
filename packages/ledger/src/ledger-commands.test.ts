import {
  accountId,
  type AccountKind,
  commandId,
  correlationId,
  instant,
  type Reference,
  referenceKey,
} from '@counterfoil/domain';
import { amountOf, referenceOf } from '@counterfoil/domain/testing';
import { inMemoryEventStore } from '@counterfoil/event-store';
import { systemClock } from '@counterfoil/runtime';
import { v5 } from 'uuid';
import { describe, expect, test } from 'vitest';
import { ledgerCommands } from './ledger-commands.ts';
import { ledger } from './ledger.ts';

const [wallet, client] = [
  referenceOf('cryptofuse', 'wallet', 'wallet-1'),
  referenceOf('cryptofuse', 'client', 'client-1'),
];

/** One log, and processes on it that know nothing of each other. */
function oneStore() {
  const store = inMemoryEventStore({ clock: systemClock() });
  let requests = 0;
  const request = () => {
    const id = commandId(v5(`request ${(requests += 1)}`, v5.URL));
    return { commandId: id, correlationId: correlationId(id), now: instant(0), actor: 'test' };
  };
  const process = () => {
    const books = ledger({ store, unknownAccounts: 'open' });
    const commands = ledgerCommands(books);
    return {
      books,
      open: (id: string | null, references: readonly Reference[], kind: AccountKind = 'player') =>
        commands.openAccount(
          { accountId: id === null ? null : accountId(id), kind, references },
          request(),
        ),
      fund: (id: string, amount: string) =>
        commands.postAdjustment(
          {
            accountId: accountId(id),
            adjustmentId: `fund ${id} ${amount}`,
            amount: amountOf(amount),
            direction: 'credit',
            reason: 'test',
            effectiveAt: null,
          },
          request(),
        ),
      order: (id: string, orderId: string, amount: string) =>
        commands.placeOrder(
          {
            accountId: accountId(id),
            order: {
              kind: 'withdrawal',
              provider: 'cryptofuse',
              orderId,
              amount: amountOf(amount),
              fee: amountOf('0'),
            },
          },
          request(),
        ),
    };
  };
  const opened = async () => {
    const { events } = await store.readAll({ after: 'start', limit: 1_000 });
    return events
      .filter(({ event }) => event.type === 'AccountOpened')
      .map(({ stream }) => stream.slice('account-'.length))
      .sort();
  };
  return { process, opened };
}

const refusedAs = (code: string) => ({ ok: false, error: { code } });

describe('an account that several open at once for one reference', () => {
  test('without an id is one account, whoever is first', async () => {
    for (const lists of [
      [[wallet], [wallet], [wallet]],
      [
        [client, wallet],
        [wallet, client],
      ],
    ]) {
      const { process, opened } = oneStore();
      const answers = await Promise.all(lists.map((named) => process().open(null, named)));
      const ids = answers.map((answer) => (answer.ok ? answer.value.accountId : answer.error.code));
      expect(new Set(ids).size).toBe(1);
      expect(await opened()).toEqual([ids[0]]);
    }
  });

  test('under several ids belongs to one; the others are empty, refused again, and of use', async () => {
    const { process, opened } = oneStore();
    const both = () =>
      Promise.all(['p', 'q'].map((id) => process().open(id, [wallet]))).then((answers) =>
        answers.map((answer) => (answer.ok ? 'opened' : answer.error.code)),
      );
    const first = await both();
    expect([...first].sort()).toEqual(['opened', 'reference-linked-elsewhere']);
    expect(await both()).toEqual(first);
    expect(await opened()).toEqual(['p', 'q']);
    const loser = first[0] === 'opened' ? 'q' : 'p';
    const { books, open } = process();
    expect((await books.references.load(referenceKey(wallet))).linkedTo).not.toBe(loser);
    expect(await open(loser, [client])).toMatchObject({ ok: true });
  });
});

describe('of two orders that are placed at once and covered only one by one', () => {
  test('the refused one is refused again, and taken under its id when there is money', async () => {
    const { process } = oneStore();
    const [left, right] = [process(), process()];
    await left.open('player', []);
    await left.fund('player', '30');
    const both = await Promise.all([
      left.order('player', 'o1', '30'),
      right.order('player', 'o2', '30'),
    ]);
    const refused = both[0].ok ? 'o2' : 'o1';
    expect(both.find(({ ok }) => !ok)).toMatchObject(refusedAs('insufficient-funds'));
    const again = () => process().order('player', refused, '30');
    expect(await again()).toMatchObject(refusedAs('insufficient-funds'));
    await right.fund('player', '31');
    expect(await again()).toMatchObject({ ok: true });
    expect(await again()).toMatchObject({ ok: true });
  });

  test('the id of the refused one stays with its account', async () => {
    const { process } = oneStore();
    const [left, right] = [process(), process()];
    await left.open('player', []);
    await left.open('rich', []);
    await left.fund('player', '30');
    await left.fund('rich', '100');
    const both = await Promise.all([
      left.order('player', 'o1', '30'),
      right.order('player', 'o2', '30'),
    ]);
    const refused = both[0].ok ? 'o2' : 'o1';
    const elsewhere = await process().order('rich', refused, '30');
    expect(elsewhere).toMatchObject(refusedAs('reference-linked-elsewhere'));
  });
});
