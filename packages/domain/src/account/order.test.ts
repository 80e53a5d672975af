import { describe, expect, test } from 'vitest';
import type { CanonicalEvent } from '../canonical/events.ts';
import {
  type AccountBook,
  after,
  contextOf,
  fundedBook,
  inEveryOrder,
  moneyIn,
  openedBook,
  recordFact,
  rejectionOf,
  reviewsIn,
  told,
  totalsOf,
} from '../testing/account-book.ts';
import { amountOf, minuteMs, noon } from '../testing/canonical-builder.ts';
import { payouts, withdrawals } from '../testing/money-facts.ts';
import { instant } from '../ids.ts';
import type { AccountCommand, OrderKind } from './messages.ts';

const fifty = amountOf('50');
const place = (
  orderId: string,
  amount = fifty,
  fee = amountOf('1'),
  kind: OrderKind = 'withdrawal',
): AccountCommand => ({
  type: 'PlaceOrder',
  data: { order: { kind, provider: 'cryptofuse', orderId, amount, fee } },
  context: contextOf(`order ${orderId} ${amount.units}`),
});
const ordered = () => after(fundedBook('100'), place('w1'));
const sent = (book: AccountBook) => totalsOf(book.log).get('providers:cryptofuse:account USD');
const facts = (...events: readonly CanonicalEvent[]) => events.map(recordFact);

describe('an order of ours', () => {
  test('reserves amount and fee', () => expect(moneyIn(ordered())).toBe('49.00 0.00 51.00'));

  test('placed again is the same order, and with other money is refused', () => {
    expect(after(ordered(), place('w1')).log).toEqual(ordered().log);
    expect(rejectionOf(ordered(), place('w1', amountOf('49')))).toBe('order-differs');
    expect(rejectionOf(ordered(), place('w1', fifty, amountOf('1', 'EUR')))).toBe('order-differs');
  });

  test('that the balance does not cover is refused, and so is one of nothing', () => {
    expect(rejectionOf(fundedBook('50.99'), place('w1'))).toBe('insufficient-funds');
    expect(rejectionOf(fundedBook('100'), place('w1', amountOf('0')))).toBe('amount-not-positive');
  });

  test('is refused by an account that is frozen', () => {
    const frozen = after(fundedBook('100'), {
      type: 'FreezeAccount',
      data: { reason: '' },
      context: contextOf('freeze'),
    });
    expect(rejectionOf(frozen, place('w1'))).toBe('account-frozen');
  });

  test('that the provider has told of already is taken, even into overdraft', () => {
    const begun = told(openedBook('p'), withdrawals.progressed('w1'));
    expect(moneyIn(after(begun, place('w1')))).toBe('-51.00 0.00 51.00');
  });

  test('of which the provider states another amount keeps ours, and a person looks', () => {
    const stated = recordFact(withdrawals.requested('w1', amountOf('60')));
    for (const commands of inEveryOrder([place('w1'), stated])) {
      const book = after(fundedBook('100'), ...commands);
      expect(moneyIn(book)).toBe('49.00 0.00 51.00');
      expect(reviewsIn(book)).toEqual(['order-differs']);
    }
  });
});

describe('a withdrawal that the provider tells of', () => {
  test('is reserved with its fees, into overdraft if need be', () => {
    const requested = withdrawals.requested('w1', fifty, { fee: amountOf('2') });
    expect(moneyIn(told(openedBook('p'), requested))).toBe('-52.00 0.00 52.00');
  });

  test('is debited straight from what is available where nothing was reserved', () => {
    const book = told(openedBook('p'), withdrawals.completed('w1', fifty, { fee: amountOf('2') }));
    expect(moneyIn(book)).toBe('-52.00 0.00 0.00');
    expect(sent(book)).toBe(fifty.units);
  });
});

describe('a completion', () => {
  test('pays what was reserved where it states neither amount nor fee', () => {
    const book = told(ordered(), withdrawals.completed('w1', null));
    expect(moneyIn(book)).toBe('49.00 0.00 0.00');
    expect(sent(book)).toBe(fifty.units);
  });

  test('pays what it states, and the rest of the reserve returns', () => {
    const book = told(
      ordered(),
      withdrawals.completed('w1', amountOf('45'), { fee: amountOf('3') }),
    );
    expect(moneyIn(book)).toBe('52.00 0.00 0.00');
  });

  test('waits for the order where nobody knows the amount yet', () => {
    const early = told(fundedBook('100'), payouts.completed('p1', null));
    expect(moneyIn(early)).toBe('100.00 0.00 0.00');
    expect(moneyIn(after(early, place('p1', fifty, amountOf('1'), 'payout')))).toBe(
      '49.00 0.00 0.00',
    );
  });
});

