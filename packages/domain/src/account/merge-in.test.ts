import { describe, expect, test } from 'vitest';
import type { CanonicalEvent } from '../canonical/events.ts';
import { type Reference, referenceKey } from '../reference/reference.ts';
import {
  type AccountBook,
  after,
  contextOf,
  decideAuthorization,
  fundedBook,
  moneyIn,
  openedBook,
  openHolds,
  ownerOf,
  recordFact,
  rejectionOf,
  reviewsIn,
  told,
  totalsOf,
} from '../testing/account-book.ts';
import { amountOf, noon, referenceOf } from '../testing/canonical-builder.ts';
import { cryptomate } from '../testing/card-facts.ts';
import { deposits, payouts, settledBy, withdrawals } from '../testing/money-facts.ts';
import { accountId } from '../ids.ts';
import type { AccountCommand, MovedContent } from './messages.ts';

const card = referenceOf('cryptomate', 'card', 'card-1');
const wallet = referenceOf('cryptofuse', 'wallet', 'wallet-1');
const thirty = amountOf('30');

const moveOut = (reference: Reference, moveId = 'move'): AccountCommand => ({
  type: 'MoveOut',
  data: { moveId, reference, to: accountId('player-1'), lengthMax: Infinity },
  context: contextOf(`${moveId} out`),
});
const moveIn = (reference: Reference, content: MovedContent, moveId = 'move'): AccountCommand => ({
  type: 'MoveIn',
  data: { moveId, reference, from: accountId('kept'), content },
  context: contextOf(`${moveId} in`),
});

function moved(reference: Reference, from: AccountBook, to: AccountBook, moveId = 'move') {
  const sender = after(from, moveOut(reference, moveId));
  const content = sender.account.movesOut.get(moveId);
  if (!content) throw new Error(`nothing of ${referenceKey(reference)} has moved`);
  const receiver = after(to, moveIn(reference, content, moveId));
  return { sender, receiver, content, all: totalsOf([...sender.log, ...receiver.log]) };
}

const keptFor = (reference: Reference, ...events: readonly CanonicalEvent[]) =>
  told(openedBook('kept', reference), ...events);

