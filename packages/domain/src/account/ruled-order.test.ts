import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CanonicalEvent } from '../canonical/events.ts';
import {
  type AccountBook,
  after,
  contextOf,
  fundedBook,
  leaving,
  moneyIn,
  openedBook,
  outcomeOf,
  recordFact,
  rejectionOf,
  reviewsIn,
  told,
  totalsOf,
} from '../testing/account-book.ts';
import { amountOf, referenceOf } from '../testing/canonical-builder.ts';
import { payouts, withdrawals } from '../testing/money-facts.ts';
import type { AccountCommand, OrderKind, Ruling } from './messages.ts';

const usd = amountOf;
const place = (orderId: string, kind: OrderKind = 'withdrawal'): AccountCommand => ({
  type: 'PlaceOrder',
  data: { order: { kind, provider: 'cryptofuse', orderId, amount: usd('50'), fee: usd('1') } },
  context: contextOf(`order ${orderId}`),
});
const rule = ({ eventId }: CanonicalEvent, ruling: Ruling): AccountCommand => ({
  type: 'ResolveReview',
  data: { reviewId: `variant-differs|${eventId}`, ruling, note: '', actor: 'test' },
  context: contextOf(`rule ${ruling} on ${eventId}`),
});
const sent = (book: AccountBook) => totalsOf(book.log).get('providers:cryptofuse:account USD');
const charged = (book: AccountBook) => totalsOf(book.log).get('providers:cryptofuse:fees USD');

const wallet = referenceOf('cryptofuse', 'wallet', 'wallet-1');
const first = withdrawals.completed('w1', usd('45'), { fee: usd('3') });
const second = withdrawals.completed('w1', usd('48'), { fee: usd('2'), body: 'other' });
const ordered = () => after(fundedBook('100'), place('w1'));
const both = () => told(ordered(), first, second);

