import { describe, expect, test } from 'vitest';
import type { DeclineReason } from './messages.ts';
import {
  type AccountBook,
  after,
  contextOf,
  decideAuthorization,
  fundedBook,
  moneyIn,
  openedBook,
  openHolds,
  reviewsIn,
  told,
} from '../testing/account-book.ts';
import { amountOf, minuteMs, noon } from '../testing/canonical-builder.ts';
import { cryptomate } from '../testing/card-facts.ts';
import { instant } from '../ids.ts';
import { answerTo } from './decide-authorization.ts';
import { purchaseKeyOf } from './purchase.ts';

const request = cryptomate.requested('ask_1', amountOf('30'), { fee: amountOf('1.5') });
const asked = (book: AccountBook, event = request) => after(book, decideAuthorization(event));
const answer = (book: AccountBook, event = request) => answerTo(book.account, event);
const declined = (reason: DeclineReason) => ({ isApproved: false, reason });
const approved = { isApproved: true, reason: null };

describe('an authorization request', () => {
  test('that the balance covers is approved, and amount and fees are held', () => {
    const book = asked(fundedBook('100'));
    expect(answer(book)).toEqual(approved);
    expect(moneyIn(book)).toBe('68.50 31.50 0.00');
    expect([...openHolds(book.log).keys()]).toEqual(['card|cryptomate|card-1|1']);
  });

  test('that takes the last cent is approved, and one that takes a cent more is declined', () => {
    expect(answer(asked(fundedBook('31.50')))).toEqual(approved);
    const poor = asked(fundedBook('31.49'));
    expect(answer(poor)).toEqual(declined('insufficient-funds'));
    expect(moneyIn(poor)).toBe('31.49 0.00 0.00');
  });

  test('may take what the credit limit allows, in its own asset', () => {
    const limit = (asset: string) => ({
      type: 'SetCreditLimit' as const,
      data: { limit: amountOf('31.50', asset) },
      context: contextOf('limit'),
    });
    const book = asked(after(openedBook('player-1'), limit('USD')));
    expect(answer(book)).toEqual(approved);
    expect(moneyIn(book)).toBe('-31.50 31.50 0.00');
    const other = asked(after(openedBook('player-1'), limit('EUR')));
    expect(answer(other)).toEqual(declined('insufficient-funds'));
  });

  test('of nothing is approved without a hold', () => {
    const zero = cryptomate.requested('ask_0', amountOf('0'));
    const book = asked(openedBook('player-1'), zero);
    expect(answer(book, zero)).toEqual(approved);
    expect(openHolds(book.log).size).toBe(0);
  });

  test('of a frozen account is declined, and approved again after it thaws', () => {
    const frozen = after(fundedBook('100'), {
      type: 'FreezeAccount',
      data: { reason: 'lost' },
      context: contextOf('freeze'),
    });
    expect(answer(asked(frozen))).toEqual(declined('account-frozen'));
    const thawed = after(frozen, {
      type: 'UnfreezeAccount',
      data: { reason: 'found' },
      context: contextOf('unfreeze'),
    });
    expect(answer(asked(thawed))).toEqual(approved);
  });

  test('of a closed account is declined', () => {
    const closed = after(openedBook('player-1'), {
      type: 'CloseAccount',
      data: { reason: 'gone' },
      context: contextOf('close'),
    });
    expect(answer(asked(closed))).toEqual(declined('account-closed'));
  });

  test.each(['creating', 'frozen', 'blocked', 'closed', 'expired'] as const)(
    'of a card that is %s is declined',
    (status) => {
      const book = asked(told(fundedBook('100'), cryptomate.status(status, noon)));
      expect(answer(book)).toEqual(declined('card-not-active'));
    },
  );

  test('of a card that nobody has linked is declined', () => {
    const command = decideAuthorization(request);
    if (command.type !== 'DecideAuthorization') throw new Error('a decision is asked');
    const book = after(fundedBook('100'), {
      ...command,
      data: { ...command.data, isCardLinked: false },
    });
    expect(answer(book)).toEqual(declined('card-unknown'));
  });

  test('that a rule of the adapter refuses is declined', () => {
    const refused = cryptomate.requested('ask_1', amountOf('1'), { refusal: 'defi-card' });
    expect(answer(asked(fundedBook('100'), refused), refused)).toEqual(declined('refused-by-rule'));
  });

  test('that the network has declined already is declined', () => {
    const book = asked(told(fundedBook('100'), cryptomate.declined('no_1', amountOf('30'))));
    expect(answer(book)).toEqual(declined('declined-by-network'));
  });

  test('of which the approval is in force already asks for nothing more', () => {
    const confirmed = cryptomate.confirmed('ok_1', amountOf('30'), { fee: amountOf('1.5') });
    const book = asked(told(fundedBook('31.50'), confirmed));
    expect(answer(book)).toEqual(approved);
    expect(moneyIn(book)).toBe('0.00 31.50 0.00');
  });

  test('asked again is not decided again, though the balance is another by now', () => {
    const first = asked(fundedBook('31.50'));
    const again = asked(first);
    expect(again.log).toEqual(first.log);
    expect(answer(again)).toEqual(approved);
  });

  test('asked again with another amount is declined, and a person looks at the two', () => {
    const first = asked(fundedBook('100'));
    const other = cryptomate.requested('ask_1', amountOf('31'), { body: 'other' });
    const book = asked(first, other);
    expect(answer(book, other)).toEqual(declined('variant-of-request'));
    expect(answer(book)).toEqual(approved);
    expect(moneyIn(book)).toBe('68.50 31.50 0.00');
    expect(reviewsIn(book)).toEqual(['variant-differs']);
    expect(asked(book, other).log).toEqual(book.log);
  });

  test('asked again with the same money in another body is declined without a review', () => {
    const other = cryptomate.requested('ask_1', amountOf('30'), {
      fee: amountOf('1.5'),
      body: 'other',
    });
    const book = asked(asked(fundedBook('100')), other);
    expect(answer(book, other)).toEqual(declined('variant-of-request'));
    expect(reviewsIn(book)).toEqual([]);
  });
});