describe('a failure', () => {
  const failed = withdrawals.failed('w1');
  const hash = withdrawals.progressed('w1', { chainHash: '0xabc' });
  const confirm: AccountCommand = {
    type: 'ResolveReview',
    data: {
      reviewId: 'failure-after-broadcast|order|cryptofuse:withdrawal:w1',
      ruling: 'failure-confirmed',
      note: 'not on chain',
      actor: 'test',
    },
    context: contextOf('confirm'),
  };

  test('returns what was reserved', () =>
    expect(moneyIn(told(ordered(), failed))).toBe('100.00 0.00 0.00'));

  test('of which a chain hash is known returns nothing until a person has confirmed it', () => {
    for (const commands of inEveryOrder([place('w1'), ...facts(failed, hash)])) {
      const book = after(fundedBook('100'), ...commands);
      expect(moneyIn(book)).toBe('49.00 0.00 51.00');
      expect(reviewsIn(book)).toEqual(['failure-after-broadcast']);
      const confirmed = after(book, confirm);
      expect(moneyIn(confirmed)).toBe('100.00 0.00 0.00');
      expect(reviewsIn(confirmed)).toEqual([]);
      expect(after(confirmed, confirm).log).toEqual(confirmed.log);
    }
  });

  test('of which only a repeat tells the chain hash returns nothing either', () => {
    const again = withdrawals.failed('w1', { chainHash: '0xabc', body: 'again' });
    for (const commands of inEveryOrder([place('w1'), ...facts(failed, again)])) {
      const book = after(fundedBook('100'), ...commands);
      expect(moneyIn(book)).toBe('49.00 0.00 51.00');
      expect(reviewsIn(book)).toEqual(['failure-after-broadcast']);
      expect(moneyIn(after(book, confirm))).toBe('100.00 0.00 0.00');
    }
  });

  test('beside a completion does not count, and a person looks', () => {
    const completed = withdrawals.completed('w1', null, { chainHash: '0xabc' });
    for (const commands of inEveryOrder([place('w1'), ...facts(failed, completed)])) {
      const book = after(fundedBook('100'), ...commands);
      expect(moneyIn(book)).toBe('49.00 0.00 0.00');
      expect(reviewsIn(book)).toEqual(['contradicting-final-states']);
    }
  });

  test('that was confirmed gives way to a completion that comes after all', () => {
    const returned = after(told(ordered(), failed, hash), confirm);
    const book = told(returned, withdrawals.completed('w1', null));
    expect(moneyIn(book)).toBe('49.00 0.00 0.00');
    expect(reviewsIn(book)).toEqual(['contradicting-final-states']);
  });
});