describe('two bodies of one completion', () => {
  test.each([
    ['first-stands', '52.00 0.00 0.00', '45', '3'],
    ['second-stands', '50.00 0.00 0.00', '48', '2'],
    ['separate', '2.00 0.00 0.00', '93', '5'],
  ] as const)('are ruled %s', (ruling, expected, amount, fee) => {
    const ruled = after(both(), rule(second, ruling));
    expect(moneyIn(ruled)).toBe(expected);
    expect(sent(ruled)).toBe(usd(amount).units);
    expect(charged(ruled)).toBe(usd(fee).units);
    expect(reviewsIn(ruled)).toEqual([]);
    expect(after(ruled, rule(second, ruling)).log).toEqual(ruled.log);
    expect(told(ruled, first, second).log).toEqual(ruled.log);
  });

  test('of which the second stands are it when the order is told of afterwards', () => {
    const early = after(told(fundedBook('100'), first, second), rule(second, 'second-stands'));
    const late = after(early, place('w1'));
    expect(moneyIn(late)).toBe('50.00 0.00 0.00');
    const failed = told(late, withdrawals.failed('w1'));
    expect(moneyIn(failed)).toBe('50.00 0.00 0.00');
    expect(reviewsIn(failed)).toEqual(['contradicting-final-states']);
  });

  test('of which the second leaves amount and fee open pay what was reserved', () => {
    const open = withdrawals.completed('w1', null, { body: 'other' });
    const ruled = after(told(ordered(), first, open), rule(open, 'second-stands'));
    expect(moneyIn(ruled)).toBe('49.00 0.00 0.00');
    expect(rejectionOf(told(ordered(), first, open), rule(open, 'separate'))).toBe(
      'ruling-not-applicable',
    );
  });

  test('are followed by a third one that is compared with what stands', () => {
    const third = withdrawals.completed('w1', usd('40'), { fee: usd('1'), body: 'third' });
    const ruled = after(both(), rule(second, 'second-stands'));
    const like = withdrawals.completed('w1', usd('48'), { fee: usd('2'), body: 'like' });
    expect(reviewsIn(told(ruled, like))).toEqual([]);
    const asked = told(ruled, third);
    expect(reviewsIn(asked)).toEqual(['variant-differs']);
    expect(moneyIn(after(asked, rule(third, 'second-stands')))).toBe('59.00 0.00 0.00');
    const apart = after(told(both(), third), rule(second, 'separate'));
    expect(moneyIn(after(apart, rule(third, 'second-stands')))).toBe('9.00 0.00 0.00');
  });

  test.each([
    ['second-stands', '-50.00 0.00 0.00', '-48.00 0.00 0.00', '-50.00 0.00 0.00'],
    ['separate', '-98.00 0.00 0.00', '-98.00 0.00 0.00', '-50.00 0.00 0.00'],
  ] as const)('move as they were ruled: %s', (ruling, expected, besideFirst, besideSecond) => {
    const kept = after(told(openedBook('kept'), first, second), rule(second, ruling));
    const { sender, arrive } = leaving(kept, wallet);
    const receiver = after(openedBook('player-1'), arrive);
    expect(moneyIn(sender)).toBe('0.00 0.00 0.00');
    expect(moneyIn(receiver)).toBe(expected);
    const again = told(receiver, first, withdrawals.failed('w1'));
    expect(moneyIn(again)).toBe(expected);
    expect(reviewsIn(again)).toEqual(['contradicting-final-states']);
    // Where one of the bodies was told too, nothing posts twice; if the other one is lost, a person looks.
    for (const [known, money] of [
      [first, besideFirst],
      [second, besideSecond],
    ] as const) {
      const met = after(told(openedBook('player-1'), known), arrive);
      expect(totalsOf([...sender.log, ...met.log]).get('platform:transit USD')).toBeUndefined();
      expect(moneyIn(met)).toBe(money);
      expect(reviewsIn(met)).toEqual(money === expected ? [] : ['variant-differs']);
    }
  });

  test('are not asked about again where they were ruled and the first one arrives', () => {
    const { arrive } = leaving(told(openedBook('kept'), first), wallet);
    const here = after(told(openedBook('player-1'), first, second), rule(second, 'second-stands'));
    const met = after(here, arrive);
    expect(moneyIn(met)).toBe('-50.00 0.00 0.00');
    expect(reviewsIn(met)).toEqual([]);
  });

  test('of which the first alone told that it was sent keep a failure waiting', () => {
    const hashed = payouts.returned('p1', usd('20'), { withdrawalId: 'a', chainHash: '0x1' });
    const other = payouts.returned('p1', usd('30'), { withdrawalId: 'a', body: 'other' });
    const begun = told(after(fundedBook('100'), place('p1', 'payout')), hashed, other);
    const ruled = after(begun, rule(other, 'second-stands'));
    const failed = told(ruled, payouts.returned('p1', null));
    expect(reviewsIn(failed)).toContain('failure-after-broadcast');
  });
});

describe('two bodies of one request', () => {
  const asked = withdrawals.requested('w1', usd('50'));
  const other = withdrawals.requested('w1', usd('60'), { body: 'other' });

  test('of which the second stands reserve what it says, and leave it with the completion', () => {
    const ruled = after(told(fundedBook('100'), asked, other), rule(other, 'second-stands'));
    expect(moneyIn(ruled)).toBe('40.00 0.00 60.00');
    expect(moneyIn(told(ruled, withdrawals.completed('w1', null)))).toBe('40.00 0.00 0.00');
    expect(moneyIn(told(ruled, withdrawals.failed('w1')))).toBe('100.00 0.00 0.00');
  });

  test('close the review of an order that the second one agrees with', () => {
    const fifty = withdrawals.requested('w1', usd('50'), { body: 'as ordered' });
    const differing = told(ordered(), withdrawals.requested('w1', usd('60')), fifty);
    expect(reviewsIn(differing)).toEqual(['order-differs', 'variant-differs']);
    expect(reviewsIn(after(differing, rule(fifty, 'second-stands')))).toEqual([]);
  });

  test('are not two: nothing would ever release what the second one reserved', () =>
    expect(rejectionOf(told(fundedBook('100'), asked, other), rule(other, 'separate'))).toBe(
      'ruling-not-applicable',
    ));
});

