import { expect, test } from 'vitest';
import { amountOf } from '../testing/canonical-builder.ts';
import { cryptomate } from '../testing/card-facts.ts';
import { factsOfCard, withCardFact } from './card.ts';
import { decidedFact, decisionOf } from './decision.ts';
import { newCard } from './state.ts';

const decided = (body: string, isApproved: boolean) =>
  ({
    kind: 'decided',
    event: cryptomate.requested('ask_1', amountOf('1'), { body }),
    isApproved,
    reason: isApproved ? null : 'card-unknown',
  }) as const;

test('what is kept of an answer is what its purchase is weighed by', () => {
  const fact = decided('', false);
  const { event } = fact;
  const { cardId, authorizationId, amount, holdTotal, merchant, isConfirmationExpected } =
    event.data;
  const kept = decidedFact(decisionOf(fact));
  expect(kept).toEqual({
    kind: 'decided',
    event: {
      eventId: event.eventId,
      type: 'AuthorizationRequested',
      occurredAt: event.occurredAt,
      receivedAt: event.receivedAt,
      data: { cardId, authorizationId, amount, holdTotal, merchant, isConfirmationExpected },
      source: { provider: 'cryptomate', deliveryId: event.source.deliveryId },
    },
    isApproved: false,
    reason: 'card-unknown',
  });
  expect(decidedFact(decisionOf(kept))).toEqual(kept);
});

test('the first answer to a request counts, and a later one moves along with the card', () => {
  const [first, second] = [decided('', true), decided(' again', false)];
  const card = [first, second].reduce(withCardFact, newCard('card|cryptomate|card-1', 'card-1'));
  expect(card.purchases.get('1')?.decision).toEqual(decisionOf(first));
  expect(factsOfCard(card)).toEqual([first, second].map((fact) => decidedFact(decisionOf(fact))));
});
