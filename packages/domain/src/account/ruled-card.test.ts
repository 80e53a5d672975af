import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CanonicalEvent } from '../canonical/events.ts';
import { instant } from '../ids.ts';
import {
  after,
  contextOf,
  decideAuthorization,
  fundedBook,
  leaving,
  moneyIn,
  openedBook,
  outcomeOf,
  recordFact,
  reviewsIn,
  told,
  totalsOf,
} from '../testing/account-book.ts';
import { amountOf, minuteMs, noon, referenceOf } from '../testing/canonical-builder.ts';
import { cryptomate, fourpay } from '../testing/card-facts.ts';
import { lifecycleCases } from '../testing/random-lifecycles.ts';
import type { AccountCommand, Ruling } from './messages.ts';

const usd = amountOf;
const other = { body: 'other' };
const minutes = (count: number) => ({ at: instant(noon + count * minuteMs) });
const rule = ({ eventId }: CanonicalEvent, ruling: Ruling): AccountCommand => ({
  type: 'ResolveReview',
  data: { reviewId: `variant-differs|${eventId}`, ruling, note: '', actor: 'test' },
  context: contextOf(`rule ${ruling} on ${eventId}`),
});
const ruled = (ruling: Ruling, ...events: readonly [...CanonicalEvent[], CanonicalEvent]) => {
  const second = events.at(-1);
  if (!second) throw new Error('a second body is ruled on');
  return after(told(fundedBook('100'), ...events), rule(second, ruling));
};

describe('two bodies of a clearing', () => {
  const hold = cryptomate.confirmed('ok_1', usd('30'));
  const cleared = (amount: string, body = {}) => cryptomate.cleared('clr_1', usd(amount), body);

  test.each([
    ['second-stands', '10', '25', '70.00 5.00 0.00'],
    ['second-stands', '30', '10', '70.00 20.00 0.00'],
    ['second-stands', '10', '40', '60.00 0.00 0.00'],
    ['separate', '10', '15', '70.00 5.00 0.00'],
    ['separate', '10', '25', '65.00 0.00 0.00'],
  ] as const)('are ruled %s, and the hold follows: %s and %s', (ruling, one, two, expected) => {
    const events = [hold, cleared(one), cleared(two, other)] as const;
    const book = ruled(ruling, ...events);
    expect(moneyIn(book)).toBe(expected);
    expect(reviewsIn(book)).toEqual([]);
    expect(told(book, ...events).log).toEqual(book.log);
  });

  test('of which the second stands leave the rest of the hold to what comes later', () => {
    const book = ruled('second-stands', hold, cleared('30'), cleared('10', other));
    const rest = cryptomate.cleared('clr_1', usd('5'), minutes(1));
    expect(moneyIn(told(book, rest))).toBe('70.00 15.00 0.00');
  });

  test('end the hold where only the second one is final', () => {
    const events = [
      fourpay.confirmed('t1', usd('30')),
      fourpay.cleared('t1', usd('10'), { isFinal: false }),
      fourpay.cleared('t1', usd('12'), other),
    ] as const;
    expect(moneyIn(ruled('second-stands', ...events))).toBe('88.00 0.00 0.00');
  });

  test('ask for nobody any more where the second one has a purchase', () => {
    const strange = cryptomate.cleared('clr_1', usd('10', 'EUR'));
    const book = told(fundedBook('100'), hold, strange, cleared('10', other));
    expect(reviewsIn(book)).toEqual(['unlinked-clearing', 'variant-differs']);
    const settled = after(book, rule(cleared('10', other), 'second-stands'));
    expect(reviewsIn(settled)).toEqual([]);
    expect([moneyIn(settled), moneyIn(settled, 'EUR')]).toEqual([
      '70.00 20.00 0.00',
      '0.00 0.00 0.00',
    ]);
  });

  test('of running totals count as the total of the one that stands', () => {
    const total = (amount: string, rest = {}) =>
      cryptomate.cleared('clr_1', usd(amount), { ...rest, means: 'running-total' });
    const book = ruled('second-stands', hold, total('12'), total('10', other));
    expect(moneyIn(book)).toBe('70.00 20.00 0.00');
    expect(moneyIn(told(book, total('15', minutes(1))))).toBe('70.00 15.00 0.00');
  });

  test('are followed by a third one that is compared with what stands', () => {
    const book = ruled('second-stands', hold, cleared('10'), cleared('25', other));
    const third = cleared('20', { body: 'third' });
    expect(reviewsIn(told(book, third))).toEqual(['variant-differs']);
    const again = after(told(book, third), rule(third, 'second-stands'));
    expect(moneyIn(again)).toBe('70.00 10.00 0.00');
  });

  test('move as they were ruled, and post once where one of them was told too', () => {
    const bodies = [cleared('10'), cleared('25', other)] as const;
    const kept = after(told(openedBook('kept'), hold, ...bodies), rule(bodies[1], 'second-stands'));
    const { sender, arrive } = leaving(kept, referenceOf('cryptomate', 'card', 'card-1'));
    const receiver = after(fundedBook('100'), arrive);
    expect(moneyIn(receiver)).toBe('70.00 5.00 0.00');
    expect(told(receiver, ...bodies).log).toEqual(receiver.log);
    for (const [known, expected, reviews] of [
      [bodies[0], '70.00 20.00 0.00', ['variant-differs']],
      [bodies[1], '70.00 5.00 0.00', []],
    ] as const) {
      const met = after(told(fundedBook('100'), known), arrive);
      expect(moneyIn(met)).toBe(expected);
      expect(reviewsIn(met)).toEqual(reviews);
      const transit = totalsOf([...sender.log, ...met.log]).get('platform:transit USD');
      expect(transit).toBeUndefined();
    }
  });
});

