import { describe, expect, test } from 'vitest';
import { openedBook, told } from '../testing/account-book.ts';
import { minuteMs, noon } from '../testing/canonical-builder.ts';
import { cryptomate } from '../testing/card-facts.ts';
import { instant } from '../ids.ts';
import type { CardStatus } from '../canonical/events.ts';

const later = (minutes: number) => instant(noon + minutes * minuteMs);
const statusAfter = (...states: readonly (readonly [CardStatus, number])[]) => {
  const events = states.map(([status, minutes]) => cryptomate.status(status, later(minutes)));
  return told(openedBook('player-1'), ...events).account.cards.get('card|cryptomate|card-1')?.status
    ?.status;
};

describe('of the states of a card', () => {
  test('the latest counts, whichever is told last', () => {
    expect(statusAfter(['active', 1], ['frozen', 2])).toBe('frozen');
    expect(statusAfter(['frozen', 2], ['active', 1])).toBe('frozen');
  });

  test('closed is final, also when another state is of a later time', () => {
    expect(statusAfter(['closed', 1], ['active', 2])).toBe('closed');
    expect(statusAfter(['active', 2], ['closed', 1])).toBe('closed');
  });

  test('of one moment, the less usable one counts', () => {
    expect(statusAfter(['blocked', 1], ['active', 1])).toBe('blocked');
    expect(statusAfter(['active', 1], ['blocked', 1])).toBe('blocked');
  });
});
