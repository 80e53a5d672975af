import { describe, expect, test } from 'vitest';
import type { CanonicalEvent } from '../canonical/events.ts';
import {
  after,
  contextOf,
  fundedBook,
  moneyIn,
  openedBook,
  recordFact,
  rejectionOf,
  reviewsIn,
  told,
  totalsOf,
} from '../testing/account-book.ts';
import { amountOf, minuteMs, noon, referenceOf } from '../testing/canonical-builder.ts';
import { instant } from '../ids.ts';
import { fourpay } from '../testing/card-facts.ts';
import { deposits, settledBy, transferFailed, transferred } from '../testing/money-facts.ts';
import type { AccountCommand, Ruling, TransferSide } from './messages.ts';
import { absentAccount } from './state.ts';
import { sentAs } from './variant.ts';

const inBothOrders = (first: CanonicalEvent, second: CanonicalEvent) =>
  [
    [first, second],
    [second, first],
  ].map((facts) => told(openedBook('p'), ...facts));

test('an account that is not there records nothing', () =>
  expect(rejectionOf({ account: absentAccount, log: [] }, recordFact(deposits.failed('d1')))).toBe(
    'account-not-found',
  ));

describe('a deposit', () => {
  test('credits its net, and pays the fee out of the provider’s account', () => {
    const book = told(
      openedBook('p'),
      deposits.confirmed('d1', amountOf('50'), { fee: amountOf('2') }),
    );
    expect(moneyIn(book)).toBe('48.00 0.00 0.00');
    expect(totalsOf(book.log)).toEqual(
      new Map([
        ['accounts:p:available USD', amountOf('48').units],
        ['providers:cryptofuse:account USD', -amountOf('50').units],
        ['providers:cryptofuse:fees USD', amountOf('2').units],
      ]),
    );
  });

  test('that is not delivered yet comes from what is in transit, which its delivery fills', () => {
    for (const book of inBothOrders(
      deposits.confirmed('d1', amountOf('50'), { isDelivered: false }),
      deposits.delivered('d1', amountOf('50'), { purpose: 'holder-deposit' }),
    )) {
      expect(moneyIn(book)).toBe('50.00 0.00 0.00');
      expect(totalsOf(book.log).get('providers:cryptofuse:in-transit USD')).toBeUndefined();
    }
  });

  test('that failed after all counts, and a person looks', () => {
    for (const book of inBothOrders(
      deposits.confirmed('d1', amountOf('50')),
      deposits.failed('d1'),
    )) {
      expect(moneyIn(book)).toBe('50.00 0.00 0.00');
      expect(reviewsIn(book)).toEqual(['contradicting-final-states']);
    }
  });

  test('that was sent back after it was said to be done wants a person, whatever credited it (4pay decision 9)', () => {
    const credit = deposits.delivered('payin', amountOf('50'));
    for (const book of inBothOrders(deposits.announced('d1'), deposits.failed('d1'))) {
      expect(reviewsIn(book)).toEqual(['contradicting-final-states']);
      expect(moneyIn(told(book, credit))).toBe('50.00 0.00 0.00');
    }
    expect(reviewsIn(told(openedBook('p'), deposits.announced('d1'), credit))).toEqual([]);
  });

  test('that compliance declined waits for a person until it is credited (calypso decision 18)', () => {
    for (const book of inBothOrders(deposits.announced('d1'), deposits.refusedByCompliance('d1'))) {
      expect(moneyIn(book)).toBe('0.00 0.00 0.00');
      expect(reviewsIn(book)).toEqual(['compliance-declined']);
      const again = told(book, deposits.refusedByCompliance('d1', { body: 'again' }));
      expect(reviewsIn(again)).toEqual(['compliance-declined']);
      const credited = told(again, deposits.confirmed('d1', amountOf('50')));
      expect(reviewsIn(credited)).toEqual(['compliance-after-credit']);
    }
  });

  test('that compliance declined without naming it waits for a person too', () =>
    expect(reviewsIn(told(openedBook('p'), deposits.refusedByCompliance(null)))).toEqual([
      'compliance-declined',
    ]));

  test('that compliance declined is not listed again once a person has closed it', () => {
    const book = after(told(openedBook('p'), deposits.refusedByCompliance('d1')), {
      type: 'ResolveReview',
      data: {
        reviewId: 'compliance-declined|cryptofuse|deposit|d1',
        ruling: 'first-stands',
        note: 'sent back',
        actor: 'test',
      },
      context: contextOf('rule'),
    });
    const again = told(book, deposits.refusedByCompliance('d1', { body: 'again' }));
    expect(reviewsIn(again)).toEqual([]);
    expect(reviewsIn(told(again, deposits.confirmed('d1', amountOf('50'))))).toEqual([
      'compliance-after-credit',
    ]);
  });

  test('that compliance refused after it was credited counts, and a person looks', () => {
    for (const book of inBothOrders(
      deposits.confirmed('d1', amountOf('50')),
      deposits.refusedByCompliance('d1'),
    )) {
      expect(moneyIn(book)).toBe('50.00 0.00 0.00');
      expect(reviewsIn(book)).toEqual(['compliance-after-credit']);
    }
  });

  test('to an address that was closed before counts, and a person looks once (calypso decision 32)', () => {
    const address = (id: string, minutes: number) => ({
      provider: 'calypso' as const,
      owners: [referenceOf('calypso', 'address', id)],
      at: instant(noon + minutes * minuteMs),
    });
    const closed = deposits.addressClosed('c', address('a1', 10));
    const late = deposits.confirmed('d1', amountOf('50'), address('a1', 11));
    for (const book of inBothOrders(closed, late)) {
      expect(moneyIn(book)).toBe('50.00 0.00 0.00');
      expect(reviewsIn(book)).toEqual(['deposit-to-closed-address']);
      const more = told(book, deposits.confirmed('d2', amountOf('5'), address('a1', 12)));
      expect(moneyIn(more)).toBe('55.00 0.00 0.00');
      expect(reviewsIn(more)).toEqual(['deposit-to-closed-address']);
    }
    // Linked by the address itself, so that no other reference could take the money.
    const linked = (event: CanonicalEvent): AccountCommand => ({
      type: 'RecordFact',
      data: { event, side: null, aliases: [], takers: [] },
      context: contextOf(event.eventId),
    });
    expect(reviewsIn(after(openedBook('p'), linked(closed), linked(late)))).toEqual([
      'deposit-to-closed-address',
    ]);
    const inTime = deposits.confirmed('d3', amountOf('50'), address('a1', 9));
    const elsewhere = deposits.confirmed('d4', amountOf('50'), address('a2', 11));
    for (const deposit of [inTime, elsewhere])
      for (const book of inBothOrders(closed, deposit)) expect(reviewsIn(book)).toEqual([]);
  });

  test('of another id contradicts nothing', () => {
    const book = told(
      openedBook('p'),
      deposits.confirmed('d1', amountOf('50')),
      deposits.failed('d2'),
    );
    expect(reviewsIn(book)).toEqual([]);
  });
});

