import {
  amountOf,
  canonicalEvent,
  contextOf,
  cryptomate,
  deposits,
  fourpay,
  noon,
  payouts,
  referenceOf,
  transferred,
  withdrawals,
} from '@counterfoil/domain/testing';
import { accountId, type CanonicalEvent, referenceKey } from '@counterfoil/domain';
import { nameHolder, prepareOwner, resolveOwner } from '@counterfoil/ledger';
import { describe, expect, test } from 'vitest';
import { sharedStore } from './testing/shared-store.ts';

const wallet = referenceOf('cryptofuse', 'wallet', 'wallet-1');
const merchant = referenceOf('cryptofuse', 'account', 'main');
const client = referenceOf('cryptofuse', 'client', 'client-1');
const card = referenceOf('cryptomate', 'card', 'card-1');
const thirty = amountOf('30');

describe('money that names', () => {
  test('a linked reference goes to its account, and the closest name counts', async () => {
    const { startProcess } = sharedStore();
    const process = startProcess();
    await process.open('player', wallet);
    await process.open('house', merchant);
    await process.record(deposits.confirmed('d1', thirty, { owners: [wallet, client, merchant] }));
    expect(await process.money('player')).toBe('30.00 0.00 0.00');
  });

  test.each([
    ['open', 'auto.cryptofuse.client.client-1'],
    ['suspend', 'suspense.cryptofuse.client.client-1'],
  ] as const)(
    'nobody we know is kept for its client (unknown accounts = %s)',
    async (policy, id) => {
      const { startProcess, totals } = sharedStore(policy);
      const process = startProcess();
      await process.record(deposits.confirmed('d1', thirty, { owners: [wallet, client] }));
      expect(await process.money(id)).toBe('30.00 0.00 0.00');
      await process.open('player');
      await process.link('player', wallet);
      expect(await process.money('player')).toBe('30.00 0.00 0.00');
      expect([...(await totals()).keys()].filter((at) => /auto|suspense|transit/.test(at))).toEqual(
        [],
      );
    },
  );

  test('a card whose holder the provider names goes where the holder’s money goes', async () => {
    const { startProcess } = sharedStore();
    const process = startProcess();
    const holder = referenceOf('4pay', 'client', 'owner-1');
    await process.record(fourpay.refunded('r1', thirty));
    expect(await process.money('auto.4pay.card.card-1')).toBe('30.00 0.00 0.00');
    const status = fourpay.status('active', noon);
    await process.record({ ...status, data: { ...status.data, holder } });
    expect(await process.money('auto.4pay.client.owner-1')).toBe('30.00 0.00 0.00');
    await process.open('player', holder);
    await process.record(fourpay.refunded('r2', thirty));
    expect(await process.money('player')).toBe('60.00 0.00 0.00');
  });
});

describe('an order whose events name its owner unequally', () => {
  const full = withdrawals.requested('w1', thirty, { owners: [wallet, merchant] });
  const bare = withdrawals.completed('w1', null, { owners: [merchant] });

  test.each([
    ['the closer first', [full, bare]],
    ['the closer last', [bare, full]],
  ] as const)('is in the account that the closest of them names: %s', async (_order, events) => {
    const { startProcess, totals } = sharedStore();
    const process = startProcess();
    await process.open('player', wallet);
    await process.open('house', merchant);
    for (const event of events) await process.record(event);
    expect(await process.money('player')).toBe('-30.00 0.00 0.00');
    expect(await process.money('house')).toBe('0.00 0.00 0.00');
    expect((await totals()).get('platform:transit USD')).toBeUndefined();
  });

  test('follows when the closer name is linked only afterwards', async () => {
    for (const events of [
      [full, bare],
      [bare, full],
    ]) {
      const { startProcess } = sharedStore();
      const process = startProcess();
      await process.open('house', merchant);
      for (const event of events) await process.record(event);
      expect(await process.money('house')).toBe('-30.00 0.00 0.00');
      await process.open('player', wallet);
      expect(await process.money('player')).toBe('-30.00 0.00 0.00');
      await process.record(withdrawals.failed('w1', { owners: [merchant] }));
      expect(await process.money('house')).toBe('0.00 0.00 0.00');
    }
  });
});

