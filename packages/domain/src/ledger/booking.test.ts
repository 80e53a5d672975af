import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Owner } from '../account/messages.ts';
import { accountId } from '../ids.ts';
import { amountOf, cents } from '../testing/canonical-builder.ts';
import { addressOf, platformAddress, providerAddress, suspenseAddress } from './address.ts';
import {
  type Booking,
  bookingOf,
  difference,
  isEqualBooking,
  line,
  type Place,
  placeOf,
  postingsOf,
  sum,
} from './booking.ts';

const owner: Owner = { place: 'account', accountId: accountId('player-1'), kind: 'player' };
const nobody: Owner = {
  place: 'suspense',
  accountId: accountId('suspense.cryptomate.card.c1'),
  provider: 'cryptomate',
};
const places: readonly Place[] = [
  'available',
  'held',
  'reserved',
  'account',
  'in-transit',
  'clearing',
  'fees',
  'transit',
  'adjustments',
];

/** Balanced: every amount that one place gives another receives. */
const booking: fc.Arbitrary<Booking> = fc
  .array(
    fc.tuple(
      fc.constantFrom(...places),
      fc.constantFrom(...places),
      fc.integer({ min: 1, max: 50 }),
      fc.constantFrom('USD', 'USDT:TRON'),
    ),
    { maxLength: 6 },
  )
  .map((moves) =>
    sum(
      ...moves.map(([source, destination, units, asset]) => {
        const amount = { ...amountOf('0', asset), units: BigInt(units) };
        return [line(source, amount, -1n), line(destination, amount)];
      }),
    ),
  );

describe('a booking', () => {
  test('is written as postings and read back the same', () => {
    fc.assert(
      fc.property(booking, (lines) => {
        const postings = postingsOf(lines, owner, 'cryptomate');
        expect(postings === null).toBe(lines.length === 0);
        expect(isEqualBooking(bookingOf(postings ?? []), lines)).toBe(true);
      }),
    );
  });

  test('is written as positive postings between different addresses, that move as much in as out', () => {
    fc.assert(
      fc.property(booking, fc.constantFrom(owner, nobody), (lines, whose) => {
        for (const { source, destination, amount } of postingsOf(lines, whose, 'calypso') ?? []) {
          expect(amount.units).toBeGreaterThan(0n);
          expect(source).not.toBe(destination);
        }
      }),
    );
  });

  test('less itself is nothing', () => {
    fc.assert(
      fc.property(booking, (lines) => {
        expect(difference(lines, lines)).toEqual([]);
        expect(sum(lines, difference([], lines))).toEqual([]);
      }),
    );
  });

  test('that does not sum to zero is a fault of ours', () =>
    expect(() => postingsOf([line('available', cents(1))], owner, null)).toThrow('sum to zero'));

  test('that names a place at a provider wants to know which', () =>
    expect(() =>
      postingsOf([line('available', cents(1), -1n), line('clearing', cents(1))], owner, null),
    ).toThrow('needs a provider'));

  test('spends what is held first, and pays the clearing before the fee', () => {
    const lines = [
      line('available', cents(5), -1n),
      line('held', cents(20), -1n),
      line('fees', cents(2)),
      line('clearing', cents(23)),
    ];
    expect(postingsOf(lines, owner, 'cryptomate')).toEqual([
      {
        source: addressOf(owner.accountId, 'held'),
        destination: providerAddress('cryptomate', 'clearing'),
        amount: cents(20),
      },
      {
        source: addressOf(owner.accountId, 'available'),
        destination: providerAddress('cryptomate', 'clearing'),
        amount: cents(3),
      },
      {
        source: addressOf(owner.accountId, 'available'),
        destination: providerAddress('cryptomate', 'fees'),
        amount: cents(2),
      },
    ]);
  });

  test('of nobody is kept in suspense, where nothing can be set aside', () => {
    const held = [line('available', cents(5), -1n), line('held', cents(5))];
    expect(postingsOf(held, nobody, 'cryptomate')).toBeNull();
    const credit = [line('account', cents(5), -1n), line('available', cents(5))];
    expect(postingsOf(credit, nobody, 'cryptomate')?.[0].destination).toBe(
      suspenseAddress('cryptomate'),
    );
  });
});

test('the role of an address is its last part, but in suspense all is available', () => {
  expect(placeOf(addressOf(accountId('a.b-c_d'), 'held'))).toBe('held');
  expect(placeOf(providerAddress('4pay', 'in-transit'))).toBe('in-transit');
  expect(placeOf(platformAddress('transit'))).toBe('transit');
  expect(placeOf(suspenseAddress('calypso'))).toBe('available');
});
