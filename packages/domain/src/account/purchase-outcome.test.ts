import { describe, expect, test } from 'vitest';
import {
  type AccountBook,
  after,
  contextOf,
  decideAuthorization,
  fundedBook,
  moneyIn,
  openedBook,
  openHolds,
  rejectionOf,
  reviewsIn,
  told,
  totalsOf,
} from '../testing/account-book.ts';
import { amountOf, dayMs, minuteMs, noon } from '../testing/canonical-builder.ts';
import { cryptomate, fourpay } from '../testing/card-facts.ts';
import { instant } from '../ids.ts';
import { accountDecider } from './account-decider.ts';
import { fromWire, toWire } from '../wire.ts';
import type { AccountCommand } from './messages.ts';
import { absentAccount } from './state.ts';

const later = (minutes: number) => instant(noon + minutes * minuteMs);
const thirty = amountOf('30');
const approvedBook = (isConfirmationExpected = true): AccountBook =>
  after(
    fundedBook('100'),
    decideAuthorization(cryptomate.requested('ask_1', thirty, { isConfirmationExpected })),
  );
const clearingTotal = (book: AccountBook, provider = 'cryptomate') =>
  totalsOf(book.log).get(`providers:${provider}:clearing USD`);

describe('the provider tells that an approval is in force', () => {
  test('and nothing changes where the total is the same, but the hold now lasts 30 days', () => {
    const book = told(approvedBook(), cryptomate.confirmed('ok_1', thirty));
    expect(moneyIn(book)).toBe('70.00 30.00 0.00');
    const changes = book.log.flatMap((event) =>
      'effect' in event.data ? event.data.effect.holds : [],
    );
    expect(changes.map(({ isConfirmed, expiresAt }) => [isConfirmed, expiresAt - noon])).toEqual([
      [false, 7 * dayMs],
      [true, 30 * dayMs],
    ]);
  });

  test('with another total, which the hold takes over', () =>
    expect(moneyIn(told(approvedBook(), cryptomate.confirmed('ok_1', amountOf('45'))))).toBe(
      '55.00 45.00 0.00',
    ));

  test('at the last instant there is, beyond which no hold can be written to end', () => {
    const at = instant(Date.UTC(9999, 11, 31));
    const book = told(openedBook('p'), cryptomate.confirmed('ok_9', thirty, { at }));
    const [event] = book.log.slice(-1);
    const recorded = event === undefined ? null : fromWire(toWire(event.data));
    expect(recorded).toEqual(event?.data);
  });

  test('of a purchase that we never saw, which is held even into overdraft', () =>
    expect(moneyIn(told(openedBook('p'), cryptomate.confirmed('ok_9', thirty)))).toBe(
      '-30.00 30.00 0.00',
    ));

  test('of a purchase that we declined, which is held all the same, and a person looks (cryptomate row 41)', () => {
    const request = decideAuthorization(cryptomate.requested('ask_1', thirty));
    const confirmed = cryptomate.confirmed('ok_1', thirty);
    const refused = after(openedBook('p'), request);
    expect(reviewsIn(refused)).toEqual([]);
    const held = told(refused, confirmed);
    expect(moneyIn(held)).toBe('-30.00 30.00 0.00');
    expect(reviewsIn(held)).toEqual(['confirmed-after-decline']);
    const tooLate: AccountCommand = {
      type: 'DecideAuthorization',
      data: {
        event: cryptomate.requested('ask_1', thirty),
        aliases: [],
        isCardLinked: true,
        declineBecause: 'deadline-passed',
      },
      context: contextOf('late'),
    };
    const late = after(told(openedBook('p'), confirmed), tooLate);
    expect(reviewsIn(late)).toEqual(['confirmed-after-decline']);
    for (const book of [held, late])
      expect(reviewsIn(told(book, cryptomate.declined('no_1', thirty)))).toEqual([]);
    expect(reviewsIn(told(refused, cryptomate.declined('no_1', thirty), confirmed))).toEqual([]);
    expect(reviewsIn(told(refused, cryptomate.confirmed('ok_other', thirty)))).toEqual([
      'confirmed-after-decline',
    ]);
  });

  test('of an approval that we took back, which also wants a person', () => {
    const withdrawn = after(approvedBook(), {
      type: 'WithdrawApproval',
      data: {
        holdId: 'card|cryptomate|card-1|1',
        eventId: cryptomate.requested('ask_1', thirty).eventId,
      },
      context: contextOf('withdraw'),
    });
    expect(reviewsIn(told(withdrawn, cryptomate.confirmed('ok_1', thirty)))).toEqual([
      'confirmed-after-decline',
    ]);
    expect(reviewsIn(told(approvedBook(), cryptomate.confirmed('ok_1', thirty)))).toEqual([]);
  });

  test('and an older total changes nothing, whichever is told first', () => {
    const newer = fourpay.confirmed('t1', amountOf('20'), { changedAt: later(5) });
    const older = fourpay.confirmed('t1', amountOf('50'), { changedAt: later(1) });
    expect(moneyIn(told(fundedBook('100'), newer, older))).toBe('80.00 20.00 0.00');
    expect(moneyIn(told(fundedBook('100'), older, newer))).toBe('80.00 20.00 0.00');
  });
});

