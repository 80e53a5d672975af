import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Instant, instant } from '../ids.ts';
import {
  type AccountBook,
  after,
  contextOf,
  decideAuthorization,
  effectIn,
  openedBook,
  openHolds,
  outcomeOf,
  ownerOf,
  recordFact,
  rejectionOf,
  reviewsIn,
  totalsOf,
} from '../testing/account-book.ts';
import { cents, dayMs, minuteMs, noon, referenceOf } from '../testing/canonical-builder.ts';
import { cryptomate } from '../testing/card-facts.ts';
import { deposits } from '../testing/money-facts.ts';
import {
  amount,
  at,
  type Lifecycle,
  lifecycleCases,
  uniqueFacts,
} from '../testing/random-lifecycles.ts';
import { accountDecider } from './account-decider.ts';
import type { AccountCommand } from './messages.ts';
import { balanceOf } from './state.ts';

// A few seconds in the default run; 2,000 found every fault that was put in on purpose.
const runs = 60;
const check = <Input extends [unknown, ...unknown[]]>(
  property: fc.IPropertyWithHooks<Input>,
): void => fc.assert(property, { numRuns: runs });

/** Shuffled, and some told again. */
const disorder = (facts: readonly AccountCommand[]) =>
  fc
    .tuple(
      fc.shuffledSubarray([...facts], { minLength: facts.length }),
      fc.shuffledSubarray([...facts]),
    )
    .chain(([all, repeats]) =>
      fc.shuffledSubarray([...all, ...repeats], { minLength: all.length + repeats.length }),
    );

const richEnough = (book: AccountBook): AccountBook =>
  after(book, {
    type: 'PostAdjustment',
    data: {
      adjustmentId: 'start',
      amount: cents(1000),
      direction: 'credit',
      reason: 'start',
      actor: 'test',
      effectiveAt: null,
    },
    context: contextOf('start'),
  });

const told = (facts: readonly AccountCommand[], requests: Lifecycle['requests']) =>
  after(richEnough(openedBook('player-1')), ...requests.map(decideAuthorization), ...facts);

describe('facts in any order, told once or again, end in the same books and the same reviews', () => {
  test.each(lifecycleCases)('%s', (_name, drawn) => {
    const story = drawn.chain((lifecycle) =>
      fc.tuple(fc.constant(lifecycle), disorder(lifecycle.facts)),
    );
    check(
      fc.property(story, ([{ requests, facts }, shuffled]) => {
        expect(outcomeOf(told(shuffled, requests))).toEqual(outcomeOf(told(facts, requests)));
      }),
    );
  });
});

/** Ends what is due by then, as the upkeep of the ledger does. */
const expiredBy = (book: AccountBook, now: Instant): AccountBook =>
  [...openHolds(book.log).keys()].reduce((known, holdId) => {
    const context = contextOf(`expire ${holdId} at ${now}`, now);
    const command: AccountCommand = { type: 'ExpireHold', data: { holdId }, context };
    return rejectionOf(known, command) === null ? after(known, command) : known;
  }, book);

describe('a hold that expires', () => {
  test.each(lifecycleCases.filter(([name]) => name.endsWith('purchases')))(
    'among facts that are told late ends in the same books and the same reviews: %s',
    (_name, drawn) => {
      const story = drawn.chain((lifecycle) =>
        fc.tuple(fc.constant(lifecycle), disorder(lifecycle.facts)),
      );
      const days = fc.constantFrom(8, 31).map((count) => instant(noon + count * dayMs));
      check(
        fc.property(story, fc.nat(12), days, ([{ requests, facts }, shuffled], early, now) => {
          const between = expiredBy(told(shuffled.slice(0, early), requests), now);
          const late = expiredBy(after(between, ...shuffled.slice(early)), now);
          expect(outcomeOf(late)).toEqual(outcomeOf(expiredBy(told(facts, requests), now)));
        }),
      );
    },
  );
});

