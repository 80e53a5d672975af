import { expect, test } from 'vitest';
import { after, decideAuthorization, fundedBook, told } from '../testing/account-book.ts';
import { amountOf, dayMs, minuteMs, noon } from '../testing/canonical-builder.ts';
import { cryptomate } from '../testing/card-facts.ts';
import { instant } from '../ids.ts';
import { purchasesBeforePruning } from './state.ts';

const one = amountOf('1');
const many = Array.from({ length: purchasesBeforePruning + 10 }, (_each, n) => n);
const at = (days: number, n: number) => instant(noon + days * dayMs + n * minuteMs);
const ask = (key: string, days: number, n: number) =>
  decideAuthorization(cryptomate.requested(`ask_${key}${n}`, one, { at: at(days, n) }));
const clear = (n: number) => cryptomate.cleared(`clr_a${n}`, one, { at: at(1, n) });
const cardOf = (book: ReturnType<typeof fundedBook>) => {
  const [card] = book.account.cards.entries().map(([, each]) => each);
  return card;
};
const asked = after(fundedBook('1000'), ...many.map((n) => ask('a', 0, n)));

test('a card with many young purchases keeps them, and is not gone over again and again', () => {
  const card = cardOf(asked);
  expect(card?.purchases.size).toBe(many.length);
  expect(card).toMatchObject({ oldestAt: at(0, 0), prunedAtSize: purchasesBeforePruning });
});

test('purchases that are over go when they are old, and the next oldest is known', () => {
  const card = cardOf(after(told(asked, ...many.map(clear)), ask('b', 70, 0)));
  expect([...(card?.purchases.entries() ?? [])].map(([key]) => key)).toEqual(['b0']);
  expect(card?.oldestAt).toBe(at(70, 0));
});

test('an open hold stays, however old it is', () => {
  const card = cardOf(after(told(asked, ...many.slice(1).map(clear)), ask('b', 70, 0)));
  expect([...(card?.purchases.entries() ?? [])].map(([key]) => key).toSorted()).toEqual([
    'a0',
    'b0',
  ]);
  expect(card?.oldestAt).toBe(at(0, 0));
});
