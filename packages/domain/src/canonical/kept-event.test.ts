import { expect, test } from 'vitest';
import { amountOf } from '../testing/canonical-builder.ts';
import { cryptomate } from '../testing/card-facts.ts';
import { keptEvent } from './kept-event.ts';

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