describe('the network declines', () => {
  test('twice, of which the first counts, whichever is told first', () => {
    const declines = [1, 9].map((minutes) =>
      cryptomate.declined(`no${minutes}_1`, thirty, { at: later(minutes) }),
    );
    const cleared = cryptomate.cleared('clr_own', thirty, { at: later(5) });
    for (const events of [declines, declines.toReversed()]) {
      const book = told(
        fundedBook('100'),
        cryptomate.confirmed('ok_1', thirty),
        ...events,
        cleared,
      );
      expect(moneyIn(book)).toBe('70.00 0.00 0.00');
      expect(reviewsIn(book)).toEqual(['unlinked-clearing']);
    }
  });

  const declined = cryptomate.declined('no_1', thirty);
  const confirmed = cryptomate.confirmed('ok_1', thirty);

  test('and the hold is released', () =>
    expect(moneyIn(told(approvedBook(), declined))).toBe('100.00 0.00 0.00'));

  test('which wins over a confirmation, whichever is told first', () => {
    expect(moneyIn(told(approvedBook(), confirmed, declined))).toBe('100.00 0.00 0.00');
    expect(moneyIn(told(approvedBook(), declined, confirmed))).toBe('100.00 0.00 0.00');
  });

  test('after a clearing, which releases nothing and wants a person, in both orders', () => {
    const piece = cryptomate.cleared('clr_1', amountOf('10'));
    for (const facts of [
      [piece, declined],
      [declined, piece],
    ]) {
      const book = told(approvedBook(), ...facts);
      expect(moneyIn(book)).toBe('70.00 20.00 0.00');
      expect(reviewsIn(book)).toEqual(['declined-after-clearing']);
    }
  });
});

describe('a clearing posts in full', () => {
  test('from the hold, of which the rest stays where more may come', () => {
    const book = told(approvedBook(), cryptomate.cleared('clr_1', amountOf('12')));
    expect(moneyIn(book)).toBe('70.00 18.00 0.00');
    expect(clearingTotal(book)).toBe(amountOf('12').units);
  });

  test('in several pieces until the hold is used up', () => {
    const pieces = [10, 10, 10].map((part, n) =>
      cryptomate.cleared('clr_1', amountOf(`${part}`), { at: later(n) }),
    );
    expect(moneyIn(told(approvedBook(), ...pieces))).toBe('70.00 0.00 0.00');
  });

  test('above the hold, the rest from what is available, into overdraft if need be', () =>
    expect(moneyIn(told(approvedBook(), cryptomate.cleared('clr_1', amountOf('130'))))).toBe(
      '-30.00 0.00 0.00',
    ));

  test('without any hold, and a later approval holds only what is left of it', () => {
    const early = told(fundedBook('100'), cryptomate.cleared('clr_1', amountOf('20')));
    expect(moneyIn(early)).toBe('80.00 0.00 0.00');
    expect(reviewsIn(early)).toEqual(['unlinked-clearing']);
    const linked = told(early, cryptomate.confirmed('ok_1', thirty));
    expect(moneyIn(linked)).toBe('70.00 10.00 0.00');
    expect(reviewsIn(linked)).toEqual([]);
  });

  test('with its fees, which leave the hold as well', () => {
    const held = told(fundedBook('100'), fourpay.confirmed('t1', thirty, { fee: amountOf('2') }));
    const book = told(held, fourpay.cleared('t1', thirty, { fee: amountOf('1') }));
    expect(moneyIn(book)).toBe('69.00 0.00 0.00');
    expect(totalsOf(book.log).get('providers:4pay:fees USD')).toBe(amountOf('1').units);
  });

  test('and releases the rest of the hold when it is final', () => {
    const held = told(fundedBook('100'), fourpay.confirmed('t1', thirty));
    expect(moneyIn(told(held, fourpay.cleared('t1', amountOf('12'))))).toBe('88.00 0.00 0.00');
    const before = told(fundedBook('100'), fourpay.cleared('t1', amountOf('12')));
    expect(moneyIn(told(before, fourpay.confirmed('t1', thirty)))).toBe('88.00 0.00 0.00');
  });

  test('once, however often it is told', () => {
    const piece = cryptomate.cleared('clr_1', amountOf('12'));
    const once = told(approvedBook(), piece);
    expect(told(once, piece).log).toEqual(once.log);
  });
});