describe('what moves with a reference', () => {
  test('is its balance, through transit and without a rest', () => {
    const from = keptFor(wallet, deposits.confirmed('d1', thirty));
    const { sender, receiver, all } = moved(wallet, from, openedBook('player-1'));
    expect(moneyIn(sender)).toBe('0.00 0.00 0.00');
    expect(moneyIn(receiver)).toBe('30.00 0.00 0.00');
    expect(all.get('platform:transit USD')).toBeUndefined();
  });

  test('is the open holds of a card, which can be cleared at the new owner', () => {
    const from = keptFor(card, cryptomate.confirmed('ok_1', thirty));
    const { sender, receiver } = moved(card, from, fundedBook('100'));
    expect(openHolds(sender.log).size).toBe(0);
    expect([...openHolds(receiver.log).keys()]).toEqual(['card|cryptomate|card-1|1']);
    expect(moneyIn(receiver)).toBe('70.00 30.00 0.00');
    const cleared = told(receiver, cryptomate.cleared('clr_1', thirty));
    expect(moneyIn(cleared)).toBe('70.00 0.00 0.00');
  });

  test('is also a hold whose id has a bar in it, which can be withdrawn at the new owner', () => {
    const request = cryptomate.requested('ask_1|2', thirty);
    const approved = after(fundedBook('100'), decideAuthorization(request));
    const { receiver } = moved(card, approved, openedBook('player-1'));
    const [holdId = ''] = openHolds(receiver.log).keys();
    const { eventId } = request;
    const withdrawn = after(receiver, {
      type: 'WithdrawApproval',
      data: { holdId, eventId },
      context: contextOf('withdraw'),
    });
    expect(moneyIn(withdrawn)).toBe('0.00 0.00 0.00');
  });

  test('is every order of a wallet, each of which is completed at the new owner', () => {
    const from = keptFor(
      wallet,
      withdrawals.requested('w1', thirty),
      withdrawals.requested('w2', amountOf('20')),
    );
    const { receiver } = moved(wallet, from, fundedBook('100'));
    expect(moneyIn(receiver)).toBe('50.00 0.00 50.00');
    const done = told(receiver, withdrawals.completed('w1', null), withdrawals.failed('w2'));
    expect(moneyIn(done)).toBe('70.00 0.00 0.00');
  });

  test('is held only where somebody can spend it: out of suspense the hold is placed', () => {
    const nobody: AccountBook = {
      account: openedBook('kept').account,
      log: openedBook('kept').log,
    };
    const waiting = told(
      {
        ...nobody,
        account: {
          ...nobody.account,
          openedFor: card,
          owner: {
            place: 'suspense',
            accountId: accountId('suspense.cryptomate.card.card-1'),
            provider: 'cryptomate',
          },
        },
      },
      cryptomate.confirmed('ok_1', thirty),
    );
    expect(openHolds(waiting.log).size).toBe(0);
    const { receiver } = moved(card, waiting, fundedBook('100'));
    expect(moneyIn(receiver)).toBe('70.00 30.00 0.00');
  });

  test('is also that a settlement stands for each of its deposits', () => {
    const invoice = referenceOf('calypso', 'invoice', 'i1');
    const from = keptFor(wallet, settledBy(invoice, amountOf('90'), 'a', 'b'));
    const { receiver } = moved(invoice, from, openedBook('player-1'));
    const again = told(receiver, settledBy(invoice, amountOf('50'), 'a'));
    expect(moneyIn(again)).toBe('90.00 0.00 0.00');
    expect(reviewsIn(again)).toEqual(['variant-differs']);
  });

  test('takes back a settlement that shares a deposit with one that posted here', () => {
    const invoice = referenceOf('calypso', 'invoice', 'i1');
    const settled = (amount: string, ...ids: readonly string[]) =>
      settledBy(invoice, amountOf(amount), ...ids);
    for (const [kept, here, reviews] of [
      [settled('90', 'a', 'b'), settled('90', 'a'), []],
      [settled('90', 'a', 'b'), settled('50', 'b'), ['variant-differs']],
      [settled('50', 'a'), settled('90', 'a', 'b'), ['variant-differs']],
    ] as const) {
      const to = told(openedBook('player-1'), here);
      const { receiver, all } = moved(invoice, keptFor(wallet, kept), to);
      expect(moneyIn(receiver)).toBe(moneyIn(to));
      expect(reviewsIn(receiver)).toEqual(reviews);
      expect(all.get('platform:transit USD') ?? 0n).toBe(0n);
    }
  });

  test('is also that a clearing was said to have failed', () => {
    const from = keptFor(wallet, cryptomate.clearingFailed('clr_1', thirty));
    const { receiver } = moved(card, from, fundedBook('100'));
    const cleared = told(receiver, cryptomate.cleared('clr_1', thirty));
    expect(reviewsIn(cleared)).toContain('contradicting-final-states');
  });

  test('leaves behind what names another reference', () => {
    const other = referenceOf('cryptofuse', 'wallet', 'wallet-2');
    const from = told(
      openedBook('kept'),
      deposits.confirmed('d1', thirty),
      deposits.confirmed('d2', amountOf('7'), { owners: [other] }),
    );
    const { sender, receiver } = moved(wallet, from, openedBook('player-1'));
    expect(moneyIn(sender)).toBe('7.00 0.00 0.00');
    expect(moneyIn(receiver)).toBe('30.00 0.00 0.00');
  });

  test('leaves behind what a reference that counts more has led there', () => {
    const event = payouts.completed('p1', thirty, { owners: [wallet] });
    const from = after(openedBook('kept'), {
      type: 'RecordFact',
      data: { event, side: null, aliases: [], takers: [] },
      context: contextOf('recorded'),
    });
    const { sender } = moved(wallet, from, openedBook('player-1'));
    expect(moneyIn(sender)).toBe('-30.00 0.00 0.00');
    expect(
      rejectionOf(sender, {
        type: 'RecordFact',
        data: { event: payouts.returned('p1', null), side: null, aliases: [], takers: [] },
        context: contextOf('later'),
      }),
    ).toBeNull();
  });
});