describe('a transfer', () => {
  const [from, to] = [
    referenceOf('cryptofuse', 'wallet', 'w1'),
    referenceOf('cryptofuse', 'wallet', 'w2'),
  ];
  const event = transferred('x1', amountOf('30'), from, to, { fee: amountOf('1') });
  const record = (side: TransferSide): AccountCommand => ({
    type: 'RecordFact',
    data: { event, side, aliases: [] },
    context: contextOf(`transfer ${side}`),
  });

  test('leaves with its fee and arrives without, and meets in transit', () => {
    const sender = after(fundedBook('100'), record('from'));
    const receiver = after(openedBook('p'), record('to'));
    expect(moneyIn(sender)).toBe('69.00 0.00 0.00');
    expect(moneyIn(receiver)).toBe('30.00 0.00 0.00');
    expect(totalsOf([...sender.log, ...receiver.log]).get('platform:transit USD')).toBeUndefined();
    expect(sentAs(sender.account, event)).toBe('from');
  });

  test('between two references of one account leaves only the fee behind', () =>
    expect(moneyIn(after(fundedBook('100'), record('from'), record('to')))).toBe(
      '99.00 0.00 0.00',
    ));

  test('to somebody outside leaves the provider, and is not sent again when he becomes ours', () => {
    const sender = after(fundedBook('100'), record('out'));
    expect(totalsOf(sender.log).get('providers:cryptofuse:account USD')).toBe(amountOf('30').units);
    expect(sentAs(sender.account, event)).toBe('out');
    expect(after(sender, record('from')).log).toEqual(sender.log);
  });

  test('that failed after it was completed counts, and a person looks', () => {
    const failed = recordFact(transferFailed('x1'));
    for (const facts of [
      [record('from'), failed],
      [failed, record('from')],
      [record('to'), failed],
    ])
      expect(reviewsIn(after(fundedBook('100'), ...facts))).toEqual(['contradicting-final-states']);
  });
});