describe('a clearing that states the total so far posts what it adds', () => {
  const total = (amount: string, minutes: number) =>
    cryptomate.cleared('clr_1', amountOf(amount), { at: later(minutes), means: 'running-total' });
  const totals = [total('10', 1), total('25', 2), total('18', 3)];
  const orders = [
    [0, 1, 2],
    [2, 1, 0],
    [1, 0, 2],
    [1, 2, 0],
  ];

  test.each(orders.map((order) => [order]))('to the largest one, told in the order %j', (order) => {
    const facts = order.flatMap((index) => totals[index] ?? []);
    const book = told(approvedBook(), ...facts);
    expect(moneyIn(book)).toBe('70.00 5.00 0.00');
    expect(clearingTotal(book)).toBe(amountOf('25').units);
  });

  test('also before anybody has told of the purchase', () => {
    const book = told(fundedBook('100'), ...totals, cryptomate.confirmed('ok_1', thirty));
    expect(moneyIn(book)).toBe('70.00 5.00 0.00');
  });
});

describe('a reversal releases', () => {
  const back = cryptomate.reversed('rev_1', amountOf('12'));

  test('a part of the hold, also when it is told first', () => {
    expect(moneyIn(told(approvedBook(), back))).toBe('82.00 18.00 0.00');
    const early = told(fundedBook('100'), back);
    expect(reviewsIn(early)).toEqual(['unlinked-clearing']);
    const known = told(early, cryptomate.confirmed('ok_1', thirty));
    expect(moneyIn(known)).toBe('82.00 18.00 0.00');
    expect(reviewsIn(known)).toEqual([]);
  });

  test('all of it, before or after the approval is told', () => {
    const full = fourpay.reversed('t1', thirty);
    const held = fourpay.confirmed('t1', amountOf('40'));
    expect(moneyIn(told(fundedBook('100'), held, full))).toBe('100.00 0.00 0.00');
    expect(moneyIn(told(fundedBook('100'), full, held))).toBe('100.00 0.00 0.00');
  });

  test('no more than is held: a person looks at what is too much, until the hold grows', () => {
    const over = cryptomate.reversed('rev_1', amountOf('40'));
    const book = told(approvedBook(), over);
    expect(moneyIn(book)).toBe('100.00 0.00 0.00');
    expect(reviewsIn(book)).toEqual(['over-reversal']);
    const grown = told(book, cryptomate.confirmed('ok_1', amountOf('50')));
    expect(moneyIn(grown)).toBe('90.00 10.00 0.00');
    expect(reviewsIn(grown)).toEqual([]);
  });

  test('nothing of what was cleared as a whole: that counts, and a person looks', () => {
    for (const facts of [
      [fourpay.cleared('t1', thirty), fourpay.reversed('t1', thirty)],
      [fourpay.reversed('t1', thirty), fourpay.cleared('t1', thirty)],
    ]) {
      const book = told(fundedBook('100'), ...facts);
      expect(moneyIn(book)).toBe('70.00 0.00 0.00');
      expect(reviewsIn(book)).toEqual(['contradicting-final-states']);
    }
  });
});