describe('two bodies of one part of a payout', () => {
  const paid = payouts.completed('p1', usd('20'), { withdrawalId: 'a' });
  const more = payouts.completed('p1', usd('25'), { withdrawalId: 'a', body: 'other' });
  const placed = () => after(fundedBook('100'), place('p1', 'payout'));

  test('are one part of the amount that was ruled', () => {
    const ruled = after(told(placed(), paid, more), rule(more, 'second-stands'));
    expect(moneyIn(ruled)).toBe('49.00 0.00 25.00');
    expect(moneyIn(told(ruled, payouts.returned('p1', null)))).toBe('74.00 0.00 0.00');
  });

  test('are two parts where both are facts', () => {
    const ruled = after(told(placed(), paid, more), rule(more, 'separate'));
    expect(moneyIn(ruled)).toBe('49.00 0.00 5.00');
    expect(sent(ruled)).toBe(usd('45').units);
    expect(moneyIn(told(ruled, payouts.returned('p1', null)))).toBe('54.00 0.00 0.00');
  });

  test('that came back release what each of them says where both are facts', () => {
    const back = payouts.returned('p1', usd('20'), { withdrawalId: 'a' });
    const other = payouts.returned('p1', usd('25'), { withdrawalId: 'a', body: 'other' });
    const ruled = after(told(placed(), back, other), rule(other, 'separate'));
    expect(moneyIn(ruled)).toBe('94.00 0.00 6.00');
  });
});

test('a whole payout cannot come back twice', () => {
  const back = payouts.returned('p1', usd('50'));
  const other = payouts.returned('p1', usd('40'), { body: 'other' });
  const book = told(after(fundedBook('100'), place('p1', 'payout')), back, other);
  expect(rejectionOf(book, rule(other, 'separate'))).toBe('ruling-not-applicable');
  expect(moneyIn(after(book, rule(other, 'second-stands')))).toBe('100.00 0.00 0.00');
});

describe('what was ruled counts as if it alone had been told, among facts in any order', () => {
  const withdrawn = { first, second };
  const part = { withdrawalId: 'a', fee: usd('1') };
  const parts = {
    first: payouts.completed('p1', usd('20'), part),
    second: payouts.completed('p1', usd('25'), { ...part, body: 'other' }),
  };
  const others: readonly (readonly [string, typeof withdrawn | typeof parts, AccountCommand[]])[] =
    [
      [
        'a withdrawal',
        withdrawn,
        [
          place('w1'),
          ...[
            withdrawals.requested('x9', usd('52'), { names: ['w1'] }),
            withdrawals.progressed('x9', { chainHash: '0xabc' }),
            withdrawals.failed('x9'),
          ].map(recordFact),
        ],
      ],
      [
        'a payout in parts',
        parts,
        [
          place('p1', 'payout'),
          ...[
            payouts.returned('p1', usd('10'), { withdrawalId: 'b' }),
            payouts.completed('p1', usd('5'), { withdrawalId: 'c' }),
            payouts.returned('p1', null, { chainHash: '0xabc' }),
          ].map(recordFact),
        ],
      ],
    ];

  test.each(others)('%s', (_what, bodies, facts) => {
    const rulings = fc.constantFrom(...(['first-stands', 'second-stands', 'separate'] as const));
    const orders = fc.shuffledSubarray(facts, { minLength: facts.length });
    fc.assert(
      fc.property(
        rulings,
        orders,
        fc.array(fc.nat(facts.length), { minLength: 3, maxLength: 3 }),
        (ruling, shuffled, places) => {
          const [one = 0, two = 0, three = 0] = places.sort((left, right) => left - right);
          const told = [
            ...shuffled.slice(0, one),
            recordFact(bodies.first),
            ...shuffled.slice(one, two),
            recordFact(bodies.second),
            ...shuffled.slice(two, three),
            rule(bodies.second, ruling),
            ...shuffled.slice(three),
          ];
          const [first, second] = [recordFact(bodies.first), recordFact(bodies.second)];
          // As if what stands had been told, and nothing else.
          const standing = {
            'first-stands': [first],
            'second-stands': [second],
            separate: [first, second, rule(bodies.second, 'separate')],
          }[ruling];
          expect(outcomeOf(after(fundedBook('200'), ...told))).toEqual(
            outcomeOf(after(fundedBook('200'), ...standing, ...facts)),
          );
        },
      ),
      { numRuns: 100 },
    );
  });
});