test('an order that moved with a wallet is found there by events that name the house alone', async () => {
  const { startProcess } = sharedStore();
  const process = startProcess();
  await process.open('house', merchant);
  await process.record(withdrawals.requested('w1', thirty, { owners: [wallet, merchant] }));
  expect(await process.money('house')).toBe('-30.00 0.00 30.00');
  await process.open('player', wallet);
  await process.record(withdrawals.completed('w1', null, { owners: [merchant] }));
  expect(await process.money('house')).toBe('0.00 0.00 0.00');
  expect(await process.money('player')).toBe('-30.00 0.00 0.00');
});

describe('a holder that nobody has linked', () => {
  const own = referenceOf('4pay', 'card', 'card-1');
  const house = referenceOf('4pay', 'account', 'main');
  const status = fourpay.status('active', noon);
  const named = {
    ...status,
    data: { ...status.data, holder: referenceOf('4pay', 'client', 'owner-1') },
  };
  const refund = (id: string) => fourpay.refunded(id, thirty);

  test('takes nothing away from an account that somebody has linked', async () => {
    for (const isNamedFirst of [true, false]) {
      const { startProcess } = sharedStore();
      const process = startProcess();
      await process.open('house', house);
      if (isNamedFirst) await process.record(named);
      await process.record({ ...refund('r1'), owners: [own, house] });
      if (!isNamedFirst) await process.record(named);
      expect(await process.money('house')).toBe('30.00 0.00 0.00');
    }
  });

  test('is seen by a process that looked when nobody had named it yet', async () => {
    const { startProcess } = sharedStore();
    const [left, right] = [startProcess(), startProcess()];
    await right.books.references.load('4pay:card:card-1');
    await left.record(named);
    await right.record(refund('r1'));
    expect(await right.money('auto.4pay.client.owner-1')).toBe('30.00 0.00 0.00');
  });

  test.each(Array.from({ length: 8 }, (_each, n) => [n] as const))(
    'takes everything that was kept for the card, also while it comes in (%i)',
    async (seed) => {
      const { startProcess, totals } = sharedStore();
      const [left, right] = [startProcess(), startProcess()];
      const steps = ['r1', 'r2', 'r3', 'r4'].map((id) => () => right.record(refund(id)));
      await right.record(refund('r0'));
      steps.splice(seed % 5, 0, () => left.record(named));
      await Promise.all(steps.map((step) => step()));
      await right.finish();
      const at = 'accounts:auto.4pay.client.owner-1:available USD';
      expect((await totals()).get(at)).toBe(amountOf('150').units);
    },
  );
});

test('a reference that counts less takes nothing from the linked one, and stops nothing', async () => {
  const { startProcess } = sharedStore();
  const process = startProcess();
  const order = referenceOf('cryptofuse', 'withdrawal', 'w1');
  await process.open('player', order, client);
  await process.record(withdrawals.requested('w1', thirty, { owners: [wallet, client] }));
  await process.record(deposits.confirmed('d1', amountOf('100'), { owners: [wallet, client] }));
  await process.open('other', wallet);
  expect(await process.money('player')).toBe('-30.00 0.00 30.00');
  expect(await process.money('other')).toBe('100.00 0.00 0.00');
  await process.record(withdrawals.completed('w1', null, { owners: [wallet, client] }));
  expect(await process.money('player')).toBe('-30.00 0.00 0.00');
});