describe('an approval that came too late', () => {
  const withdraw = (book: AccountBook, event = request) =>
    after(book, {
      type: 'WithdrawApproval',
      data: {
        holdId: `card|cryptomate|card-1|${purchaseKeyOf('cryptomate', event.data.authorizationId)}`,
        eventId: event.eventId,
      },
      context: contextOf(`withdraw ${event.eventId}`),
    });

  test('is withdrawn, and the same request is declined from then on', () => {
    const book = withdraw(asked(fundedBook('100')));
    expect(moneyIn(book)).toBe('100.00 0.00 0.00');
    expect(answer(asked(book))).toEqual(declined('deadline-passed'));
    expect(withdraw(book).log).toEqual(book.log);
  });

  test('is withdrawn also where it held nothing', () => {
    const zero = cryptomate.requested('ask_0', amountOf('0'));
    const book = withdraw(asked(openedBook('player-1'), zero), zero);
    expect(answer(book, zero)).toEqual(declined('deadline-passed'));
  });

  test('is not withdrawn because another body under its id could not be answered', () => {
    const other = cryptomate.requested('ask_1', amountOf('20'), { body: 'other' });
    const book = asked(fundedBook('100'));
    expect(withdraw(book, other).log).toEqual(book.log);
    const both = asked(book, other);
    expect(withdraw(both, other).log).toEqual(both.log);
    expect(answer(both)).toEqual(approved);
  });

  test('is withdrawn also where its id has a bar in it', () => {
    const barred = cryptomate.requested('ask_1|2', amountOf('30'));
    const book = withdraw(asked(fundedBook('100'), barred), barred);
    expect(moneyIn(book)).toBe('100.00 0.00 0.00');
    expect(answer(asked(book, barred), barred)).toEqual(declined('deadline-passed'));
  });

  test('holds again when the provider says that it is in force all the same', () => {
    const confirmed = cryptomate.confirmed('ok_1', amountOf('30'), {
      at: instant(noon + minuteMs),
    });
    const book = told(withdraw(asked(fundedBook('100'))), confirmed);
    expect(moneyIn(book)).toBe('70.00 30.00 0.00');
  });
});