describe('two bodies of a reversal', () => {
  const hold = cryptomate.confirmed('ok_1', usd('30'));
  const reversed = (amount: string, body = {}) => cryptomate.reversed('rev_1', usd(amount), body);

  test.each([
    ['second-stands', '25', '95.00 5.00 0.00', []],
    ['second-stands', '40', '100.00 0.00 0.00', ['over-reversal']],
    ['separate', '15', '95.00 5.00 0.00', []],
  ] as const)('are ruled %s, and the hold follows: %s', (ruling, amount, expected, reviews) => {
    const book = ruled(ruling, hold, reversed('10'), reversed(amount, other));
    expect(moneyIn(book)).toBe(expected);
    expect(reviewsIn(book)).toEqual(reviews);
  });

  test('ask for nobody any more where only the first one was too large', () => {
    const book = ruled('second-stands', hold, reversed('40'), reversed('10', other));
    expect(moneyIn(book)).toBe('80.00 20.00 0.00');
    expect(reviewsIn(book)).toEqual([]);
  });
});

describe('two bodies of a refund or a fee', () => {
  const refund = (fee: string, body = {}) =>
    fourpay.refunded('r1', usd('5'), { fee: usd(fee), ...body });
  const charge = (amount: string, body = {}) => fourpay.charged('f1', usd(amount), 'r1', body);

  test('of which the second stands are what a charge is compared with', () => {
    const first = [refund('1'), charge('1')] as const;
    expect(moneyIn(told(fundedBook('100'), ...first))).toBe('104.00 0.00 0.00');
    expect(moneyIn(ruled('second-stands', ...first, refund('2', other)))).toBe('102.00 0.00 0.00');
    expect(moneyIn(ruled('second-stands', refund('2'), charge('1'), refund('1', other)))).toBe(
      '104.00 0.00 0.00',
    );
  });

  test('of which the second charge stands post what it adds to the fee that is stated', () => {
    expect(moneyIn(ruled('second-stands', refund('1'), charge('1'), charge('3', other)))).toBe(
      '101.00 0.00 0.00',
    );
    expect(moneyIn(ruled('second-stands', refund('1'), charge('3'), charge('1', other)))).toBe(
      '104.00 0.00 0.00',
    );
  });
});

describe('what was ruled counts as if it alone had been told, among facts in any order', () => {
  const late = minutes(7);
  const fee = { fee: usd('0.05') };
  const clearing = (make: typeof cryptomate, id: string) => [
    make.cleared(id, usd('0.10'), { ...late, ...fee }),
    make.cleared(id, usd('0.25'), { ...late, ...other, isFinal: false }),
  ];
  const bodies = {
    'CryptoMate purchases': [
      clearing(cryptomate, 'clr_p1'),
      clearing(cryptomate, 'clr_own'),
      [
        cryptomate.reversed('rev_p1', usd('0.10'), late),
        cryptomate.reversed('rev_p1', usd('0.02'), { ...late, ...other }),
      ],
    ],
    '4pay purchases': [
      clearing(fourpay, 't1'),
      [
        fourpay.refunded('back-t1', usd('0.10'), fee),
        fourpay.refunded('back-t1', usd('0.12'), other),
      ],
      [
        fourpay.charged('fee-t1-0', usd('0.05'), 't1'),
        fourpay.charged('fee-t1-0', usd('0.07'), null, other),
      ],
    ],
  };

  test.each(lifecycleCases.filter(([name]) => name in bodies))('%s', (name, drawn) => {
    const story = fc
      .tuple(drawn, fc.constantFrom(...bodies[name as keyof typeof bodies]))
      .map(([{ requests, facts }, pair]) => ({
        requests,
        pair,
        facts: facts.filter(
          (fact) => fact.type !== 'RecordFact' || fact.data.event.effectKey !== pair[0]?.effectKey,
        ),
      }))
      .chain((lifecycle) =>
        fc.record({
          lifecycle: fc.constant(lifecycle),
          shuffled: fc.shuffledSubarray([...lifecycle.facts], {
            minLength: lifecycle.facts.length,
          }),
          places: fc.array(fc.nat(lifecycle.facts.length), { minLength: 3, maxLength: 3 }),
        }),
      );
    const rulings = fc.constantFrom(
      'first-stands' as const,
      'second-stands' as const,
      'separate' as const,
    );
    fc.assert(
      fc.property(story, rulings, ({ lifecycle, shuffled, places }, ruling) => {
        const [first, second] = lifecycle.pair;
        if (!first || !second) throw new Error('there are two bodies');
        const [one = 0, two = 0, three = 0] = places.sort((left, right) => left - right);
        const begun = after(fundedBook('200'), ...lifecycle.requests.map(decideAuthorization));
        const among = after(
          begun,
          ...shuffled.slice(0, one),
          recordFact(first),
          ...shuffled.slice(one, two),
          recordFact(second),
          ...shuffled.slice(two, three),
          rule(second, ruling),
          ...shuffled.slice(three),
        );
        // As if what stands had been told, and nothing else.
        const standing = {
          'first-stands': [first],
          'second-stands': [second],
          separate: [first, { ...second, effectKey: 'another fact' }],
        }[ruling];
        const before = after(begun, ...standing.map(recordFact), ...lifecycle.facts);
        expect(outcomeOf(among)).toEqual(outcomeOf(before));
      }),
      { numRuns: 100 },
    );
  });
});
