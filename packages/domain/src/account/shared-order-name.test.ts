import { describe, expect, test } from 'vitest';
import {
  type AccountBook,
  after,
  contextOf,
  fundedBook,
  inEveryOrder,
  leaving,
  moneyIn,
  openedBook,
  ownerOf,
  recordFact,
  reviewsIn,
  told,
  totalsOf,
} from '../testing/account-book.ts';
import { amountOf, referenceOf } from '../testing/canonical-builder.ts';
import { payouts, withdrawals } from '../testing/money-facts.ts';
import type { AccountCommand } from './messages.ts';

const fifty = amountOf('50');
const fee = amountOf('1');
const ours = { fee, names: ['w1'] };
const place: AccountCommand = {
  type: 'PlaceOrder',
  data: {
    order: { kind: 'withdrawal', provider: 'cryptofuse', orderId: 'w1', amount: fifty, fee },
  },
  context: contextOf('order w1'),
};
const rule = (reviewId: string, ruling: 'first-stands' | 'failure-confirmed'): AccountCommand => ({
  type: 'ResolveReview',
  data: { reviewId, ruling, note: '', actor: 'test' },
  context: contextOf(`rule ${reviewId}`),
});
const shared = 'ids-disagree|order|cryptofuse:withdrawal:w1';
const sent = ({ log }: AccountBook) => totalsOf(log).get('providers:cryptofuse:account USD');
const failedAt = (id: string) => `failure-after-broadcast|order|cryptofuse:withdrawal:${id}`;

describe('two withdrawals of the provider that go by one id of ours', () => {
  test('are both debited in full, the order of ours is used up once, and a person looks', () => {
    const facts = ['x1', 'x2'].map((id) => recordFact(withdrawals.completed(id, fifty, ours)));
    for (const commands of inEveryOrder([place, ...facts])) {
      const book = after(fundedBook('200'), ...commands, ...facts);
      expect(moneyIn(book)).toBe('98.00 0.00 0.00');
      expect(sent(book)).toBe(2n * fifty.units);
      expect(reviewsIn(book)).toEqual(['ids-disagree']);
      expect(reviewsIn(after(book, rule(shared, 'first-stands')))).toEqual([]);
    }
  });

  test('end each by itself: the one that failed takes nothing from the one that was sent', () => {
    const facts = [
      withdrawals.completed('x1', fifty, ours),
      withdrawals.requested('x2', fifty, ours),
      withdrawals.failed('x2', ours),
    ].map(recordFact);
    for (const commands of inEveryOrder([place, ...facts])) {
      const book = after(fundedBook('200'), ...commands);
      expect(moneyIn(book)).toBe('149.00 0.00 0.00');
      expect(reviewsIn(book)).toEqual(['ids-disagree']);
    }
  });

  test('are both reserved while they are open', () => {
    const facts = [
      withdrawals.completed('x1', fifty, ours),
      withdrawals.requested('x2', amountOf('20'), { names: ['w1'] }),
    ].map(recordFact);
    for (const commands of inEveryOrder([place, ...facts]))
      expect(moneyIn(after(fundedBook('200'), ...commands))).toBe('129.00 0.00 20.00');
  });

  test('are confirmed to have failed one by one', () => {
    const stuck = ['x1', 'x2'].flatMap((id) => [
      withdrawals.requested(id, fifty, ours),
      withdrawals.failed(id, { ...ours, chainHash: '0xabc' }),
    ]);
    const first = told(fundedBook('200'), ...stuck.slice(0, 2));
    const confirmed = after(first, rule(failedAt('w1'), 'failure-confirmed'));
    expect(moneyIn(confirmed)).toBe('200.00 0.00 0.00');
    const second = told(confirmed, ...stuck.slice(2));
    expect(moneyIn(second)).toBe('149.00 0.00 51.00');
    expect(reviewsIn(second)).toEqual(['failure-after-broadcast', 'ids-disagree']);
    const both = after(second, rule(failedAt('x2'), 'failure-confirmed'));
    expect(moneyIn(both)).toBe('200.00 0.00 0.00');
    expect(reviewsIn(both)).toEqual(['ids-disagree']);
  });

  test('are not sent a third time by an event that says our id alone', () => {
    const both = ['x1', 'x2'].map((id) => withdrawals.completed(id, fifty, ours));
    const facts = [...both, withdrawals.completed('w1', fifty, { fee })].map(recordFact);
    for (const commands of inEveryOrder(facts)) {
      const book = after(fundedBook('200'), ...commands);
      expect(moneyIn(book)).toBe('98.00 0.00 0.00');
      expect(reviewsIn(book)).toEqual(['ids-disagree']);
    }
  });

  test('are two of which one pays what our order says, where neither states its amount', () => {
    const facts = ['x1', 'x2'].map((id) => recordFact(withdrawals.completed(id, null, ours)));
    for (const commands of inEveryOrder([place, ...facts])) {
      const book = after(fundedBook('200'), ...commands);
      expect(sent(book)).toBe(fifty.units);
      expect(moneyIn(book).endsWith(' 0.00 0.00')).toBe(true);
      expect(reviewsIn(book)).toEqual(['ids-disagree']);
    }
  });

  test('move together, with their reviews', () => {
    const wallet = referenceOf('cryptofuse', 'wallet', 'wallet-1');
    const kept = told(
      openedBook('kept', wallet),
      withdrawals.failed('x2', { ...ours, chainHash: '0xabc' }),
      withdrawals.requested('x2', fifty, ours),
      withdrawals.completed('x1', fifty, ours),
    );
    expect(reviewsIn(kept)).toEqual(['failure-after-broadcast', 'ids-disagree']);
    const { sender, arrive } = leaving(kept, wallet);
    expect(reviewsIn(sender)).toEqual([]);
    const receiver = after(fundedBook('200'), arrive);
    expect(moneyIn(receiver)).toBe('98.00 0.00 51.00');
    expect(reviewsIn(receiver)).toEqual(['failure-after-broadcast', 'ids-disagree']);
    const confirmed = after(receiver, rule(failedAt('x2'), 'failure-confirmed'));
    expect(moneyIn(confirmed)).toBe('149.00 0.00 0.00');
  });
});

test('two payouts of the provider that go by one id of ours are two', () => {
  const facts = ['p1', 'p2'].map((id) =>
    recordFact(payouts.completed(id, fifty, { fee, names: ['w1'] })),
  );
  for (const commands of inEveryOrder(facts))
    expect(moneyIn(after(fundedBook('200'), ...commands))).toBe('98.00 0.00 0.00');
});

test('what a move of an older build told without its names stays one order', () => {
  const facts = [
    withdrawals.requested('w1', fifty, { fee }),
    withdrawals.completed('x1', fifty, { fee }),
  ].map((event) => ({ kind: 'reported' as const, event }));
  const names = ['w1', 'x1'].map((id) => `cryptofuse:withdrawal:${id}`);
  const book = after(fundedBook('200'), {
    type: 'MoveIn',
    data: {
      moveId: 'move',
      reference: referenceOf('cryptofuse', 'wallet', 'wallet-1'),
      from: ownerOf('kept').accountId,
      content: {
        lifecycles: [{ lifecycleId: 'order|cryptofuse:withdrawal:w1', names, facts, booked: [] }],
        marks: [],
      },
    },
    context: contextOf('in'),
  });
  expect(moneyIn(book)).toBe('149.00 0.00 0.00');
  expect(reviewsIn(book)).toEqual([]);
});