describe('a transfer', () => {
  const to = referenceOf('cryptofuse', 'wallet', 'wallet-2');
  const event = (isOutsidePossible: boolean) => {
    const told = transferred('x1', thirty, wallet, to);
    return { ...told, data: { ...told.data, isOutsidePossible } };
  };

  test('posts both ends, once', async () => {
    const { startProcess, totals } = sharedStore();
    const process = startProcess();
    await process.open('sender', wallet);
    await process.open('receiver', to);
    await process.record(event(true));
    await process.record(event(true));
    expect(await process.money('sender')).toBe('-30.00 0.00 0.00');
    expect(await process.money('receiver')).toBe('30.00 0.00 0.00');
    expect((await totals()).get('platform:transit USD')).toBeUndefined();
  });

  test('that left the house is given no other end when it is told again after a link', async () => {
    const { startProcess, totals } = sharedStore();
    const process = startProcess();
    await process.open('sender', wallet);
    await process.record(event(true));
    await process.open('receiver', to);
    await process.record(event(true));
    expect(await process.money('sender')).toBe('-30.00 0.00 0.00');
    expect(await process.money('receiver')).toBe('0.00 0.00 0.00');
    expect((await totals()).get('platform:transit USD')).toBeUndefined();
  });

  test.each(['it', 'its holder'])(
    'stays in the house where another process has linked %s meanwhile',
    async (linked) => {
      const { startProcess } = sharedStore();
      const [writer, other] = [startProcess(), startProcess()];
      const holder = referenceOf('cryptofuse', 'client', 'receiver');
      await writer.open('sender', wallet);
      // The writer has seen both while nobody had linked them or named the holder.
      await writer.books.references.load(referenceKey(to));
      await writer.books.references.load(referenceKey(holder));
      if (linked !== 'it')
        await nameHolder(other.books, { reference: to, holder }, other.request());
      await other.open('receiver', linked === 'it' ? to : holder);
      await writer.record(event(true));
      const fresh = startProcess();
      expect(await fresh.money('sender')).toBe('-30.00 0.00 0.00');
      expect(await fresh.money('receiver')).toBe('30.00 0.00 0.00');
    },
  );
});

describe('an authorization request that nobody answered', () => {
  test('is recorded as declined, and the later approval of the provider holds all the same', async () => {
    const { startProcess } = sharedStore();
    const process = startProcess();
    await process.open('player', card);
    await process.record(cryptomate.requested('ask_1', thirty));
    expect(await process.money('player')).toBe('0.00 0.00 0.00');
    await process.record(cryptomate.confirmed('ok_1', thirty));
    expect(await process.money('player')).toBe('-30.00 30.00 0.00');
  });
});

describe('an order of the platform', () => {
  const order = (amount: string) => ({
    kind: 'payout' as const,
    provider: 'cryptofuse' as const,
    orderId: 'p1',
    amount: amountOf(amount),
    fee: amountOf('0'),
  });
  const place = (
    process: ReturnType<ReturnType<typeof sharedStore>['startProcess']>,
    id: string,
    amount: string,
  ) =>
    process.commands.placeOrder(
      { accountId: accountId(id), order: order(amount) },
      process.request(),
    );

  test('that is refused may be placed again under its id, by another account', async () => {
    const { startProcess } = sharedStore();
    const process = startProcess();
    await process.open('poor');
    await process.open('rich', wallet);
    await process.record(deposits.confirmed('d1', thirty));
    expect(await place(process, 'poor', '30')).toMatchObject({
      error: { code: 'insufficient-funds' },
    });
    expect(await place(process, 'nobody', '30')).toMatchObject({
      error: { code: 'account-not-found' },
    });
    expect(await place(process, 'rich', '30')).toMatchObject({ ok: true });
    expect(await process.money('rich')).toBe('0.00 0.00 30.00');
  });

  test('that the provider told of first takes over what was kept for it', async () => {
    const { startProcess } = sharedStore();
    const process = startProcess();
    await process.open('player');
    await process.open('house', merchant);
    await process.record(payouts.completed('p1', null, { owners: [merchant] }));
    expect(await place(process, 'player', '30')).toMatchObject({ ok: true });
    expect(await process.money('player')).toBe('-30.00 0.00 0.00');
  });
});