describe('a purchase that ends', () => {
  const purchases = fc.array(fc.record({ amount, at }), { minLength: 2, maxLength: 3 });
  const pieces = fc.array(fc.record({ amount, at, of: fc.nat(3), isReversal: fc.boolean() }), {
    maxLength: 4,
  });
  const facts = fc.tuple(purchases, pieces).map(([approved, taken]) =>
    uniqueFacts([
      ...approved.map((each, n) =>
        recordFact(cryptomate.confirmed(`ok_${n}`, each.amount, { at: each.at })),
      ),
      // What is of none of the purchases by its id has to find one.
      ...taken.map(({ isReversal, of, ...piece }, n) => {
        const id = of < approved.length ? `${of}` : `own${n}`;
        return recordFact(
          isReversal
            ? cryptomate.reversed(`rev_${id}`, piece.amount, { at: piece.at })
            : cryptomate.cleared(`clr_${id}`, piece.amount, { at: piece.at }),
        );
      }),
    ]),
  );
  const holdId = 'card|cryptomate|card-1|0';
  const others = (book: AccountBook) =>
    new Map([...openHolds(book.log)].filter(([id]) => id !== holdId));

  test('by expiring takes from no other hold, and calls for nobody', () => {
    check(
      fc.property(facts, (given) => {
        const book = told(given, []);
        const ended = expiredBy(book, instant(noon + 31 * dayMs));
        expect(openHolds(ended.log)).toEqual(new Map());
        expect(reviewsIn(ended)).toEqual(reviewsIn(book));
      }),
    );
  });

  test('by a decline takes from no other hold, and is looked at only where money was taken', () => {
    check(
      fc.property(facts, (given) => {
        const book = told(given, []);
        const declinedAt = instant(noon + 10 * minuteMs);
        const decline = recordFact(cryptomate.declined('no_0', cents(1), { at: declinedAt }));
        const ended = after(book, decline);
        expect(others(ended)).toEqual(others(book));
        const added = reviewsIn(ended).filter((reason) => reason === 'declined-after-clearing');
        expect(reviewsIn(ended)).toEqual([...reviewsIn(book), ...added].sort());
        expect(openHolds(ended.log).get(holdId)).toBe(
          added.length === 0 ? undefined : openHolds(book.log).get(holdId),
        );
        expect(outcomeOf(told([decline, ...given], []))).toEqual(outcomeOf(ended));
      }),
    );
  });
});

