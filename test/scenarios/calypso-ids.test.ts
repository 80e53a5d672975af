import { externalIdLengthMax, type Recorded, type Review } from '@counterfoil/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type InMemoryBooks, inMemoryBooks } from '../support/in-memory-books.ts';

type Body = Readonly<{ eventType: string; data: object }>;

const requestId = '7d1f0c52-3b3e-4c7a-9a55-0d6f5f1b2c11';
const settled = (ids: object, transactionIds: readonly string[] = []): Body => ({
  eventType: 'INVOICE_TRANSLATION_TO_ACCOUNT_COMPLETED',
  data: { ...ids, amount: 100, currency: 'USDT_TRX', serviceFee: 1, transactionIds },
});
const paid = (ids: object): Body => ({ eventType: 'INVOICE_PAID', data: ids });
const payout = (payoutStatus: string, ids: object): Body => ({
  eventType: 'PAYOUT_CHANGE_STATUS',
  data: { ...ids, payoutStatus, currency: 'USDT_TRX' },
});

const [key, own] = [{ idempotencyKey: 'key-1' }, { parentExternalId: 3201 }];
const both = { ...key, ...own };

const nobody = {
  name: 'ids',
  folder: '',
  provider: 'calypso',
  accounts: [],
  adjustments: [],
  steps: [],
} as const;

async function deliverTo({ deliver }: InMemoryBooks, { eventType, data }: Body): Promise<void> {
  const text = JSON.stringify({ eventType, data });
  // An id may not be longer, and one that is makes the body malformed.
  const id = text.slice(-externalIdLengthMax);
  const body = { requestId, id, createdDate: '2025-05-05T08:00:00', eventType, data };
  await deliver('calypso', new TextEncoder().encode(JSON.stringify(body)), text);
}

/** The merchant's books after the deliveries, in which our order of a payout waits. */
async function booksAfter(...bodies: readonly Body[]) {
  const books = inMemoryBooks();
  await books.open({
    ...nobody,
    accounts: [
      {
        accountId: 'merchant',
        kind: 'merchant',
        references: [{ provider: 'calypso', kind: 'account', externalId: requestId }],
      },
    ],
    adjustments: [{ accountId: 'merchant', asset: 'USDT:TRON', amount: '500' }],
  });
  await books.order('payout', {
    accountId: 'merchant',
    provider: 'calypso',
    id: 'key-1',
    asset: 'USDT:TRON',
    amount: '100',
    fee: '0',
  });
  for (const body of bodies) await deliverTo(books, body);
  const { available, reserved } = await books.balance('merchant', 'USDT:TRON');
  return { ...books, reviews: reviewsIn(await books.log()), money: [available, reserved] };
}

const reviewsIn = (log: readonly Recorded[]) =>
  log.flatMap(({ event: { data }, stream }) => {
    const effect = 'effect' in data ? (data.effect as object) : data;
    const opened = 'reviewsOpened' in effect ? (effect.reviewsOpened as readonly Review[]) : [];
    return opened.map((review) => ({ stream, ...review }));
  });

const usdt = (amount: number) => BigInt(amount) * 1_000_000n;