describe('a completion that is told with our id of the order and again without it', () => {
  const order = {
    kind: 'withdrawal',
    provider: 'cryptofuse',
    orderId: 'WD-9',
    amount: thirty,
    fee: amountOf('0'),
  } as const;
  const place = (process: ReturnType<ReturnType<typeof sharedStore>['startProcess']>) =>
    process.commands.placeOrder({ accountId: accountId('player'), order }, process.request());
  const full = withdrawals.completed('w1', thirty, { owners: [merchant], names: ['WD-9'] });
  const bare = withdrawals.completed('w1', thirty, { owners: [merchant], body: 'status' });

  test('debits the account of the order, and no other', async () => {
    const { startProcess, totals } = sharedStore();
    const process = startProcess();
    await process.open('player', wallet);
    await process.record(deposits.confirmed('d1', thirty, { owners: [wallet] }));
    expect(await place(process)).toMatchObject({ ok: true });
    for (const event of [full, bare]) await process.record(event);
    expect(await process.money('player')).toBe('0.00 0.00 0.00');
    expect((await totals()).get('providers:cryptofuse:account USD')).toBeUndefined();
  });

  test('debits it also when the order is placed after the provider told of it', async () => {
    const { startProcess, totals } = sharedStore();
    const process = startProcess();
    await process.open('player', wallet);
    await process.record(deposits.confirmed('d1', thirty, { owners: [wallet] }));
    await process.record(
      withdrawals.requested('w1', thirty, { owners: [merchant], names: ['WD-9'] }),
    );
    expect(await place(process)).toMatchObject({ ok: true });
    await process.record(bare);
    expect(await process.money('player')).toBe('0.00 0.00 0.00');
    expect((await totals()).get('providers:cryptofuse:account USD')).toBeUndefined();
  });

  test('leaves an id of the provider where somebody has linked it', async () => {
    const { startProcess } = sharedStore();
    const process = startProcess();
    await process.open('player', wallet);
    await process.open('other', referenceOf('cryptofuse', 'withdrawal', 'w1'));
    await process.record(deposits.confirmed('d1', thirty, { owners: [wallet] }));
    expect(await place(process)).toMatchObject({ ok: true });
    await process.record({ ...full, owners: full.owners.toReversed() });
    await process.record(bare);
    expect(await process.money('player')).toBe('0.00 0.00 0.00');
  });
});

