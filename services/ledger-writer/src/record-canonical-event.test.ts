import {
  amountOf,
  cryptomate,
  deposits,
  fourpay,
  noon,
  referenceOf,
  transferred,
  withdrawals,
} from '@counterfoil/domain/testing';
import { referenceKey } from '@counterfoil/domain';
import { nameHolder } from '@counterfoil/ledger';
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
