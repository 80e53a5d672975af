import { describe, expect, test } from 'vitest';
import { accountId } from '../ids.ts';
import {
  adjustment,
  after,
  contextOf,
  fundedBook,
  moneyIn,
  openedBook,
  ownerOf,
  rejectionOf,
  totalsOf,
} from '../testing/account-book.ts';
import { amountOf, noon } from '../testing/canonical-builder.ts';
import { deciderSpec } from '../testing/decider-spec.ts';
import { accountDecider } from './account-decider.ts';
import type { AccountCommand, AccountEvent, AccountKind } from './messages.ts';

const given = deciderSpec(accountDecider);
const opened: AccountEvent = {
  type: 'AccountOpened',
  data: { owner: ownerOf('player-1'), openedFor: null },
};
const context = contextOf('command');
const open = (kind: AccountKind): AccountCommand => ({
  type: 'OpenAccount',
  data: {
    owner: { place: 'account', accountId: accountId('player-1'), kind },
    openedFor: null,
  },
  context,
});
const freeze: AccountCommand = { type: 'FreezeAccount', data: { reason: 'lost' }, context };
const unfreeze: AccountCommand = { type: 'UnfreezeAccount', data: { reason: 'found' }, context };
const close: AccountCommand = { type: 'CloseAccount', data: { reason: 'gone' }, context };
const limit = (amount: string): AccountCommand => ({
  type: 'SetCreditLimit',
  data: { limit: amountOf(amount) },
  context,
});
const frozen: AccountEvent = { type: 'AccountFrozen', data: { reason: 'lost' } };
const closed: AccountEvent = { type: 'AccountClosed', data: { reason: 'gone' } };

describe('an account', () => {
  test('opens once, and is not opened as another kind', () => {
    given().when(open('player')).then(opened);
    given(opened).when(open('player')).thenNothing();
    given(opened).when(open('merchant')).thenRejected('account-exists');
  });

  test('that is not there takes no other command', () => {
    for (const command of [freeze, unfreeze, close, limit('5'), adjustment('a', '5', 'credit')])
      given().when(command).thenRejected('account-not-found');
  });

  test('is frozen and thaws, each once', () => {
    given(opened).when(freeze).then(frozen);
    given(opened, frozen).when(freeze).thenNothing();
    given(opened).when(unfreeze).thenNothing();
    given(opened, frozen)
      .when(unfreeze)
      .then({ type: 'AccountUnfrozen', data: { reason: 'found' } });
  });

  test('has one credit limit for each asset', () => {
    const set: AccountEvent = { type: 'CreditLimitSet', data: { limit: amountOf('5') } };
    given(opened).when(limit('5')).then(set);
    given(opened, set).when(limit('5')).thenNothing();
    given(opened).when(limit('0')).thenNothing();
  });

  test('is closed for good when it is empty', () => {
    given(opened).when(close).then(closed);
    given(opened, closed).when(close).thenNothing();
    given(opened, closed).when(freeze).thenRejected('account-closed');
    given(opened, closed).when(unfreeze).thenRejected('account-closed');
    given(opened, closed).when(limit('5')).thenRejected('account-closed');
  });

  test('is corrected by hand after it was closed, as money may still come in', () => {
    const book = after(openedBook('player-1'), close, adjustment('late', '12.34', 'credit'));
    expect(rejectionOf(book, adjustment('out', '12.35', 'debit'))).toBe('insufficient-funds');
    const emptied = after(book, adjustment('out', '12.34', 'debit'));
    expect([moneyIn(emptied), emptied.account.status]).toEqual(['0.00 0.00 0.00', 'closed']);
    const order: AccountCommand = {
      type: 'PlaceOrder',
      data: {
        order: {
          kind: 'payout',
          provider: 'calypso',
          orderId: 'o',
          amount: amountOf('1'),
          fee: amountOf('0'),
        },
      },
      context: contextOf('order'),
    };
    expect(rejectionOf(book, order)).toBe('account-closed');
  });

  test('with a balance is not closed', () => {
    expect(rejectionOf(fundedBook('0.01'), close)).toBe('account-not-empty');
    const emptied = after(fundedBook('1'), adjustment('out', '1', 'debit'));
    expect(rejectionOf(emptied, close)).toBeNull();
  });
});

describe('an adjustment by hand', () => {
  test('is posted against the platform, at the time it says', () => {
    const at = { ...adjustment('a', '5', 'credit') };
    if (at.type !== 'PostAdjustment') throw new Error('an adjustment is meant');
    const book = after(openedBook('player-1'), { ...at, data: { ...at.data, effectiveAt: noon } });
    expect(totalsOf(book.log)).toEqual(
      new Map([
        ['accounts:player-1:available USD', amountOf('5').units],
        ['platform:adjustments USD', -amountOf('5').units],
      ]),
    );
    const [, event] = book.log;
    expect(event).toMatchObject({ data: { effect: { transaction: { effectiveAt: noon } } } });
  });

  test('is posted once under its id, and refused with other money', () => {
    const book = fundedBook('5');
    expect(after(book, adjustment('start', '5', 'credit')).log).toEqual(book.log);
    expect(rejectionOf(book, adjustment('start', '6', 'credit'))).toBe('adjustment-differs');
    expect(rejectionOf(book, adjustment('start', '5', 'debit'))).toBe('adjustment-differs');
  });

  test('does not overdraw, but for the credit limit', () => {
    const book = fundedBook('5');
    expect(rejectionOf(book, adjustment('out', '5.01', 'debit'))).toBe('insufficient-funds');
    const trusted = after(book, limit('1'));
    expect(moneyIn(after(trusted, adjustment('out', '6', 'debit')))).toBe('-1.00 0.00 0.00');
  });

  test('of nothing is refused', () =>
    expect(rejectionOf(fundedBook('5'), adjustment('none', '0', 'credit'))).toBe(
      'amount-not-positive',
    ));
});

test('a review that is not open cannot be ruled', () =>
  given(opened)
    .when({
      type: 'ResolveReview',
      data: { reviewId: 'none', ruling: 'first-stands', note: '', actor: 'test' },
      context,
    })
    .thenRejected('review-not-found'));