describe('a process whose memory is old', () => {
  const start = () => {
    const { startProcess } = sharedStore();
    return [startProcess(), startProcess()] as const;
  };
  const withdrawal = {
    kind: 'withdrawal' as const,
    provider: 'cryptofuse' as const,
    orderId: 'o1',
    amount: thirty,
    fee: amountOf('0'),
  };
  const placed = (process: ReturnType<typeof start>[0], id: string) =>
    process.commands.placeOrder({ accountId: accountId(id), order: withdrawal }, process.request());

  test('takes an order that the latest balance covers', async () => {
    const [api, writer] = start();
    await api.open('player', wallet);
    await writer.record(deposits.confirmed('d1', thirty));
    expect(await api.money('player')).toBe('0.00 0.00 0.00');
    expect(await placed(api, 'player')).toMatchObject({ ok: true });
    expect(await api.money('player')).toBe('0.00 0.00 30.00');
  });

  test('links no order that the latest balance does not cover', async () => {
    const [api, writer] = start();
    await api.open('player', wallet);
    await api.record(deposits.confirmed('d1', thirty));
    await writer.record(withdrawals.requested('w1', thirty));
    const refused = { error: { code: 'insufficient-funds' } };
    expect(await placed(api, 'player')).toMatchObject(refused);
    await api.open('rich', client);
    await api.record(deposits.confirmed('d2', thirty, { owners: [client] }));
    expect(await placed(api, 'rich')).toMatchObject({ ok: true });
  });

  test('records again, where it belongs now, what it had begun before another process linked', async () => {
    const [writer, other] = start();
    const event = deposits.confirmed('d1', thirty);
    const context = contextOf(event.eventId);
    // As if the writer's database had failed it between the two steps.
    await prepareOwner(writer.books, await resolveOwner(writer.books, event.owners), context);
    await other.open('player', wallet);
    await writer.record(event);
    expect(await writer.money('player')).toBe('30.00 0.00 0.00');
  });

  test('links to an account that another process has opened', async () => {
    const [api, other] = start();
    const link = () =>
      api.commands.linkReference({ reference: wallet, accountId: accountId('p') }, api.request());
    expect(await link()).toMatchObject({ error: { code: 'account-not-found' } });
    await other.open('p');
    expect(await link()).toMatchObject({ ok: true });
  });

  test('does not open an account that another process has opened as another kind', async () => {
    const [api, other] = start();
    await api.books.accounts.load('p');
    await other.open('p');
    const opened = await api.commands.openAccount(
      { accountId: accountId('p'), kind: 'merchant', references: [] },
      api.request(),
    );
    expect(opened).toMatchObject({ error: { code: 'account-exists' } });
  });

  test('finds the account that another process has linked a reference to, and opens none', async () => {
    const [api, other] = start();
    await api.books.references.load(referenceKey(wallet));
    await other.open('p', wallet);
    const open = (id: string | null) =>
      api.commands.openAccount(
        { accountId: id === null ? null : accountId(id), kind: 'player', references: [wallet] },
        api.request(),
      );
    expect(await open('q')).toMatchObject({ error: { code: 'reference-linked-elsewhere' } });
    expect((await api.books.accounts.load('q')).owner).toBeNull();
    expect(await open(null)).toMatchObject({ value: { accountId: 'p' } });
  });
});

describe('two processes on one store', () => {
  const facts: readonly CanonicalEvent[] = [
    deposits.confirmed('d1', amountOf('100'), { owners: [wallet, client] }),
    deposits.confirmed('d2', amountOf('7'), { owners: [wallet] }),
    withdrawals.requested('w1', thirty, { owners: [wallet, client] }),
    withdrawals.progressed('w1', { owners: [client] }),
    withdrawals.completed('w1', null, { owners: [wallet] }),
    withdrawals.requested('w2', amountOf('5'), { owners: [wallet, client] }),
    deposits.delivered('d3', amountOf('3'), { owners: [client] }),
  ];
  const expected = '75.00 0.00 5.00';

  test.each(Array.from({ length: 12 }, (_each, n) => [n] as const))(
    'record the same facts while references are linked: nothing posts twice, nothing is left (%i)',
    async (seed) => {
      const { startProcess, totals, log } = sharedStore(seed % 2 === 0 ? 'open' : 'suspend');
      const [left, right] = [startProcess(), startProcess()];
      await left.open('player');
      const turned = facts.map((_fact, n) => facts[(n * 3 + seed) % facts.length]);
      const both = turned.flatMap((fact, n) => {
        if (fact === undefined) return [];
        const process = (n + seed) % 2 === 0 ? left : right;
        const other = process === left ? right : left;
        return [() => process.record(fact), () => other.record(fact)];
      });
      const links = [() => left.link('player', wallet), () => right.link('player', client)];
      const steps = [...both];
      steps.splice(seed, 0, ...links);
      await Promise.all(steps.map((step) => step()));
      // A process that saw the log end brings to its end what a race left open.
      await right.finish();
      const fresh = startProcess();
      expect(await fresh.money('player')).toBe(expected);
      const rest = [...(await totals())].filter(([at]) => /auto|suspense|transit/.test(at));
      expect(rest).toEqual([]);
      const ids = (await log()).flatMap(({ event }) => {
        const { effect } = event.data as {
          effect?: { transaction: { transactionId: string } | null };
        };
        return effect?.transaction ? [effect.transaction.transactionId] : [];
      });
      expect(ids.length).toBe(new Set(ids).size);
    },
  );

  test('that both decide one request give one answer and place one hold', async () => {
    const { startProcess } = sharedStore();
    const [left, right] = [startProcess(), startProcess()];
    await left.open('player', card);
    await left.record(cryptomate.refunded('ref_1', amountOf('100')));
    const request = cryptomate.confirmed('ok_1', thirty);
    await Promise.all([left.record(request), right.record(request), left.record(request)]);
    expect(await startProcess().money('player')).toBe('70.00 30.00 0.00');
  });
});