describe('after a move', () => {
  const from = () => keptFor(card, cryptomate.confirmed('ok_1', thirty));

  test('the former owner refuses what comes late, so that it is looked up again', () => {
    const { sender } = moved(card, from(), openedBook('player-1'));
    const late = cryptomate.cleared('clr_1', thirty);
    expect(rejectionOf(sender, recordFact(late))).toBe('reference-moved');
    const asked = decideAuthorization(cryptomate.requested('ask_2', thirty));
    expect(rejectionOf(sender, asked)).toBe('reference-moved');
  });

  test('doing either step again changes nothing', () => {
    const { sender, receiver, content } = moved(card, from(), openedBook('player-1'));
    expect(after(sender, moveOut(card)).log).toEqual(sender.log);
    expect(after(receiver, moveIn(card, content)).log).toEqual(receiver.log);
  });

  test('what the former owner knew is known to the new one', () => {
    const { receiver } = moved(card, from(), openedBook('player-1'));
    expect(told(receiver, cryptomate.confirmed('ok_1', thirty)).log).toEqual(receiver.log);
  });

  test('its reviews are open at the new owner, and closed at the former', () => {
    const stray = cryptomate.cleared('clr_9', thirty);
    const { sender, receiver } = moved(card, keptFor(card, stray), openedBook('player-1'));
    expect(reviewsIn(sender)).toEqual([]);
    expect(reviewsIn(receiver)).toEqual(['unlinked-clearing']);
    expect(reviewsIn(told(receiver, cryptomate.confirmed('ok_9', thirty)))).toEqual([]);
  });

  test.each([
    ['second-stands', '42.00 0.00 0.00'],
    ['separate', '72.00 0.00 0.00'],
  ] as const)('is what a person ruled on two bodies: %s', (ruling, expected) => {
    const rule = ({ eventId }: CanonicalEvent): AccountCommand => ({
      type: 'ResolveReview',
      data: { reviewId: `variant-differs|${eventId}`, ruling, note: '', actor: 'test' },
      context: contextOf(`rule ${eventId}`),
    });
    const more = amountOf('42');
    for (const [reference, first, second] of [
      [wallet, deposits.confirmed('d1', thirty), deposits.confirmed('d1', more, { body: 'x' })],
      [card, cryptomate.refunded('r_1', thirty), cryptomate.refunded('r_1', more, { body: 'x' })],
    ] as const) {
      const from = after(keptFor(reference, first, second), rule(second));
      const { sender, receiver } = moved(reference, from, openedBook('player-1'));
      expect(moneyIn(sender)).toBe('0.00 0.00 0.00');
      expect(moneyIn(receiver)).toBe(expected);
    }
  });

  test('a variant is ruled at the new owner', () => {
    const other = deposits.confirmed('d1', amountOf('40'), { body: 'other' });
    const both = keptFor(wallet, deposits.confirmed('d1', thirty), other);
    const { sender, receiver } = moved(wallet, both, openedBook('player-1'));
    expect(reviewsIn(sender)).toEqual([]);
    const ruled = after(receiver, {
      type: 'ResolveReview',
      data: {
        reviewId: `variant-differs|${other.eventId}`,
        ruling: 'second-stands',
        note: '',
        actor: 'test',
      },
      context: contextOf('rule'),
    });
    expect(moneyIn(ruled)).toBe('40.00 0.00 0.00');
  });
});

describe('what both accounts were told', () => {
  const facts: readonly (readonly [string, Reference, readonly CanonicalEvent[]])[] = [
    ['a deposit', wallet, [deposits.confirmed('d1', thirty)]],
    [
      'a hold and its clearing',
      card,
      [cryptomate.confirmed('ok_1', thirty), cryptomate.cleared('clr_1', amountOf('10'))],
    ],
    [
      'a running total',
      card,
      [cryptomate.cleared('clr_1', amountOf('10'), { means: 'running-total' })],
    ],
    [
      'a withdrawal',
      wallet,
      [withdrawals.requested('w1', thirty), withdrawals.completed('w1', null)],
    ],
  ];

  test.each(facts)('posts once: %s', (_what, reference, events) => {
    const { receiver, all } = moved(
      reference,
      keptFor(reference, ...events),
      told(openedBook('player-1'), ...events),
    );
    const alone = told(openedBook('player-1'), ...events);
    expect(moneyIn(receiver)).toBe(moneyIn(alone));
    expect(all).toEqual(totalsOf(alone.log));
  });

  test('in two bodies posts once, what came to the new owner first, and a person looks', () => {
    const other = cryptomate.cleared('clr_1', amountOf('12'), { body: 'other' });
    const { receiver, all } = moved(
      card,
      keptFor(card, cryptomate.cleared('clr_1', amountOf('10'))),
      told(openedBook('player-1'), other),
    );
    expect(moneyIn(receiver)).toBe('-12.00 0.00 0.00');
    expect(all.get('providers:cryptomate:clearing USD')).toBe(amountOf('12').units);
    expect(reviewsIn(receiver)).toContain('variant-differs');
  });

  test('of an order in two bodies counts with the name and the chain hash of either', () => {
    const here = told(fundedBook('100'), withdrawals.failed('x1', { body: 'bare' }));
    const order = { kind: 'withdrawal', provider: 'cryptofuse', orderId: 'w1' } as const;
    const place: AccountCommand = {
      type: 'PlaceOrder',
      data: { order: { ...order, amount: thirty, fee: amountOf('0') } },
      context: contextOf('order'),
    };
    for (const [full, expected] of [
      [withdrawals.failed('x1', { names: ['w1'] }), '100.00 0.00 0.00'],
      [withdrawals.failed('x1', { names: ['w1'], chainHash: '0x1' }), '70.00 0.00 30.00'],
    ] as const) {
      const { receiver } = moved(wallet, keptFor(wallet, full), here);
      expect(moneyIn(after(receiver, place))).toBe(expected);
    }
  });

  test('of one order under two names is one order when the names meet', () => {
    const kept = keptFor(
      wallet,
      withdrawals.requested('b1', thirty),
      withdrawals.failed('b1', { chainHash: '0x1' }),
    );
    const here = told(fundedBook('100'), withdrawals.completed('a1', thirty, { names: ['b1'] }));
    const { receiver } = moved(wallet, kept, here);
    expect(moneyIn(receiver)).toBe('70.00 0.00 0.00');
    expect(reviewsIn(receiver)).toEqual(['contradicting-final-states']);
  });
});

