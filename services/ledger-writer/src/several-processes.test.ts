import {
  amountOf,
  canonicalEvent,
  contextOf,
  cryptomate,
  deposits,
  fourpay,
  noon,
  referenceOf,
  withdrawals,
} from '@counterfoil/domain/testing';
import { accountId, type CanonicalEvent, referenceKey } from '@counterfoil/domain';
import { prepareOwner, resolveOwner } from '@counterfoil/ledger';
import { describe, expect, test } from 'vitest';
import { sharedStore } from './testing/shared-store.ts';

const wallet = referenceOf('cryptofuse', 'wallet', 'wallet-1');
const client = referenceOf('cryptofuse', 'client', 'client-1');
const card = referenceOf('cryptomate', 'card', 'card-1');
const thirty = amountOf('30');

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