describe('a move that a dead process began is finished', () => {
  const holder = referenceOf('4pay', 'client', 'owner-1');
  const status = fourpay.status('active', noon);
  const named = { ...status, data: { ...status.data, holder } };
  const posted = ['accounts:player:available USD', 'providers:4pay:clearing USD'];
  /** As if the process had died right after the link was stored. */
  const linkAlone = (process: ReturnType<ReturnType<typeof sharedStore>['startProcess']>) =>
    process.books.references.handle('cryptofuse:wallet:wallet-1', {
      type: 'LinkReference',
      data: { reference: wallet, accountId: accountId('player'), actor: 'test' },
      context: process.request(),
    });

  test('by the next one', async () => {
    const { startProcess, totals } = sharedStore();
    const process = startProcess();
    await process.record(deposits.confirmed('d1', thirty, { owners: [wallet] }));
    await process.open('player');
    await linkAlone(process);
    expect(await process.money('player')).toBe('0.00 0.00 0.00');
    const next = startProcess();
    await next.finish();
    expect(await next.money('player')).toBe('30.00 0.00 0.00');
    expect((await totals()).get('platform:transit USD')).toBeUndefined();
  });

  test('by one that has known the reference from before the link', async () => {
    const { startProcess } = sharedStore();
    const [writer, api] = [startProcess(), startProcess()];
    await writer.record(deposits.confirmed('d1', thirty, { owners: [wallet] }));
    await api.open('player');
    await linkAlone(api);
    await writer.finish();
    expect(await startProcess().money('player')).toBe('30.00 0.00 0.00');
  });

  test('by the same event given again', async () => {
    const { startProcess, totals } = sharedStore();
    await startProcess().record(fourpay.refunded('r1', thirty));
    const killed = startProcess({ diesBefore: 'MoneyMovedOut' }).record(named);
    await expect(killed).rejects.toThrow('killed');
    const next = startProcess();
    await next.record(named);
    expect(await next.money('auto.4pay.client.owner-1')).toBe('30.00 0.00 0.00');
    expect((await totals()).get('accounts:auto.4pay.card.card-1:available USD')).toBeUndefined();
  });

  test('though the owner has changed between its two halves', async () => {
    const { startProcess, totals } = sharedStore();
    await startProcess().record(fourpay.refunded('r1', thirty));
    const killed = startProcess({ diesBefore: 'MoneyMovedIn' }).record(named);
    await expect(killed).rejects.toThrow('killed');
    expect((await totals()).get('platform:transit USD')).toBe(thirty.units);
    await startProcess().open('player', holder);
    await startProcess().finish();
    expect([...(await totals()).keys()]).toEqual(posted);
  });
});

test('an invoice is recorded for the account that another process has linked', async () => {
  const { startProcess, log } = sharedStore();
  const [writer, api] = [startProcess(), startProcess()];
  const invoice = referenceOf('calypso', 'invoice', 'i1');
  await writer.books.references.load('calypso:invoice:i1');
  await api.open('player', invoice);
  await writer.record(
    canonicalEvent(
      'InvoicePaid',
      { invoiceId: 'i1', amountAsked: thirty, amountPaid: thirty },
      {
        provider: 'calypso',
        id: 'e1',
        owners: [invoice, referenceOf('calypso', 'account', 'main')],
      },
    ),
  );
  const recorded = (await log()).find(({ stream }) => stream.startsWith('invoice-'));
  expect(recorded?.event.data).toMatchObject({ accountId: 'player' });
});