describe('two purchases whose ids end alike', () => {
  const [order, other] = ['order_1', 'subscription_1'];

  test('are two where ids are exact', () => {
    const confirmed = told(
      fundedBook('100'),
      fourpay.confirmed(order, thirty),
      fourpay.confirmed(other, amountOf('40')),
    );
    expect(moneyIn(confirmed)).toBe('30.00 70.00 0.00');
    expect(moneyIn(told(confirmed, fourpay.cleared(order, thirty)))).toBe('30.00 40.00 0.00');
    const asked = after(
      fundedBook('100'),
      decideAuthorization(fourpay.requested(order, thirty)),
      decideAuthorization(fourpay.requested(other, amountOf('40'))),
    );
    expect(moneyIn(asked)).toBe('30.00 70.00 0.00');
  });

  test('have totals of their own where clearings state the total so far', () => {
    const part = { isFinal: false, means: 'running-total' } as const;
    const book = told(
      fundedBook('100'),
      fourpay.cleared(order, thirty, part),
      fourpay.cleared(other, amountOf('40'), part),
    );
    expect(moneyIn(book)).toBe('30.00 0.00 0.00');
  });

  test('stay as they were recorded when they were taken for one, and what follows finds its hold', () => {
    const held = told(fundedBook('100'), fourpay.confirmed(order, thirty));
    const asBefore = held.log.map((event) =>
      'effect' in event.data
        ? {
            ...event,
            data: {
              ...event.data,
              effect: {
                ...event.data.effect,
                holds: event.data.effect.holds.map((hold) => ({
                  ...hold,
                  holdId: 'card|4pay|card-1|1',
                })),
              },
            },
          }
        : event,
    ) as typeof held.log;
    const account = asBefore.reduce(accountDecider.evolve, absentAccount);
    const before = { account, log: asBefore };
    expect(moneyIn(told(before, fourpay.cleared(order, thirty)))).toBe('70.00 0.00 0.00');
    expect(moneyIn(told(before, fourpay.confirmed(other, amountOf('40'))))).toBe(
      '30.00 70.00 0.00',
    );
    const expired = after(before, {
      type: 'ExpireHold',
      data: { holdId: 'card|4pay|card-1|1' },
      context: contextOf('expire', instant(noon + 31 * dayMs)),
    });
    expect(moneyIn(expired)).toBe('100.00 0.00 0.00');
  });
});

describe('a hold is of one asset', () => {
  const euros = amountOf('28', 'EUR');
  const dollars = fourpay.confirmed('t1', thirty);
  const changed = fourpay.confirmed('t1', euros, { at: later(1) });
  const money = (book: AccountBook) => [moneyIn(book), moneyIn(book, 'EUR')];
  const inBothOrders = (...facts: readonly Parameters<typeof told>[1][]) =>
    [facts, facts.toReversed()].map((order) => told(fundedBook('100'), ...order));

  test('and a confirmation in another one releases it and holds anew', () => {
    for (const book of inBothOrders(dollars, changed))
      expect(money(book)).toEqual(['100.00 0.00 0.00', '-28.00 28.00 0.00']);
    const back = fourpay.confirmed('t1', thirty, { at: later(2) });
    const again = told(fundedBook('100'), dollars, changed, back);
    expect(money(again)).toEqual(['70.00 30.00 0.00', '0.00 0.00 0.00']);
  });

  test('which only a piece in that asset uses up; for another one a person looks', () => {
    for (const [asset, ...expected] of [
      ['EUR', '70.00 30.00 0.00', '-28.00 0.00 0.00'],
      ['USDT:BSC', '70.00 30.00 0.00', '0.00 0.00 0.00'],
    ] as const) {
      const cleared = fourpay.cleared('t1', amountOf('28', asset), { isFinal: false });
      for (const book of inBothOrders(dollars, cleared)) {
        expect(money(book)).toEqual(expected);
        expect(reviewsIn(book)).toEqual(['unlinked-clearing']);
      }
    }
    const reversed = fourpay.reversed('t1', euros, { isFull: false });
    for (const book of inBothOrders(dollars, reversed)) {
      expect(money(book)).toEqual(['70.00 30.00 0.00', '0.00 0.00 0.00']);
      expect(reviewsIn(book)).toEqual(['unlinked-clearing']);
    }
  });

  test('and the review is over when the hold turns out to be of that asset', () => {
    const cleared = fourpay.cleared('t1', euros, { isFinal: false });
    const book = told(fundedBook('100'), dollars, cleared, changed);
    expect(money(book)).toEqual(['100.00 0.00 0.00', '-28.00 0.00 0.00']);
    expect(reviewsIn(book)).toEqual([]);
  });

  test('which what is said of the whole of it ends in whatever asset', () => {
    for (const last of [fourpay.cleared('t1', euros), fourpay.reversed('t1', euros)])
      for (const book of inBothOrders(dollars, last)) {
        expect(moneyIn(book)).toBe('100.00 0.00 0.00');
        expect(reviewsIn(book)).toEqual(['unlinked-clearing']);
      }
  });

  test('and ends in the one in which it stands', () => {
    const book = told(fundedBook('100'), dollars, changed);
    const gone = after(book, {
      type: 'ExpireHold',
      data: { holdId: 'card|4pay|card-1|t1' },
      context: contextOf('expire', instant(noon + 31 * dayMs)),
    });
    expect(money(gone)).toEqual(['100.00 0.00 0.00', '0.00 0.00 0.00']);
  });
});