test('a card keeps its last state when it moves, also when an older one was told last', () => {
  const from = keptFor(card, cryptomate.status('closed', noon), cryptomate.status('active', noon));
  const { receiver } = moved(card, from, openedBook('player-1'));
  expect(receiver.account.cards.get('card|cryptomate|card-1')?.status?.status).toBe('closed');
});

test('what has left for one account does not leave for another one with what is there still', () => {
  const from = keptFor(wallet, deposits.confirmed('d1', thirty));
  const { sender, receiver: between } = moved(wallet, from, openedBook('between'));
  const player = told(openedBook('player-1'), deposits.confirmed('d2', amountOf('5')));
  const client = referenceOf('cryptofuse', 'client', 'client-1');
  const still = told(sender, deposits.confirmed('d3', amountOf('7'), { owners: [client] }));
  const { receiver: withRest } = moved(wallet, still, player, 'rest');
  const { receiver } = moved(wallet, between, withRest, 'on');
  expect(moneyIn(receiver)).toBe('42.00 0.00 0.00');
});

test('money that moved can move again', () => {
  const from = keptFor(wallet, deposits.confirmed('d1', thirty));
  const { receiver } = moved(wallet, from, openedBook('player-1'));
  expect(
    moneyIn(
      after(receiver, {
        type: 'MoveOut',
        data: { moveId: 'on', reference: wallet, to: ownerOf('x').accountId, lengthMax: Infinity },
        context: contextOf('on out'),
      }),
    ),
  ).toBe('0.00 0.00 0.00');
});

describe('what moves back to where it was', () => {
  const back = (reference: Reference, ...events: readonly CanonicalEvent[]) => {
    const { sender, receiver } = moved(
      reference,
      keptFor(reference, ...events),
      openedBook('player-1'),
    );
    return moved(reference, receiver, sender, 'back');
  };
  const invoice = referenceOf('calypso', 'invoice', 'i1');

  test.each([
    ['a deposit', wallet, deposits.confirmed('d1', thirty), '30.00 0.00 0.00'],
    ['a settlement', invoice, settledBy(invoice, thirty, 'a', 'b'), '30.00 0.00 0.00'],
    ['a hold', card, cryptomate.confirmed('ok_1', thirty), '-30.00 30.00 0.00'],
    ['a withdrawal', wallet, withdrawals.requested('w1', thirty), '-30.00 0.00 30.00'],
  ] as const)('is there again: %s', (_what, reference, event, expected) => {
    const { receiver, all } = back(reference, event);
    expect(moneyIn(receiver)).toBe(expected);
    expect(all.get('platform:transit USD')).toBeUndefined();
    expect(told(receiver, event).log).toEqual(receiver.log);
    expect(reviewsIn(receiver)).toEqual([]);
  });

  test('is known where it goes on to', () => {
    const event = deposits.confirmed('d1', thirty);
    const { receiver: onward } = moved(wallet, back(wallet, event).receiver, openedBook('x'), 'on');
    const again = deposits.confirmed('d1', thirty, { body: 'again' });
    expect(moneyIn(told(onward, event, again))).toBe('30.00 0.00 0.00');
  });

  test('and what is told of it then is taken', () => {
    const { receiver } = back(card, cryptomate.confirmed('ok_1', thirty));
    expect(moneyIn(told(receiver, cryptomate.cleared('clr_1', thirty)))).toBe('-30.00 0.00 0.00');
  });
});
