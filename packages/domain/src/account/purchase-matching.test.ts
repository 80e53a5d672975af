import { describe, expect, test } from 'vitest';
import {
  after,
  contextOf,
  decideAuthorization,
  fundedBook,
  moneyIn,
  openHolds,
  reviewsIn,
  told,
} from '../testing/account-book.ts';
import { amountOf, dayMs, minuteMs, noon } from '../testing/canonical-builder.ts';
import { cryptomate } from '../testing/card-facts.ts';
import { instant } from '../ids.ts';

const later = (minutes: number) => instant(noon + minutes * minuteMs);
const ask = (key: string, amount: string, minutes: number, shop = 'shop') =>
  decideAuthorization(
    cryptomate.requested(`ask_${key}`, amountOf(amount), { at: later(minutes), shop }),
  );
const clear = (key: string, amount: string, minutes: number, shop = 'shop') =>
  cryptomate.cleared(`clr_${key}`, amountOf(amount), { at: later(minutes), shop });
const asked = (...commands: readonly ReturnType<typeof ask>[]) =>
  after(fundedBook('100'), ...commands);
const holds = (book: ReturnType<typeof asked>) =>
  Object.fromEntries(
    [...openHolds(book.log)].map(([id, units]) => [
      id.slice(id.lastIndexOf('|') + 1),
      `${units / 1_000_000n}`,
    ]),
  );

describe('a clearing that names no purchase we know', () => {
  test('takes the oldest hold of its amount at its shop', () => {
    const book = asked(ask('a', '20', 0), ask('b', '10', 1), ask('c', '10', 2));
    expect(holds(told(book, clear('x', '10', 5)))).toEqual({ a: '20', c: '10' });
  });

  test('takes the oldest hold where none has its amount', () => {
    const book = asked(ask('a', '20', 0), ask('b', '10', 1));
    expect(holds(told(book, clear('x', '7', 5)))).toEqual({ a: '13', b: '10' });
  });

  test('takes no hold of a later time, of another shop, or of more than 30 days ago', () => {
    const book = asked(ask('a', '10', 10), ask('b', '10', 0, 'kiosk'));
    const early = told(book, clear('x', '10', 5));
    expect(holds(early)).toEqual({ a: '10', b: '10' });
    expect(reviewsIn(early)).toEqual(['unlinked-clearing']);
    const late = cryptomate.cleared('clr_y', amountOf('10'), { at: instant(noon + 31 * dayMs) });
    expect(holds(told(book, late))).toEqual({ a: '10', b: '10' });
  });

  test('takes no hold of another asset', () => {
    const euros = cryptomate.cleared('clr_x', amountOf('10', 'EUR'), { at: later(5) });
    const book = told(asked(ask('a', '10', 0)), euros);
    expect(holds(book)).toEqual({ a: '10' });
    expect(reviewsIn(book)).toEqual(['unlinked-clearing']);
  });

  test('posts in full and waits for a person, until a purchase it belongs to is told', () => {
    const alone = told(fundedBook('100'), clear('x', '10', 5));
    expect(moneyIn(alone)).toBe('90.00 0.00 0.00');
    expect(reviewsIn(alone)).toEqual(['unlinked-clearing']);
    const known = after(alone, ask('a', '10', 0));
    expect(moneyIn(known)).toBe('90.00 0.00 0.00');
    expect(reviewsIn(known)).toEqual([]);
  });

  test('gives way when a clearing that names the purchase comes, and takes the next best', () => {
    const book = told(asked(ask('a', '10', 0), ask('b', '15', 1)), clear('x', '10', 5));
    expect(holds(book)).toEqual({ b: '15' });
    expect(holds(told(book, clear('a', '10', 6)))).toEqual({ b: '5' });
  });

  test('is matched the same whichever of two clearings is told first', () => {
    const [first, second] = [clear('x', '10', 5), clear('y', '12', 6)];
    const book = asked(ask('a', '12', 0), ask('b', '10', 1));
    expect(holds(told(book, first, second))).toEqual({});
    expect(holds(told(book, second, first))).toEqual({});
  });
});

