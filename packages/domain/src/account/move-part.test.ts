import { describe, expect, test } from 'vitest';
import {
  type AccountBook,
  after,
  contextOf,
  moneyIn,
  openedBook,
  reviewsIn,
  told,
  totalsOf,
} from '../testing/account-book.ts';
import { accountId } from '../ids.ts';
import { amountOf, referenceOf } from '../testing/canonical-builder.ts';
import { deposits, settledBy, withdrawals } from '../testing/money-facts.ts';
import type { AccountCommand, MovedContent } from './messages.ts';

const wallet = referenceOf('cryptofuse', 'wallet', 'wallet-1');
const ten = amountOf('10');
const deposit = (id: string) => deposits.confirmed(id, ten);
/** A deposit here with its mark has some 600 characters. */
const lengthOfTwo = 1_500;

const moveOut = (part: number, lengthMax: number): AccountCommand => ({
  type: 'MoveOut',
  data: { moveId: `part ${part}`, reference: wallet, to: accountId('player-1'), lengthMax },
  context: contextOf(`out ${part}`),
});
const moveIn = (part: number, content: MovedContent): AccountCommand => ({
  type: 'MoveIn',
  data: { moveId: `part ${part}`, reference: wallet, from: accountId('kept'), content },
  context: contextOf(`in ${part}`),
});

const transitOf = (...books: readonly AccountBook[]): bigint =>
  totalsOf(books.flatMap(({ log }) => log)).get('platform:transit USD') ?? 0n;

function partsOf(from: AccountBook, lengthMax: number) {
  const parts: MovedContent[] = [];
  for (let sender = from; ; ) {
    sender = after(sender, moveOut(parts.length, lengthMax));
    const content = sender.account.movesOut.get(`part ${parts.length}`);
    if (!content) return { sender, parts };
    parts.push(content);
  }
}

const effectsIn = ({ marks }: MovedContent) => marks.map(({ effect }) => effect);

describe('what is too much for one event moves in parts', () => {
  const five = ['d1', 'd2', 'd3', 'd4', 'd5'].map(deposit);

  test('of the size that was asked for, which together are all of it', () => {
    const whole = partsOf(told(openedBook('kept', wallet), ...five), Number.POSITIVE_INFINITY);
    const { parts } = partsOf(told(openedBook('kept', wallet), ...five), lengthOfTwo);
    expect(whole.parts.map((part) => part.lifecycles.length)).toEqual([5]);
    expect(parts.map((part) => part.lifecycles.length)).toEqual([2, 2, 1]);
    expect(parts.flatMap(effectsIn)).toEqual(whole.parts.flatMap(effectsIn));
  });

  test('each of which is in transit alone, and done once however often it is given', () => {
    let sender = told(openedBook('kept', wallet), ...five);
    let receiver = openedBook('player-1');
    for (const [part, units] of [20n, 20n, 10n].entries()) {
      const out = moveOut(part, lengthOfTwo);
      sender = after(sender, out, out);
      expect(transitOf(sender, receiver)).toBe(units * (ten.units / 10n));
      const content = sender.account.movesOut.get(`part ${part}`);
      if (!content) throw new Error('a part is missing');
      receiver = after(receiver, moveIn(part, content), moveIn(part, content));
      expect(transitOf(sender, receiver)).toBe(0n);
    }
    expect(after(sender, moveOut(3, lengthOfTwo)).log).toEqual(sender.log);
    expect([moneyIn(sender), moneyIn(receiver)]).toEqual(['0.00 0.00 0.00', '50.00 0.00 0.00']);
  });

  test('of which none is empty, though one thing be larger', () => {
    const { parts } = partsOf(told(openedBook('kept', wallet), ...five), 1);
    expect(parts.map((part) => part.lifecycles.length)).toEqual([1, 1, 1, 1, 1]);
  });

  test('what takes money first, so that the new owner never has too much to spend', () => {
    const sent = withdrawals.completed('w1', ten);
    const { parts } = partsOf(told(openedBook('kept', wallet), deposit('d1'), sent), 1);
    const first = parts.map(({ lifecycles }) => lifecycles[0]?.lifecycleId);
    expect(first).toEqual(['order|cryptofuse:withdrawal:w1', 'cryptofuse|deposit|d1|confirmed']);
  });

  test('also where nothing is left but what was told of things without money', () => {
    const events = [deposit('d1'), deposits.confirmed('d1', ten, { body: 'other' })];
    const { parts } = partsOf(told(openedBook('kept', wallet), ...events), 1);
    expect(parts.map((part) => effectsIn(part).length)).toEqual([1, 1]);
  });
});

describe('what belongs together is not parted', () => {
  const invoice = referenceOf('calypso', 'invoice', 'i1');

  test('a settlement and its deposits, which posted as one', () => {
    const settled = settledBy(invoice, amountOf('90'), 'a', 'b');
    const { parts } = partsOf(told(openedBook('kept', wallet), settled, deposit('d1')), 1);
    expect(parts.map((part) => part.lifecycles.length)).toEqual([3, 1]);
  });

  test('what was said of one deposit, and another body of it, on which a person rules', () => {
    const said = [
      deposit('d1'),
      deposits.confirmed('d1', amountOf('12'), { body: 'other' }),
      deposits.failed('d1'),
      deposit('d2'),
    ];
    const { sender, parts } = partsOf(told(openedBook('kept', wallet), ...said), 1);
    const receiver = parts.reduce(
      (book, content, part) => after(book, moveIn(part, content)),
      openedBook('player-1'),
    );
    expect(parts.map(({ variants = [] }) => variants.length)).toEqual([1, 0]);
    expect(reviewsIn(receiver)).toEqual(['contradicting-final-states', 'variant-differs']);
    expect(reviewsIn(sender)).toEqual([]);
  });
});
