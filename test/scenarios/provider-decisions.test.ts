import { sampleStories } from '@counterfoil/cli';
import type { Effect, Recorded } from '@counterfoil/domain';
import { readSample } from '@counterfoil/providers/testing';
import { describe, expect, it } from 'vitest';
import { type InMemoryBooks, inMemoryBooks } from '../support/in-memory-books.ts';

const stories = sampleStories();

const dayMs = 86_400_000;
const folder = 'cryptomate/stories/card-purchase';
const sample = (name: string) => readSample(`${folder}/${name}.json`);
const changed = (name: string, from: string, to: string) =>
  new TextEncoder().encode(new TextDecoder().decode(sample(name)).replaceAll(from, to));

async function openBooks(name: string, funds: string): Promise<InMemoryBooks> {
  const books = inMemoryBooks();
  const story = stories.find((candidate) => candidate.name === name);
  if (!story) throw new Error(`There is no story ${name}`);
  const [account] = story.accounts;
  const adjustments =
    account && funds !== '0' ? [{ accountId: account.accountId, asset: 'USD', amount: funds }] : [];
  await books.open({ ...story, adjustments });
  return books;
}

const request = '02-cards-authorization-pending';
const authorized = '03-cards-authorized-success';

/** Days from the books' time until the last stated hold ends by itself. */
function daysUntilExpiry(books: InMemoryBooks, log: readonly Recorded[]): number | null {
  const holds = log.flatMap(({ event }) =>
    'effect' in event.data ? ((event.data.effect as Effect | null)?.holds ?? []) : [],
  );
  const expiresAt = holds.at(-1)?.expiresAt;
  return expiresAt === undefined ? null : Math.round((expiresAt - books.clock.now()) / dayMs);
}

describe('what the books do by our decisions on CryptoMate', () => {
  it('the same question gets the same answer, without a second hold (cryptomate row 20)', async () => {
    const books = await openBooks('card-purchase', '100.00');
    const first = await books.deliver('cryptomate', sample(request), 'first');
    expect(first).toBe('{"response_code":"00"}');
    expect(await books.deliver('cryptomate', sample(request), 'again')).toBe(first);
    expect(await books.balance('holder-1', 'USD')).toMatchObject({ held: 54_540_000n });
  });

  it('an approval that is never confirmed ends after 7 days, a confirmed one after 30 (cryptomate row 21)', async () => {
    const books = await openBooks('card-purchase', '100.00');
    await books.deliver('cryptomate', sample(request), 'asked');
    expect(daysUntilExpiry(books, await books.log())).toBe(7);
    const adjusted = changed(authorized, '54.00', '55.00');
    await books.deliver('cryptomate', adjusted, 'confirmed');
    expect(daysUntilExpiry(books, await books.log())).toBe(30);
  });

  it('a hold is placed for what we declined or never saw, into overdraft if need be (cryptomate row 41)', async () => {
    const declined = await openBooks('card-purchase', '0');
    expect(await declined.deliver('cryptomate', sample(request), 'asked')).toBe(
      '{"response_code":"51"}',
    );
    const neverSeen = await openBooks('card-purchase', '0');
    for (const books of [declined, neverSeen]) {
      await books.deliver('cryptomate', sample(authorized), 'approved');
      expect(await books.balance('holder-1', 'USD')).toMatchObject({
        available: -54_540_000n,
        held: 54_540_000n,
      });
    }
  });

  it('an approval in dialect B, which has no approved notice, stays for 30 days (cryptomate row 48)', async () => {
    const books = await openBooks('card-purchase-dialect-b', '100.00');
    const body = readSample(
      'cryptomate/stories/card-purchase-dialect-b/02-cards-authorization-pending.json',
    );
    expect(await books.deliver('cryptomate', body, 'asked')).toBe('{"response_code":"00"}');
    expect(daysUntilExpiry(books, await books.log())).toBe(30);
  });
});

describe('what the books do by our decisions on CryptoFuse', () => {
  const withdrawal = (name: string, fields: object) => {
    const data = { withdrawal_id: 'wd-1', amount: 100, currency: 'USDTTRC20', wallet_id: 'wal-1' };
    const body = { id: name, event: name, created_at: '2026-01-10T10:00:00.000Z' };
    return new TextEncoder().encode(JSON.stringify({ ...body, data: { ...data, ...fields } }));
  };

  it('a completion with a fee of nothing takes none, whatever was reserved for it', async () => {
    const books = inMemoryBooks();
    const reference = { provider: 'cryptofuse', kind: 'wallet', externalId: 'wal-1' } as const;
    await books.open({
      name: 'fee',
      folder: '',
      provider: 'cryptofuse',
      accounts: [{ accountId: 'holder-1', kind: 'holder', references: [reference] }],
      adjustments: [{ accountId: 'holder-1', asset: 'USDT:TRON', amount: '200' }],
      steps: [],
    });
    await books.deliver('cryptofuse', withdrawal('withdrawal.created', { fee: 1.5 }), 'created');
    await books.deliver('cryptofuse', withdrawal('withdrawal.completed', { fee: 0 }), 'completed');
    expect(await books.balance('holder-1', 'USDT:TRON')).toMatchObject({
      available: 100_000_000n,
      reserved: 0n,
    });
  });
});

describe('what the books do by our decisions on 4pay', () => {
  const at = '2026-04-01T10:00:00+00:00';
  const payin = (fields: object) => {
    const money = { amount: '50.00', currency: 'USD', type: 'payin', status: 'completed' };
    const body = { id: 'tx-1', accountUuid: 'acc-1', ...money, createdAt: at, updatedAt: at };
    return new TextEncoder().encode(JSON.stringify({ ...body, ...fields }));
  };

  it('a fee that only one of two bodies of a payin states waits for a person (R6)', async () => {
    const bodies = [payin({}), payin({ feeAmount: '2.00' })];
    for (const [order, available] of [
      [bodies, 50_000_000n],
      [bodies.toReversed(), 48_000_000n],
    ] as const) {
      const books = inMemoryBooks();
      for (const [index, body] of order.entries())
        await books.deliver('4pay', body, `body-${index}`);
      expect(await books.balance('auto.4pay.account.acc-1', 'USD')).toMatchObject({ available });
      const opened = (await books.log()).flatMap(({ event: { data } }) =>
        'effect' in data ? ((data.effect as Effect | null)?.reviewsOpened ?? []) : [],
      );
      expect(opened.map(({ reason }) => reason)).toEqual(['variant-differs']);
    }
  });
});
