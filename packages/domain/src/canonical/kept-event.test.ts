import { expect, test } from 'vitest';
import { amountOf } from '../testing/canonical-builder.ts';
import { cryptomate } from '../testing/card-facts.ts';
import { instant } from '../ids.ts';
import { byTime, keptEvent } from './kept-event.ts';

test('what is kept of an event is what happened, when, and where its delivery is', () => {
  const event = cryptomate.requested('ask_1', amountOf('1'));
  expect(keptEvent(event)).toEqual({
    eventId: event.eventId,
    type: 'AuthorizationRequested',
    occurredAt: event.occurredAt,
    receivedAt: event.receivedAt,
    effectKey: event.effectKey,
    data: event.data,
    source: { provider: 'cryptomate', deliveryId: event.source.deliveryId },
  });
});

test('what is kept of what was kept is the same', () => {
  const kept = keptEvent(cryptomate.requested('ask_1', amountOf('1')));
  expect(keptEvent(kept)).toEqual(kept);
});

test('what has no time is kept as such, and comes after what has one, in the order of ids', () => {
  const [one, other, early, late] = [
    cryptomate.cleared('clr_1', amountOf('1'), { isUndated: true }),
    cryptomate.cleared('clr_2', amountOf('1'), { isUndated: true, at: instant(0) }),
    cryptomate.cleared('clr_4', amountOf('1'), { at: instant(1) }),
    cryptomate.cleared('clr_3', amountOf('1'), { at: instant(2) }),
  ].map(keptEvent);
  expect([other, late, one, early].flatMap((event) => event ?? []).sort(byTime)).toEqual([
    early,
    late,
    one,
    other,
  ]);
});