describe('what is told to one account and moves to another ends as if it had been told there', () => {
  const movedBy: Readonly<Record<string, ReturnType<typeof referenceOf>>> = {
    'CryptoMate purchases': referenceOf('cryptomate', 'card', 'card-1'),
    '4pay purchases': referenceOf('4pay', 'card', 'card-1'),
    withdrawals: referenceOf('cryptofuse', 'wallet', 'wallet-1'),
    'withdrawals under one id of ours': referenceOf('cryptofuse', 'wallet', 'wallet-1'),
    'withdrawals by transfer': referenceOf('cryptofuse', 'wallet', 'wallet-1'),
    'payouts in parts': referenceOf('calypso', 'account', 'main'),
    deposits: referenceOf('cryptofuse', 'wallet', 'wallet-1'),
    'deposit addresses': referenceOf('calypso', 'client', 'customer-1'),
  };

  // One unit at a time, a few, or all at once.
  const lengthMax = fc.constantFrom(1, 1_000, Number.POSITIVE_INFINITY);

  test.each(lifecycleCases)('%s', (name, drawn) => {
    const reference = movedBy[name];
    if (!reference) throw new Error(`${name} moves by no reference`);
    const story = drawn
      .map(({ facts }) => facts.filter(({ type }) => type === 'RecordFact'))
      .chain((facts) =>
        fc.tuple(fc.constant(facts), disorder(facts), fc.nat(facts.length), fc.nat(facts.length)),
      );
    const moves = fc.record({
      story,
      isOpenedFor: fc.boolean(),
      lengthMax,
      hasBeenThere: fc.boolean(),
    });
    check(
      fc.property(
        moves,
        ({ story: [facts, shuffled, before, between], isOpenedFor, lengthMax, hasBeenThere }) => {
          // Between link and move, the new owner is told already, also what the old one knows.
          const kept = after(
            openedBook('kept', isOpenedFor ? reference : null),
            ...shuffled.slice(0, before),
          );
          const early = after(openedBook('player-1'), ...shuffled.slice(between));
          // Or what it knows has been with the old one before, and moves back.
          const move = { name: 'move', reference, lengthMax, facts: hasBeenThere ? [] : shuffled };
          const first = hasBeenThere ? moved(early, kept, { ...move, name: 'first' }) : null;
          const [from, to] = first ? [first.receiver, first.sender] : [kept, early];
          const { sender, receiver } = moved(from, to, move);
          const last = after(receiver, ...shuffled);
          const expected = after(openedBook('player-1'), ...facts);
          expect({ ...outcomeOf(last), addresses: null }).toEqual({
            ...outcomeOf(expected),
            addresses: null,
          });
          expect(totalsOf([...sender.log, ...last.log])).toEqual(totalsOf(expected.log));
          expect(sender.account.reviews.entries().map(([id]) => id)).toEqual([]);
        },
      ),
    );
  });

  /** Part by part, where between any two of them the new owner is told a fact. */
  function moved(
    from: AccountBook,
    to: AccountBook,
    move: Readonly<{
      name: string;
      reference: ReturnType<typeof referenceOf>;
      lengthMax: number;
      facts: readonly AccountCommand[];
    }>,
  ) {
    const { name, reference, lengthMax, facts } = move;
    let [sender, receiver] = [from, to];
    for (let part = 0; ; part += 1) {
      const moveId = `${name} ${part}`;
      sender = after(sender, {
        type: 'MoveOut',
        data: { moveId, reference, to: ownerOf('player-1').accountId, lengthMax },
        context: contextOf(`${moveId} out`),
      });
      const content = sender.account.movesOut.get(moveId);
      if (!content) break;
      receiver = after(receiver, ...facts.slice(part, part + 1), {
        type: 'MoveIn',
        data: { moveId, reference, from: ownerOf('kept').accountId, content },
        context: contextOf(`${moveId} in`),
      });
    }
    return { sender, receiver };
  }
});

describe('whatever is told', () => {
  const anything = fc.oneof(...lifecycleCases.map(([, drawn]) => drawn));

  test('folding the same log twice gives the same state', () => {
    check(
      fc.property(anything, ({ requests, facts }) => {
        const { log } = told(facts, requests);
        const folded = () => log.reduce(accountDecider.evolve, accountDecider.initialState);
        expect(folded()).toEqual(folded());
      }),
    );
  });

  test('each transaction moves as much in as out, and all balances sum to zero', () => {
    check(
      fc.property(anything, ({ requests, facts }) => {
        const totals = [...totalsOf(told(facts, requests).log).values()];
        expect(totals.reduce((sum, units) => sum + units, 0n)).toBe(0n);
      }),
    );
  });

  test('what is decided never takes more than the balance and the credit limit', () => {
    const asks = fc.array(amount, { minLength: 1, maxLength: 12 });
    check(
      fc.property(asks, fc.nat(100), fc.nat(60), (amounts, funds, limit) => {
        let book = after(openedBook('player-1'), {
          type: 'SetCreditLimit',
          data: { limit: cents(limit) },
          context: contextOf('limit'),
        });
        if (funds > 0) book = after(book, recordFact(deposits.confirmed('d', cents(funds))));
        for (const [n, asked] of amounts.entries()) {
          book = after(book, decideAuthorization(cryptomate.requested(`ask_${n}`, asked)));
          const { available } = balanceOf(book.account, asked.asset);
          expect(available).toBeGreaterThanOrEqual(-cents(limit).units);
        }
      }),
    );
  });

  test('every fact leaves one event, and its effect is written as postings of the account', () => {
    check(
      fc.property(anything, ({ requests, facts }) => {
        const { log } = told(facts, requests);
        expect(log.length).toBe(2 + requests.length + facts.length);
        for (const posting of log.flatMap((event) => effectIn(event)?.transaction?.postings ?? []))
          expect(posting.amount.units > 0n && posting.source !== posting.destination).toBe(true);
      }),
    );
  });
});
