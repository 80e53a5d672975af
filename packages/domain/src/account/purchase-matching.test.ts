import { describe, expect, test } from 'vitest';
import {
  after,
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
