import { accountId, eventId } from '@counterfoil/domain';
import { amountOf, deposits, referenceOf, settledBy } from '@counterfoil/domain/testing';
import { derivedCommandId } from '@counterfoil/ledger';
import { describe, expect, test } from 'vitest';
import { sharedStore } from './testing/shared-store.ts';

const wallet = referenceOf('cryptofuse', 'wallet', 'wallet-1');
const another = referenceOf('cryptofuse', 'wallet', 'wallet-2');
const merchant = referenceOf('cryptofuse', 'account', 'main');
const thirty = amountOf('30');
const [credited, empty] = ['30.00 0.00 0.00', '0.00 0.00 0.00'];

async function threeAccounts() {
  const shared = sharedStore();
  const process = shared.startProcess();
  await process.open('player', wallet);
  await process.open('other', another);
  await process.open('house', merchant);
  const balances = () => Promise.all(['player', 'other', 'house'].map((id) => process.money(id)));
  const reviews = async () =>
    Promise.all(
      ['player', 'other', 'house'].map(async (id) =>
        (await process.books.accounts.load(accountId(id))).reviews
          .entries()
          .map(([, { review }]) => review.reason),
      ),
    );
  return { ...shared, process, balances, reviews };
}

const closest = deposits.confirmed('d1', thirty, { owners: [wallet, merchant] });
const bare = deposits.confirmed('d1', thirty, { owners: [merchant], body: 'bare' });
const contrary = deposits.confirmed('d1', thirty, {
  owners: [another, merchant],
  body: 'contrary',
});

describe('a deposit that two bodies give to different owners', () => {
  test('is credited once where the first body says, and one that says less is no question', async () => {
    const { process, balances, reviews } = await threeAccounts();
    for (const event of [closest, bare, closest, bare]) await process.record(event);
    expect(await balances()).toEqual([credited, empty, empty]);
    expect(await reviews()).toEqual([[], [], []]);
  });

  test.each([
    ['closer', bare, closest, [empty, empty, credited], [[], [], ['owners-disagree']]],
    ['elsewhere', closest, contrary, [credited, empty, empty], [['owners-disagree'], [], []]],
  ] as const)(
    'asks a person where the second names one %s',
    async (_how, first, second, ...after) => {
      const { process, startProcess, balances, reviews } = await threeAccounts();
      await process.record(first);
      await startProcess().record(second);
      await startProcess().record(first);
      await process.record(second);
      expect([await balances(), await reviews()]).toEqual(after);
    },
  );

  test('is credited once by two processes at one time', async () => {
    const { process, startProcess, balances } = await threeAccounts();
    const others = [startProcess(), startProcess()];
    await Promise.all([others[0]?.record(closest), others[1]?.record(contrary)]);
    await process.record(bare);
    const afresh = await Promise.all(
      ['player', 'other', 'house'].map((id) => startProcess().money(id)),
    );
    expect(afresh.toSorted()).toEqual([empty, empty, credited]);
    expect((await balances()).toSorted()).toEqual([empty, empty, credited]);
  });

  test('is credited once when the process dies between the claim and the credit', async () => {
    const { startProcess, process, balances } = await threeAccounts();
    const dying = startProcess({ diesBefore: 'DepositCredited' });
    await expect(dying.record(closest)).rejects.toThrow('killed');
    await process.record(contrary);
    await startProcess().record(closest);
    expect(await balances()).toEqual([credited, empty, empty]);
  });

  test('moves as a whole when what the first body names is linked', async () => {
    const { startProcess } = sharedStore();
    const process = startProcess();
    await process.open('house', merchant);
    await process.record(closest);
    await process.record(contrary);
    expect(await process.money('house')).toBe(credited);
    await process.open('other', another);
    expect(await process.money('house')).toBe(credited);
    await process.open('player', wallet);
    expect(await process.money('player')).toBe(credited);
    await process.record(contrary);
    expect(await process.money('other')).toBe(empty);
  });
});

describe('a settlement', () => {
  const invoice = referenceOf('calypso', 'invoice', 'invoice-1');
  const client = referenceOf('calypso', 'client', 'client-1');
  const whole = settledBy(invoice, thirty, 'd1');
  const named = eventId(derivedCommandId('settlement', 'full'));
  const full = { ...whole, eventId: named, owners: [invoice, client] };

  test.each([
    ['first', [full, whole], 'auto.calypso.client.client-1'],
    ['last', [whole, full], 'auto.calypso.invoice.invoice-1'],
  ] as const)(
    'is credited once where a body names a client as well: %s',
    async (_how, bodies, id) => {
      const { startProcess, totals, log } = sharedStore();
      const process = startProcess();
      for (const body of bodies) await process.record(body);
      expect(await process.money(id)).toBe(credited);
      const available = [...(await totals())].filter(([address]) => address.includes(':available'));
      expect(available).toHaveLength(1);
      const recorded = (await log()).flatMap(({ stream, event }) =>
        stream.startsWith('invoice-') ? [event] : [],
      );
      expect(recorded.map(({ data }) => 'accountId' in data && data.accountId)).toEqual([id, id]);
    },
  );
});