describe('a refund or a fee that is canceled after it was completed', () => {
  test.each([
    ['refund', fourpay.refunded('r1', amountOf('5')), fourpay.canceledNotice('refund', 'r1')],
    ['fee', fourpay.charged('f1', amountOf('5'), null), fourpay.canceledNotice('fee', 'f1')],
  ])('wants a person: %s', (_what, done, canceled) => {
    for (const book of inBothOrders(done, canceled))
      expect(reviewsIn(book)).toEqual(['contradicting-final-states']);
    expect(reviewsIn(told(openedBook('p'), canceled))).toEqual([]);
  });
});

describe('a second event for one effect', () => {
  const first = deposits.confirmed('d1', amountOf('50'));
  const same = deposits.confirmed('d1', amountOf('50'), { body: 'again' });
  const other = deposits.confirmed('d1', amountOf('60'), { body: 'other' });
  const rule = (ruling: Ruling): AccountCommand => ({
    type: 'ResolveReview',
    data: { reviewId: `variant-differs|${other.eventId}`, ruling, note: '', actor: 'test' },
    context: contextOf(`rule ${ruling}`),
  });
  const open = () => told(openedBook('p'), first, other);

  test('posts nothing, and nobody is asked where the money is the same', () => {
    const book = told(openedBook('p'), first, same);
    expect(moneyIn(book)).toBe('50.00 0.00 0.00');
    expect(reviewsIn(book)).toEqual([]);
    expect(book.log.at(-1)?.type).toBe('EffectRepeated');
    expect(told(book, same).log).toEqual(book.log);
  });

  test('posts nothing until a person has ruled, where the money differs', () => {
    expect(moneyIn(open())).toBe('50.00 0.00 0.00');
    expect(reviewsIn(open())).toEqual(['variant-differs']);
  });

  test.each([
    ['first-stands', '50.00 0.00 0.00'],
    ['second-stands', '60.00 0.00 0.00'],
    ['separate', '110.00 0.00 0.00'],
  ] as const)('is ruled %s', (ruling, expected) => {
    const ruled = after(open(), rule(ruling));
    expect(moneyIn(ruled)).toBe(expected);
    expect(reviewsIn(ruled)).toEqual([]);
    expect(after(ruled, rule(ruling)).log).toEqual(ruled.log);
    expect(told(ruled, other, first).log).toEqual(ruled.log);
  });

  test('is compared with what was ruled to stand', () => {
    const third = deposits.confirmed('d1', amountOf('65'), { body: 'third' });
    const ruleOn = ({ eventId }: CanonicalEvent, ruling: Ruling): AccountCommand => ({
      type: 'ResolveReview',
      data: { reviewId: `variant-differs|${eventId}`, ruling, note: '', actor: 'test' },
      context: contextOf(`rule ${ruling} on ${eventId}`),
    });
    const two = told(open(), third);
    const ruledInTurn = (earlier: CanonicalEvent, later: CanonicalEvent) =>
      moneyIn(after(two, ruleOn(earlier, 'second-stands'), ruleOn(later, 'second-stands')));
    expect(ruledInTurn(other, third)).toBe('65.00 0.00 0.00');
    expect(ruledInTurn(third, other)).toBe('60.00 0.00 0.00');
    const ruled = after(open(), rule('second-stands'));
    const like = (amount: string) => deposits.confirmed('d1', amountOf(amount), { body: 'late' });
    expect(reviewsIn(told(ruled, like('60')))).toEqual([]);
    expect(reviewsIn(told(ruled, like('50')))).toEqual(['variant-differs']);
  });

  test('cannot be ruled as a failure, nor twice in different ways', () => {
    expect(rejectionOf(open(), rule('failure-confirmed'))).toBe('ruling-not-applicable');
    const ruled = after(open(), rule('separate'));
    expect(rejectionOf(ruled, rule('first-stands'))).toBe('review-not-found');
  });

  test('for one authorization cannot post by a ruling: what is held follows from its facts', () => {
    const held = fourpay.confirmed('t1', amountOf('5'));
    const more = fourpay.confirmed('t1', amountOf('7'), { body: 'other' });
    const book = told(fundedBook('100'), held, more);
    const ruling = (kind: Ruling): AccountCommand => ({
      type: 'ResolveReview',
      data: { reviewId: `variant-differs|${more.eventId}`, ruling: kind, note: '', actor: 'test' },
      context: contextOf(`rule ${kind}`),
    });
    expect(rejectionOf(book, ruling('second-stands'))).toBe('ruling-not-applicable');
    expect(reviewsIn(after(book, ruling('first-stands')))).toEqual([]);
  });
});

