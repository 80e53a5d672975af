import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CanonicalEvent } from '../canonical/events.ts';
import { contextOf } from '../testing/account-book.ts';
import { canonicalEvent, referenceOf } from '../testing/canonical-builder.ts';
import type { ReferenceCommand, ReferenceEvent } from './messages.ts';
import { referenceDecider, type ReferenceState } from './reference-decider.ts';
import { referenceKey } from './reference.ts';
import { idsTold } from './told-ids.ts';

type Ids = Readonly<{ key?: string; own?: string; externalId?: string }>;

/** An event that carries these ids, as Calypso's adapter emits it. */
function told(kind: 'invoice' | 'payout' | 'order', { key, own, externalId }: Ids): CanonicalEvent {
  const name = key ?? own ?? externalId ?? '';
  const references = {
    ...(key !== undefined && { idempotencyKey: key }),
    ...(own !== undefined && { parentExternalId: own }),
    ...(externalId !== undefined && { externalId }),
  };
  return canonicalEvent(
    'ProviderNoticeReceived',
    { kind: 'test' },
    {
      provider: 'calypso',
      id: `${kind} ${JSON.stringify([key, own, externalId])}`,
      owners: [{ ...referenceOf('calypso', 'invoice', name), kind }],
      references,
    },
  );
}
const invoice = (key?: string, own?: string, externalId?: string) =>
  told('invoice', {
    ...(key !== undefined && { key }),
    ...(own !== undefined && { own }),
    ...(externalId !== undefined && { externalId }),
  });

/** Every reference after the events, and what was recorded on the way. */
function after(events: readonly CanonicalEvent[]) {
  const states = new Map<string, ReferenceState>();
  const log: ReferenceEvent[] = [];
  const give = (key: string, command: ReferenceCommand) => {
    const state = states.get(key) ?? referenceDecider.initialState;
    const decided = referenceDecider.decide(command, state);
    if (!decided.ok) throw new Error(decided.error.code);
    log.push(...decided.value);
    states.set(key, decided.value.reduce(referenceDecider.evolve, state));
  };
  for (const event of events)
    for (const { reference, ids } of idsTold(event))
      give(referenceKey(reference), {
        type: 'TellIds',
        data: { reference, ids, deliveryId: event.source.deliveryId },
        context: contextOf(event.eventId),
      });
  return { log, give };
}
const reviewsIn = (log: readonly ReferenceEvent[]) =>
  log.flatMap((event) => (event.type === 'ReferenceIdsTold' ? event.data.reviewsOpened : []));
const reviewsAfter = (...events: readonly CanonicalEvent[]) =>
  reviewsIn(after(events).log)
    .map(({ reviewId }) => reviewId)
    .sort();
const inBothOrders = (left: CanonicalEvent, right: CanonicalEvent) => {
  const reviews = reviewsAfter(left, right);
  expect(reviewsAfter(right, left)).toEqual(reviews);
  expect(reviewsAfter(left, right, left, right)).toEqual(reviews);
  return reviews;
};

describe('ids of an invoice or payout (calypso decision 11)', () => {
  test('want nobody while they agree, however many of them an event leaves out', () => {
    const all = invoice('k', '3201', 'order-1');
    expect(reviewsAfter(all, invoice('k', '3201'), invoice('k'), all)).toEqual([]);
    expect(reviewsAfter(invoice(undefined, '7', 'o'), invoice(undefined, '7'))).toEqual([]);
  });

  test('want a person where our key goes with two ids of Calypso or two references of ours', () => {
    const review = ['ids-disagree|calypso|invoice|k'];
    expect(inBothOrders(invoice('k', '1'), invoice('k', '2'))).toEqual(review);
    expect(inBothOrders(invoice('k', '1', 'a'), invoice('k', '1', 'b'))).toEqual(review);
    expect(inBothOrders(invoice('k', '1', 'a'), invoice('k', '2', 'b'))).toEqual(review);
  });

  test('want a person where an id of Calypso goes with two keys, or with and without one', () => {
    const review = ['ids-disagree|calypso|invoice|1'];
    expect(inBothOrders(invoice('k', '1'), invoice('l', '1'))).toEqual(review);
    expect(inBothOrders(invoice('k', '1'), invoice(undefined, '1'))).toEqual(review);
    expect(inBothOrders(invoice(undefined, '1', 'a'), invoice(undefined, '1', 'b'))).toEqual(
      review,
    );
  });

  test('want a person where a reference of ours is all that is told, for it may be that of several', () => {
    expect(reviewsAfter(invoice(undefined, undefined, 'order-1'))).toEqual([
      'ids-disagree|calypso|invoice|order-1',
    ]);
    expect(inBothOrders(invoice('k', '1', 'order-1'), invoice('l', '2', 'order-1'))).toEqual([]);
  });

  test('are compared among invoices and among payouts, and not of fiat orders, which post nothing', () => {
    const paid = (key: string) => told('payout', { key, own: '1' });
    expect(inBothOrders(paid('k'), paid('l'))).toEqual(['ids-disagree|calypso|payout|1']);
    expect(inBothOrders(invoice('k', '1'), paid('l'))).toEqual([]);
    const order = (key: string) => told('order', { key, own: '1' });
    expect(inBothOrders(order('k'), order('l'))).toEqual([]);
    const another = { ...invoice('l', '1') };
    const source = { ...another.source, provider: 'cryptofuse' as const };
    expect(inBothOrders(invoice('k', '1'), { ...another, source } as CanonicalEvent)).toEqual([]);
  });

  test('are laid side by side, once, until a person has ruled', () => {
    const [left, right] = [invoice('k', '1'), invoice('l', '1')];
    const { log, give } = after([left, right, invoice('m', '1')]);
    const [review, ...others] = reviewsIn(log);
    expect(others).toEqual([]);
    expect(review).toEqual({
      reviewId: 'ids-disagree|calypso|invoice|1',
      reason: 'ids-disagree',
      subject: 'calypso|invoice|1',
      deliveryIds: [left.source.deliveryId, right.source.deliveryId],
    });
    const rule = (reviewId: string): ReferenceCommand => ({
      type: 'ResolveReferenceReview',
      data: { reviewId, ruling: 'separate', note: '', actor: 'test' },
      context: contextOf('rule'),
    });
    const key = referenceKey(referenceOf('calypso', 'invoice', '1'));
    expect(() => give(key, rule('none'))).toThrow('review-not-found');
    const before = log.length;
    give(key, rule('ids-disagree|calypso|invoice|1'));
    give(key, rule('ids-disagree|calypso|invoice|1'));
    expect(log.slice(before).map(({ type }) => type)).toEqual(['ReferenceReviewResolved']);
  });

  test('end in the same reviews in any order, with repeats', () => {
    const some = <Value>(...values: readonly Value[]) =>
      fc.option(fc.constantFrom(...values), { nil: undefined });
    const event = fc
      .tuple(some('k', 'l', '1'), some('1', '2'), some('a', 'b', 'k'))
      .map((ids) => invoice(...ids));
    const story = fc
      .array(event, { minLength: 1, maxLength: 8 })
      .chain((events) =>
        fc.tuple(
          fc.constant(events),
          fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
        ),
      );
    fc.assert(
      fc.property(story, ([events, shuffled]) => {
        const reviews = reviewsAfter(...events);
        expect(reviewsAfter(...shuffled)).toEqual(reviews);
        expect(new Set(reviews).size).toBe(reviews.length);
      }),
      { numRuns: 500 },
    );
  });
});
