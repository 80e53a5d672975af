import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Instant, instant } from '../ids.ts';
import type { Money } from '../money.ts';
import {
  after,
  contextOf,
  decideAuthorization,
  fundedBook,
  moneyIn,
  openHolds,
  outcomeOf,
  recordFact,
  reviewsIn,
  told,
} from '../testing/account-book.ts';
import { amountOf, dayMs, minuteMs, noon } from '../testing/canonical-builder.ts';
import { cryptomate } from '../testing/card-facts.ts';
import { amount, at, uniqueFacts } from '../testing/random-lifecycles.ts';

const usd = amountOf;
const received = (minutes: number) => ({
  at: instant(noon + minutes * minuteMs),
  isUndated: true,
});

describe('a clearing without a time and without a link', () => {
  const early = cryptomate.confirmed('ok_a', usd('30'));
  const late = cryptomate.confirmed('ok_b', usd('10'), { at: instant(noon + 5 * minuteMs) });

  test('takes the same hold whenever it is received', () => {
    for (const minutes of [2, 9]) {
      const cleared = cryptomate.cleared('clr_own', usd('10'), received(minutes));
      for (const facts of [
        [early, late, cleared],
        [cleared, late, early],
      ]) {
        const book = told(fundedBook('100'), ...facts);
        expect([...openHolds(book.log)]).toEqual([['card|cryptomate|card-1|a', usd('30').units]]);
        expect(reviewsIn(book)).toEqual([]);
      }
    }
  });

  test('comes after what has a time, whose hold it leaves alone', () => {
    const dated = cryptomate.cleared('clr_dated', usd('20'), {
      at: instant(noon + 7 * minuteMs),
    });
    const cleared = cryptomate.cleared('clr_own', usd('30'), received(6));
    for (const facts of [
      [early, late, cleared, dated],
      [dated, early, cleared, late],
    ]) {
      const book = told(fundedBook('100'), ...facts);
      expect(moneyIn(book)).toBe('40.00 10.00 0.00');
      expect(reviewsIn(book)).toEqual([]);
    }
  });

  test('is of a hold that has expired since, which takes it from no other one', () => {
    const day = instant(noon + 31 * dayMs);
    const expire = {
      type: 'ExpireHold' as const,
      data: { holdId: 'card|cryptomate|card-1|a' },
      context: contextOf('expire', day),
    };
    const fresh = cryptomate.confirmed('ok_b', usd('10'), { at: day });
    const cleared = cryptomate.cleared('clr_own', usd('30'), received(60 * 24 * 32));
    const [first, last] = [
      after(told(fundedBook('100'), early, cleared), expire),
      told(after(told(fundedBook('100'), early), expire), cleared),
    ].map((book) => told(book, fresh));
    expect(first && outcomeOf(first)).toEqual(last && outcomeOf(last));
    expect(last && moneyIn(last)).toBe('60.00 10.00 0.00');
  });

  test('is not of a purchase that the network has declined', () => {
    const declined = cryptomate.declined('no_a', usd('30'), { at: instant(noon + minuteMs) });
    for (const minutes of [0, 9]) {
      const cleared = cryptomate.cleared('clr_own', usd('30'), received(minutes));
      const book = told(fundedBook('100'), early, declined, late, cleared);
      expect(moneyIn(book)).toBe('70.00 0.00 0.00');
      expect(reviewsIn(book)).toEqual([]);
    }
  });
});

test('a confirmation without a time counts less than one that has one', () => {
  const dated = cryptomate.confirmed('ok_a', usd('30'));
  const undated = cryptomate.confirmed('life_a', usd('20'), received(9));
  for (const facts of [
    [dated, undated],
    [undated, dated],
  ])
    expect(moneyIn(told(fundedBook('100'), ...facts))).toBe('70.00 30.00 0.00');
});

type Fact = Readonly<{
  kind: 'requested' | 'confirmed' | 'declined' | 'cleared' | 'reversed';
  of: string;
  amount: Money;
  isUndated: boolean;
  at: Instant;
  againAt: Instant;
}>;

test('when events without a time are received decides nothing', () => {
  const facts = fc.uniqueArray<Fact, string>(
    fc.record({
      kind: fc.constantFrom('requested', 'confirmed', 'declined', 'cleared', 'reversed'),
      of: fc.constantFrom('a', 'b', 'own1', 'own2'),
      amount,
      isUndated: fc.boolean(),
      at,
      againAt: at,
    }),
    { maxLength: 9, selector: ({ kind, of }) => `${kind} ${of}` },
  );
  const told = (drawn: readonly Fact[], isAgain: boolean) => {
    const events = drawn.map(({ kind, of, isUndated, ...rest }) =>
      cryptomate[kind](`${kind}_${of}`, rest.amount, {
        isUndated,
        at: isUndated && isAgain ? rest.againAt : rest.at,
      }),
    );
    const requests = events
      .flatMap((event) => (event.type === 'AuthorizationRequested' ? [event] : []))
      .sort((left, right) => (left.eventId < right.eventId ? -1 : 1));
    const others = events.filter(({ type }) => type !== 'AuthorizationRequested');
    return after(
      fundedBook('1000'),
      ...requests.map(decideAuthorization),
      ...uniqueFacts(others.map(recordFact)),
    );
  };
  fc.assert(
    fc.property(
      facts.chain((drawn) =>
        fc.tuple(fc.constant(drawn), fc.shuffledSubarray(drawn, { minLength: drawn.length })),
      ),
      ([drawn, shuffled]) => {
        expect(outcomeOf(told(shuffled, true))).toEqual(outcomeOf(told(drawn, false)));
      },
    ),
    { numRuns: 300 },
  );
});