describe('an invoice or payout of Calypso that is told under several ids', () => {
  it('wants nobody, and is credited once, while every event tells the same (calypso decision 11)', async () => {
    const { reviews, money } = await booksAfter(paid(both), settled(both), settled(key));
    expect(reviews).toEqual([]);
    expect(money).toEqual([usdt(499), usdt(100)]);
  });

  it('belongs to whom any of its ids is linked, our own key before the others (calypso decision 11)', async () => {
    const ids = { ...both, externalId: 'order-1' };
    const creditedBy = async (...linked: readonly string[]) => {
      const books = await booksAfter();
      for (const externalId of linked)
        await books.open({
          ...nobody,
          accounts: [
            {
              accountId: `holder-${externalId}`,
              kind: 'holder',
              references: [{ provider: 'calypso', kind: 'invoice', externalId }],
            },
          ],
        });
      await deliverTo(books, settled(ids));
      const holders = linked.map((id) => books.balance(`holder-${id}`, 'USDT:TRON'));
      return (await Promise.all(holders)).map(({ available }) => available);
    };
    for (const id of ['key-1', '3201', 'order-1']) expect(await creditedBy(id)).toEqual([usdt(99)]);
    expect(await creditedBy('order-1', '3201', 'key-1')).toEqual([0n, 0n, usdt(99)]);
    expect(await creditedBy('order-1', '3201')).toEqual([0n, usdt(99)]);
  });

  it('is not credited again under its other id, and a person looks (calypso decision 11)', async () => {
    for (const depositIds of [[], ['98401']])
      for (const bodies of [
        [settled(both, depositIds), settled(own, depositIds)],
        [settled(own, depositIds), settled(both, depositIds)],
      ]) {
        const { reviews, money } = await booksAfter(...bodies);
        expect(money).toEqual([usdt(499), usdt(100)]);
        expect(reviews).toEqual([
          {
            stream: 'reference-calypso:invoice:3201',
            reviewId: 'ids-disagree|calypso|invoice|3201',
            reason: 'ids-disagree',
            subject: 'calypso|invoice|3201',
            deliveryIds: bodies.map((body) => JSON.stringify(body)).sort(),
          },
        ]);
      }
  });

  it('pays nothing for a completion that lacks our key, and a person looks (calypso decision 11)', async () => {
    for (const bodies of [
      [payout('IN_PROGRESS', both), payout('COMPLETED', own)],
      [payout('COMPLETED', own), payout('IN_PROGRESS', both)],
    ]) {
      const { reviews, money } = await booksAfter(...bodies);
      expect(money).toEqual([usdt(400), usdt(100)]);
      expect(reviews.map(({ reviewId }) => reviewId)).toEqual(['ids-disagree|calypso|payout|3201']);
      const completed = await booksAfter(...bodies, payout('COMPLETED', both));
      expect(completed.money).toEqual([usdt(400), 0n]);
    }
  });

  it('is ruled on like any other review (calypso decision 11)', async () => {
    const { commands, request, log } = await booksAfter(paid(both), paid(own));
    const resolved = await commands.resolveReview(
      {
        reviewId: 'ids-disagree|calypso|invoice|3201',
        stream: 'reference-calypso:invoice:3201',
        ruling: 'first-stands',
        note: 'the same invoice',
      },
      request(),
    );
    expect(resolved).toMatchObject({ ok: true });
    expect((await log()).at(-1)?.event.type).toBe('ReferenceReviewResolved');
  });

  it('ends in the same reviews in any order of deliveries, with repeats (calypso decision 11)', async () => {
    const some = (...ids: readonly string[]) =>
      fc.option(fc.constantFrom(...ids), { nil: undefined });
    const ids = fc
      .record({
        idempotencyKey: some('key-1', 'key-2'),
        parentExternalId: some('3201', '3202'),
        externalId: some('order-1', 'order-2'),
      })
      .filter((named) => Object.values(named).some((id) => id !== undefined));
    const body = fc
      .tuple(
        fc.constantFrom(paid, settled, (named: object) => payout('COMPLETED', named)),
        ids,
      )
      .map(([make, named]) => make(named));
    const story = fc
      .array(body, { minLength: 1, maxLength: 4 })
      .chain((bodies) =>
        fc.tuple(
          fc.constant(bodies),
          fc.shuffledSubarray([...bodies, ...bodies], { minLength: 2 * bodies.length }),
        ),
      );
    const reviewIds = async (bodies: readonly Body[]) =>
      (await booksAfter(...bodies)).reviews.map(({ reviewId }) => reviewId).sort();
    await fc.assert(
      fc.asyncProperty(story, async ([bodies, shuffled]) => {
        expect(await reviewIds(shuffled)).toEqual(await reviewIds(bodies));
      }),
      { numRuns: 20 },
    );
  });
});