describe('a purchase that ends', () => {
  const day = (days: number) => instant(noon + days * dayMs);
  const approved = (key: string, amount: string, days: number) =>
    cryptomate.confirmed(`ok_${key}`, amountOf(amount), { at: day(days) });
  const taken = (amount: string, days: number) =>
    cryptomate.cleared('clr_x', amountOf(amount), { at: day(days) });
  const declined = (key: string, amount: string, days: number) =>
    cryptomate.declined(`no_${key}`, amountOf(amount), { at: day(days) });
  const expired = (key: string, days: number) =>
    ({
      type: 'ExpireHold',
      data: { holdId: `card|cryptomate|card-1|${key}` },
      context: contextOf(`expire ${key}`, day(days)),
    }) as const;
  const funded = (...facts: Parameters<typeof told>[1][]) => told(fundedBook('100'), ...facts);
  const outcomeOf = (book: ReturnType<typeof asked>) => [
    holds(book),
    moneyIn(book),
    reviewsIn(book),
  ];

  test('by expiring keeps the clearing that it was matched with', () => {
    const alone = after(funded(approved('a', '10', 0), taken('4', 1)), expired('a', 31));
    expect(outcomeOf(alone)).toEqual([{}, '96.00 0.00 0.00', []]);
    const both = funded(approved('a', '10', 0), approved('b', '20', 20), taken('4', 21));
    const book = after(both, expired('a', 31));
    expect(outcomeOf(book)).toEqual([{ b: '20' }, '76.00 20.00 0.00', []]);
    const paid = cryptomate.cleared('clr_b', amountOf('20'), { at: day(32) });
    expect(outcomeOf(told(book, paid))).toEqual([{}, '76.00 0.00 0.00', []]);
  });

  test('by expiring is found by a clearing of before that is told late', () => {
    const both = funded(approved('a', '10', 0), approved('b', '20', 20));
    const book = told(after(both, expired('a', 31)), taken('4', 21));
    expect(outcomeOf(book)).toEqual([{ b: '20' }, '76.00 20.00 0.00', []]);
  });

  test('by expiring leaves later clearings to others', () => {
    const both = asked(ask('a', '10', 0), ask('b', '20', 8 * 24 * 60));
    const book = told(after(both, expired('a', 8)), taken('4', 9));
    expect(outcomeOf(book)).toEqual([{ b: '16' }, '80.00 16.00 0.00', []]);
  });

  test('by expiring unconfirmed holds again when a clearing of before confirms it', () => {
    const book = told(after(asked(ask('a', '10', 0)), expired('a', 8)), taken('4', 5));
    expect(outcomeOf(book)).toEqual([{ a: '6' }, '90.00 6.00 0.00', []]);
  });

  test('by a decline after a clearing matched with it releases nothing, and a person looks', () => {
    const facts = [approved('a', '10', 0), taken('4', 1), declined('a', '10', 2)] as const;
    for (const order of [facts, [...facts].reverse()])
      expect(outcomeOf(funded(...order))).toEqual([
        { a: '6' },
        '90.00 6.00 0.00',
        ['declined-after-clearing'],
      ]);
  });

  test('by a decline keeps the clearing that has used up its hold', () => {
    const book = funded(
      approved('a', '10', 0),
      approved('b', '20', 0.5),
      taken('10', 1),
      declined('a', '10', 2),
    );
    expect(outcomeOf(book)).toEqual([{ b: '20' }, '70.00 20.00 0.00', ['declined-after-clearing']]);
  });

  test('by a decline keeps the reversal of a part, and releases the rest', () => {
    const back = cryptomate.reversed('rev_x', amountOf('4'), { at: day(1) });
    const book = funded(approved('a', '10', 0), approved('b', '20', 0.5), back);
    expect(outcomeOf(told(book, declined('a', '10', 2)))).toEqual([
      { b: '20' },
      '80.00 20.00 0.00',
      [],
    ]);
  });

  test('by a decline leaves later clearings to the purchase that was tried again', () => {
    const book = funded(
      approved('a', '10', 0),
      declined('a', '10', 0.1),
      approved('b', '10', 0.2),
      taken('10', 1),
    );
    expect(outcomeOf(book)).toEqual([{}, '90.00 0.00 0.00', []]);
  });
});

describe('an answer that has an id of its own', () => {
  const ok = (amount: string, minutes = 3) =>
    cryptomate.confirmed('ok_own', amountOf(amount), { at: later(minutes) });

  test('confirms the oldest request of its amount that nobody has answered', () => {
    const book = asked(ask('a', '10', 0), ask('b', '10', 1));
    expect(holds(told(book, ok('10')))).toEqual({ a: '10', b: '10' });
    const declined = cryptomate.declined('no_own', amountOf('10'), { at: later(3) });
    expect(holds(told(book, declined))).toEqual({ b: '10' });
  });

  test('places a hold of its own where no request has its amount', () =>
    expect(holds(told(asked(ask('a', '10', 0)), ok('11')))).toEqual({ a: '10', own: '11' }));

  test('gives its hold to the request when that comes later', () => {
    const early = told(fundedBook('100'), ok('10'));
    expect(holds(early)).toEqual({ own: '10' });
    const book = after(early, ask('a', '10', 0));
    expect(holds(book)).toEqual({ a: '10' });
    expect(moneyIn(book)).toBe('90.00 10.00 0.00');
  });

  test('brings the clearings that name it to the request', () => {
    const book = told(asked(ask('a', '10', 0)), ok('10'), clear('own', '10', 8));
    expect(holds(book)).toEqual({});
    expect(reviewsIn(book)).toEqual([]);
  });
});

describe('a card with many purchases', () => {
  const many = Array.from({ length: 260 }, (_each, n) => n);
  const day = (n: number) => instant(noon + n * dayMs);

  test('forgets those that are over, and never what was matched with them', () => {
    // One purchase a day, each cleared under an id of its own five days later.
    const facts = many.flatMap((n) => [
      cryptomate.confirmed(`ok_p${n}`, amountOf('1'), { at: day(n) }),
      ...(n < 5 ? [] : [cryptomate.cleared(`clr_x${n}`, amountOf('1'), { at: day(n) })]),
    ]);
    const book = told(fundedBook('1000'), ...facts);
    expect(moneyIn(book)).toBe('740.00 5.00 0.00');
    expect(reviewsIn(book)).toEqual([]);
    const [card] = book.account.cards.entries().map(([, each]) => each);
    expect(card?.purchases.size).toBeLessThan(400);
  });

  test('keeps the review of a clearing that nothing was found for', () => {
    const stray = cryptomate.cleared('clr_stray', amountOf('3'), { at: day(0), shop: 'kiosk' });
    const facts = many.map((n) => cryptomate.cleared(`clr_z${n}`, amountOf('1'), { at: day(n) }));
    const asks = many.map((n) => cryptomate.confirmed(`ok_z${n}`, amountOf('1'), { at: day(n) }));
    const book = told(
      fundedBook('1000'),
      stray,
      ...asks.flatMap((each, n) => [each, ...facts.slice(n, n + 1)]),
    );
    expect(reviewsIn(book)).toEqual(['unlinked-clearing']);
  });
});