test('a clearing that was also said to have failed counts, and a person looks', () => {
  const cleared = cryptomate.cleared('clr_1', amountOf('12'));
  const failed = cryptomate.clearingFailed('clr_1', amountOf('12'));
  for (const facts of [
    [cleared, failed],
    [failed, cleared],
  ]) {
    const book = told(approvedBook(), ...facts);
    expect(moneyIn(book)).toBe('70.00 18.00 0.00');
    expect(reviewsIn(book)).toEqual(['contradicting-final-states']);
  }
  expect(reviewsIn(told(approvedBook(), failed))).toEqual([]);
});

test('a refund returns amount and fees, whether its purchase is known or not', () => {
  const book = told(openedBook('p'), cryptomate.refunded('ref_1', thirty, { fee: amountOf('1') }));
  expect(moneyIn(book)).toBe('31.00 0.00 0.00');
  expect(clearingTotal(book)).toBe(-thirty.units);
});

describe('a hold that nobody clears', () => {
  const expire = (days: number, key = '1', provider = 'cryptomate', card = 'card-1') => ({
    type: 'ExpireHold' as const,
    data: { holdId: `card|${provider}|${card}|${key}` },
    context: contextOf(`expire after ${days}`, instant(noon + days * dayMs)),
  });
  const free = '100.00 0.00 0.00';

  test('ends after 7 days where the provider never confirmed it', () => {
    expect(rejectionOf(approvedBook(), expire(6.99))).toBe('hold-not-due');
    expect(moneyIn(after(approvedBook(), expire(7)))).toBe(free);
  });

  test('ends after 30 days where the provider confirmed it', () => {
    const confirmed = told(approvedBook(), cryptomate.confirmed('ok_1', thirty));
    expect(rejectionOf(confirmed, expire(29))).toBe('hold-not-due');
    expect(moneyIn(after(confirmed, expire(30)))).toBe(free);
  });

  test('ends after 30 days where the provider never confirms any', () => {
    expect(rejectionOf(approvedBook(false), expire(29))).toBe('hold-not-due');
    expect(moneyIn(after(approvedBook(false), expire(30)))).toBe(free);
  });

  test('ends after 30 days where a part of it was cleared', () => {
    const cleared = told(approvedBook(), cryptomate.cleared('clr_1', amountOf('10')));
    expect(rejectionOf(cleared, expire(29))).toBe('hold-not-due');
    expect(moneyIn(after(cleared, expire(30)))).toBe('90.00 0.00 0.00');
  });

  test('that has ended does not end again, and one that is not known cannot', () => {
    const ended = after(approvedBook(), expire(7));
    expect(after(ended, expire(8)).log).toEqual(ended.log);
    expect(rejectionOf(ended, expire(8, 'other'))).toBe('hold-not-found');
  });

  test('ends also where the id of its authorization or card has a bar in it', () => {
    const card = 'card|1';
    const later = expire(31, 'a|1', '4pay', card);
    const book = told(fundedBook('100'), fourpay.confirmed('a|1', thirty, { card }));
    expect([...openHolds(book.log).keys()]).toEqual([later.data.holdId]);
    const ended = after(book, later);
    expect(moneyIn(ended)).toBe(free);
    expect(after(ended, later).log).toEqual(ended.log);
    expect(rejectionOf(ended, expire(31, 'other|1', '4pay', card))).toBe('hold-not-found');
  });

  test('is cleared in full all the same when the clearing comes late', () => {
    const ended = after(approvedBook(), expire(7));
    const late = cryptomate.cleared('clr_1', amountOf('30'), { at: instant(noon + 9 * dayMs) });
    expect(moneyIn(told(ended, late))).toBe('70.00 0.00 0.00');
    expect(openHolds(told(ended, late).log).size).toBe(0);
  });

  test('holds again when the confirmation was only late', () => {
    const ended = after(approvedBook(), expire(7));
    expect(moneyIn(told(ended, cryptomate.confirmed('ok_1', thirty)))).toBe('70.00 30.00 0.00');
  });
});
