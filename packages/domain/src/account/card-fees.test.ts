import { describe, expect, test } from 'vitest';
import type { CanonicalEvent } from '../canonical/events.ts';
import { instant } from '../ids.ts';
import {
  after,
  fundedBook,
  moneyIn,
  recordFact,
  recordTransfer,
  reviewsIn,
  told,
  totalsOf,
} from '../testing/account-book.ts';
import { amountOf, dayMs, noon, referenceOf } from '../testing/canonical-builder.ts';
import { fourpay } from '../testing/card-facts.ts';
import { transferred } from '../testing/money-facts.ts';

const fee = amountOf('2');
const purchase = fourpay.cleared('t1', amountOf('30'), { fee });
const inBothOrders = (first: CanonicalEvent, second: CanonicalEvent) =>
  [
    [first, second],
    [second, first],
  ].map((facts) => told(fundedBook('100'), ...facts));
const charged = (book: ReturnType<typeof told>) =>
  totalsOf(book.log).get('providers:4pay:fees USD');

describe('a fee of 4pay', () => {
  test('that repeats the fee of the transaction it names is charged once, in both orders', () => {
    for (const book of inBothOrders(purchase, fourpay.charged('f1', fee, 't1'))) {
      expect(moneyIn(book)).toBe('68.00 0.00 0.00');
      expect(charged(book)).toBe(fee.units);
      expect(reviewsIn(book)).toEqual([]);
    }
  });

  test('of another amount than the transaction states is charged as well', () => {
    for (const book of inBothOrders(purchase, fourpay.charged('f1', amountOf('1'), 't1')))
      expect(charged(book)).toBe(amountOf('3').units);
  });

  test('of a transaction that nobody has told of is charged', () =>
    expect(charged(told(fundedBook('100'), fourpay.charged('f1', fee, 't9')))).toBe(fee.units));

  test('that a refund states is charged and not paid out, by itself and beside a repeat of it', () => {
    const refund = fourpay.refunded('r1', amountOf('10'), { fee });
    const alone = told(fundedBook('100'), refund);
    for (const book of [alone, ...inBothOrders(refund, fourpay.charged('f1', fee, 'r1'))]) {
      expect(moneyIn(book)).toBe('108.00 0.00 0.00');
      expect(charged(book)).toBe(fee.units);
    }
  });

  test('repeats what any body of its transaction stated', () => {
    const announced = fourpay.confirmed('t1', amountOf('30'), { fee: amountOf('1') });
    for (const book of inBothOrders(announced, fourpay.charged('f1', amountOf('1'), 't1')))
      expect(charged(told(book, purchase))).toBe(fee.units);
  });

  test('that names no transaction is charged, and a person looks when it equals one of the day', () => {
    for (const book of inBothOrders(purchase, fourpay.charged('f1', fee, null))) {
      expect(charged(book)).toBe(amountOf('4').units);
      expect(reviewsIn(book)).toEqual(['fee-may-repeat']);
    }
  });

  test('that names no transaction is nobody’s business a day later, or of another amount', () => {
    const after = fourpay.charged('f1', fee, null, { at: instant(noon + dayMs + 1) });
    const other = fourpay.charged('f1', amountOf('3'), null);
    for (const charge of [after, other])
      for (const book of inBothOrders(purchase, charge)) expect(reviewsIn(book)).toEqual([]);
  });

  test('that names no transaction is compared over midnight, both ways', () => {
    for (const hours of [-20, 20]) {
      const at = instant(noon + (hours * dayMs) / 24);
      for (const book of inBothOrders(purchase, fourpay.charged('f1', fee, null, { at })))
        expect(reviewsIn(book)).toEqual(['fee-may-repeat']);
    }
  });

  test('is compared with those of the last weeks, not with all that the card ever had', () => {
    const days = Array.from({ length: 200 }, (_each, n) => n);
    const book = told(
      fundedBook('1000'),
      ...days.map((n) => fourpay.cleared(`t${n}`, fee, { fee, at: instant(noon + n * dayMs) })),
    );
    const [card] = book.account.cards.entries().map(([, each]) => each);
    expect(card?.fees.dated.size).toBeLessThan(70);
    const charge = fourpay.charged('f1', fee, null, { at: instant(noon + 199 * dayMs) });
    expect(reviewsIn(told(book, charge))).toEqual(['fee-may-repeat']);
  });
});

describe('a fee of 4pay that repeats the fee of a transfer', () => {
  const card = referenceOf('4pay', 'card', 'card-1');
  const account = referenceOf('4pay', 'account', 'main');
  const withdrawn = transferred('t1', amountOf('10'), card, account, { provider: '4pay', fee });
  const toppedUp = transferred('t1', amountOf('10'), account, card, { provider: '4pay', fee });
  const inEitherOrder = (...commands: readonly ReturnType<typeof recordFact>[]) =>
    [commands, [...commands].reverse()].map((facts) => after(fundedBook('100'), ...facts));

  test('from the card is charged once, in both orders', () => {
    const repeat = recordFact(fourpay.charged('f1', fee, 't1'));
    for (const book of inEitherOrder(recordTransfer(withdrawn, 'from'), repeat)) {
      expect(moneyIn(book)).toBe('88.00 0.00 0.00');
      expect(charged(book)).toBe(fee.units);
    }
  });

  test('to the card is paid by the sender alone, in both orders', () => {
    const repeat = recordFact(fourpay.charged('f1', fee, 't1'));
    for (const book of inEitherOrder(recordTransfer(toppedUp, 'to'), repeat))
      expect(moneyIn(book)).toBe('110.00 0.00 0.00');
    const sender = after(fundedBook('100'), recordTransfer(toppedUp, 'from'));
    expect(moneyIn(sender)).toBe('88.00 0.00 0.00');
  });

  test('is charged as well where the amount is another', () => {
    const other = recordFact(fourpay.charged('f1', amountOf('3'), 't1'));
    for (const book of inEitherOrder(recordTransfer(toppedUp, 'to'), other))
      expect(moneyIn(book)).toBe('107.00 0.00 0.00');
  });

  test('without naming it is charged, and a person looks', () => {
    const unnamed = recordFact(fourpay.charged('f1', fee, null));
    for (const sent of [recordTransfer(withdrawn, 'from'), recordTransfer(toppedUp, 'to')])
      for (const book of inEitherOrder(sent, unnamed))
        expect(reviewsIn(book)).toEqual(['fee-may-repeat']);
  });
});