describe('a 4pay card that is closed', () => {
  const closed = fourpay.status('closed', noon);
  const credit = fourpay.refunded('r1', amountOf('5'));

  test('wants a person while the books have a balance for it, in both orders', () => {
    for (const book of inBothOrders(credit, closed))
      expect(reviewsIn(book)).toEqual(['card-closed-with-balance']);
  });

  test('wants nobody once the balance is gone, or when there was none', () => {
    expect(reviewsIn(told(openedBook('p'), closed))).toEqual([]);
    const [book] = inBothOrders(credit, closed);
    if (!book) throw new Error('there is a book');
    expect(reviewsIn(told(book, fourpay.charged('f1', amountOf('5'), null)))).toEqual([]);
  });

  test('wants nobody while another card of the account can be used', () => {
    const other = fourpay.status('active', noon, { card: 'card-2' });
    expect(reviewsIn(told(openedBook('p'), other, credit, closed))).toEqual([]);
  });
});

/** Calypso settles an invoice deposit by deposit, or several in one. */
describe('a settlement that is known by its deposits', () => {
  const settled = (amount: string, ...depositIds: readonly string[]) =>
    settledBy(referenceOf('calypso', 'invoice', 'i1'), amountOf(amount), ...depositIds);
  const [one, both, other] = [settled('50', 'a'), settled('90', 'a', 'b'), settled('40', 'b')];

  test('posts beside another one of the same invoice', () => {
    for (const book of inBothOrders(one, other)) {
      expect(moneyIn(book)).toBe('90.00 0.00 0.00');
      expect(reviewsIn(book)).toEqual([]);
    }
  });

  test('posts nothing where it shares a deposit with an earlier one, and a person looks (calypso decision 25)', () => {
    for (const [facts, expected] of [
      [[one, both], '50.00 0.00 0.00'],
      [[both, one], '90.00 0.00 0.00'],
      [[both, other], '90.00 0.00 0.00'],
      [[settled('70', 'b', 'c'), both], '70.00 0.00 0.00'],
    ] as const) {
      const book = told(openedBook('p'), ...facts);
      expect(moneyIn(book)).toBe(expected);
      expect(reviewsIn(book)).toEqual(['variant-differs']);
    }
  });

  test('is ruled like any other second body', () => {
    const rule = (ruling: Ruling): AccountCommand => ({
      type: 'ResolveReview',
      data: { reviewId: `variant-differs|${both.eventId}`, ruling, note: '', actor: 'test' },
      context: contextOf(`rule ${ruling}`),
    });
    const open = told(openedBook('p'), one, both);
    expect(moneyIn(after(open, rule('second-stands')))).toBe('90.00 0.00 0.00');
    expect(moneyIn(after(open, rule('separate')))).toBe('140.00 0.00 0.00');
  });
});