describe('an order that goes by two names', () => {
  const theirs = withdrawals.requested('x9', fifty, { names: ['w1'] });

  test('is one order once a fact carries both', () => {
    const completed = withdrawals.completed('x9', null);
    for (const commands of inEveryOrder([place('w1'), ...facts(theirs, completed)])) {
      const book = after(fundedBook('100'), ...commands);
      expect(moneyIn(book)).toBe('49.00 0.00 0.00');
      expect(book.account.lifecycles.size).toBe(1);
    }
  });

  test('is one order by a repeat that carries the other name as well', () => {
    const fee = amountOf('1');
    const bare = withdrawals.completed('x9', fifty, { fee, body: 'bare' });
    const full = withdrawals.completed('x9', fifty, { fee, names: ['w1'] });
    for (const commands of inEveryOrder([place('w1'), ...facts(bare, full)])) {
      const book = after(fundedBook('200'), ...commands);
      expect(moneyIn(book)).toBe('149.00 0.00 0.00');
      expect(sent(book)).toBe(fifty.units);
      expect(reviewsIn(book)).toEqual([]);
      expect(book.account.lifecycles.size).toBe(1);
    }
  });

  test('is one order by a repeat with other money, which posts nothing of its own', () => {
    const bare = withdrawals.completed('x9', fifty, { fee: amountOf('1') });
    const full = withdrawals.completed('x9', amountOf('60'), { names: ['w1'], body: 'other' });
    const book = told(ordered(), bare, full);
    expect(moneyIn(book)).toBe('49.00 0.00 0.00');
    expect(reviewsIn(book)).toEqual(['variant-differs']);
  });

  test('has one review, by which it can be ruled, whichever name the failure was told under', () => {
    const apart = facts(
      withdrawals.failed('x9', { chainHash: '0xabc' }),
      withdrawals.progressed('w1'),
      theirs,
    );
    for (const commands of inEveryOrder([...apart, place('w1')])) {
      const book = after(fundedBook('100'), ...commands);
      expect(book.account.reviews.entries().map(([id]) => id)).toEqual([
        'failure-after-broadcast|order|cryptofuse:withdrawal:w1',
      ]);
      const confirmed = after(book, {
        type: 'ResolveReview',
        data: {
          reviewId: 'failure-after-broadcast|order|cryptofuse:withdrawal:w1',
          ruling: 'failure-confirmed',
          note: '',
          actor: 'test',
        },
        context: contextOf('confirm'),
      });
      expect(moneyIn(confirmed)).toBe('100.00 0.00 0.00');
    }
  });

  test('is not asked about again under another name after somebody has ruled', () => {
    const both = told(
      fundedBook('100'),
      withdrawals.completed('x9', fifty),
      withdrawals.failed('x9'),
    );
    const ruled = after(both, {
      type: 'ResolveReview',
      data: {
        reviewId: 'contradicting-final-states|order|cryptofuse:withdrawal:x9',
        ruling: 'first-stands',
        note: '',
        actor: 'test',
      },
      context: contextOf('rule'),
    });
    expect(reviewsIn(told(ruled, theirs))).toEqual([]);
  });
});

describe('a payout of many withdrawals', () => {
  const at = (minutes: number) => instant(noon + minutes * minuteMs);
  const part = (id: string, amount: string, minutes: number) => ({
    paid: payouts.completed('p1', amountOf(amount), { withdrawalId: id, at: at(minutes) }),
    back: payouts.returned('p1', amountOf(amount), { withdrawalId: id, at: at(minutes) }),
  });
  const placed = () => after(fundedBook('100'), place('p1', fifty, amountOf('1'), 'payout'));

  test('is paid part by part, the fee with the first that arrived', () => {
    const first = told(placed(), part('a', '20', 1).paid);
    expect(moneyIn(first)).toBe('49.00 0.00 30.00');
    expect(moneyIn(told(first, part('b', '30', 2).paid))).toBe('49.00 0.00 0.00');
  });

  test('returns the parts that came back', () => {
    const book = told(placed(), part('a', '20', 1).paid, part('b', '30', 2).back);
    expect(moneyIn(book)).toBe('79.00 0.00 0.00');
    expect(sent(book)).toBe(amountOf('20').units);
  });

  test('returns the fee as well when no part arrived', () => {
    const book = told(placed(), part('a', '20', 1).back, part('b', '30', 2).back);
    expect(moneyIn(book)).toBe('100.00 0.00 0.00');
  });

  test('returns what is left when the whole of it failed', () => {
    const book = told(placed(), part('a', '20', 1).paid, payouts.returned('p1', null));
    expect(moneyIn(book)).toBe('79.00 0.00 0.00');
  });

  test('counts a part that both arrived and came back as arrived, and a person looks', () => {
    const { paid, back } = part('a', '20', 1);
    for (const commands of inEveryOrder(facts(paid, back))) {
      const book = after(placed(), ...commands);
      expect(moneyIn(book)).toBe('49.00 0.00 30.00');
      expect(reviewsIn(book)).toEqual(['contradicting-final-states']);
    }
  });

  test('keeps a part reserved that came back after it was broadcast', () => {
    const back = payouts.returned('p1', amountOf('20'), { withdrawalId: 'a', chainHash: '0x1' });
    const book = told(placed(), back);
    expect(moneyIn(book)).toBe('49.00 0.00 51.00');
    expect(reviewsIn(book)).toEqual(['failure-after-broadcast']);
  });
});
