import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CanonicalEvent, InvoiceReviewReason } from '../canonical/events.ts';
import type { Ruling } from '../account/messages.ts';
import { accountId } from '../ids.ts';
import { contextOf } from '../testing/account-book.ts';
import { amountOf, canonicalEvent, referenceOf } from '../testing/canonical-builder.ts';
import { invoiceDecider } from './invoice-decider.ts';
import type { InvoiceCommand } from './messages.ts';
import type { Invoice } from './state.ts';

const owners = [referenceOf('calypso', 'invoice', 'i1')];
const envelope = (id: string) => ({ provider: 'calypso' as const, id, owners });
const invoiceId = 'i1';
const told = {
  opened: canonicalEvent(
    'InvoiceOpened',
    { invoiceId, amountAsked: amountOf('10'), asset: 'USD', expiresAt: null },
    envelope('1'),
  ),
  detected: canonicalEvent(
    'DepositDetected',
    { amount: null, stage: 'seen', depositId: 'd', chainHash: null },
    envelope('1'),
  ),
  received: canonicalEvent(
    'InvoiceFundsReceived',
    { invoiceId, amount: amountOf('10'), receivedTotal: null, depositIds: ['d'] },
    envelope('1'),
  ),
  paid: canonicalEvent(
    'InvoicePaid',
    { invoiceId, amountAsked: null, amountPaid: null },
    envelope('1'),
  ),
  settled: canonicalEvent(
    'InvoiceSettled',
    { invoiceId, gross: amountOf('10'), fees: [], net: amountOf('10'), depositIds: ['d'] },
    envelope('1'),
  ),
  expired: canonicalEvent('InvoiceExpired', { invoiceId, receivedTotal: null }, envelope('1')),
  attemptFailed: canonicalEvent(
    'InvoicePaymentFailed',
    { invoiceId, reason: null, isFinal: false },
    envelope('attempt'),
  ),
  failed: canonicalEvent(
    'InvoicePaymentFailed',
    { invoiceId, reason: null, isFinal: true },
    envelope('final'),
  ),
  depositFailed: canonicalEvent('DepositFailed', { depositId: 'd', reason: null }, envelope('1')),
  compliance: canonicalEvent(
    'ComplianceStatusChanged',
    { status: 'pending', amount: null, depositId: 'd' },
    envelope('1'),
  ),
  declined: canonicalEvent(
    'ComplianceStatusChanged',
    { status: 'declined', amount: null, depositId: 'd' },
    envelope('declined'),
  ),
};
const declined = (depositId: string | null, id = '') =>
  canonicalEvent(
    'ComplianceStatusChanged',
    { status: 'declined', amount: null, depositId },
    envelope(`declined ${depositId}${id}`),
  );
const review = (reason: InvoiceReviewReason, id: string) =>
  canonicalEvent('InvoiceReviewRequired', { invoiceId, reason, receivedTotal: null }, envelope(id));

const record = (event: CanonicalEvent): InvoiceCommand => ({
  type: 'RecordInvoiceFact',
  data: { event, accountId: accountId('merchant') },
  context: contextOf(event.eventId),
});
const resolve = (reviewId: string, ruling: Ruling = 'first-stands'): InvoiceCommand => ({
  type: 'ResolveInvoiceReview',
  data: { reviewId, ruling, note: '', actor: 'test' },
  context: contextOf(`resolve ${reviewId}`),
});
function after(...commands: readonly InvoiceCommand[]): Invoice {
  return commands.reduce((invoice, command) => {
    const decided = invoiceDecider.decide(command, invoice);
    if (!decided.ok) throw new Error(decided.error.message);
    return decided.value.reduce(invoiceDecider.evolve, invoice);
  }, invoiceDecider.initialState);
}
const statusAfter = (...events: readonly CanonicalEvent[]) => after(...events.map(record)).status;
const reviewsAfter = (...events: readonly CanonicalEvent[]) =>
  [...after(...events.map(record)).reviews.entries()].map(([, { reason }]) => reason).sort();

describe('an invoice', () => {
  test.each([
    [[told.opened], 'opened'],
    [[told.opened, told.detected], 'detected'],
    [[told.detected, told.opened], 'detected'],
    [[told.received, told.detected], 'received'],
    [[told.paid, told.received], 'paid'],
    [[told.settled, told.paid, told.opened], 'settled'],
    [[told.opened, told.expired], 'expired'],
    [[told.expired, told.received], 'expired'],
    [[told.expired, told.paid], 'paid'],
    [[told.opened, told.attemptFailed], 'opened'],
    [[told.opened, told.failed], 'failed'],
    [[told.compliance], 'opened'],
    [[told.received, told.depositFailed], 'received'],
  ] as const)('after %# is at the furthest stage that was told', (events, status) =>
    expect(statusAfter(...events)).toBe(status),
  );

  test('is in review until it settles or a person has ruled on every intervention', () => {
    const [first, second] = [review('underpaid', 'u'), review('amount-mismatch', 'm')];
    const events = [told.opened, told.received, first, second].map(record);
    expect(after(...events).status).toBe('review');
    const once = [...events, resolve(`underpaid|calypso|invoice|i1|${first.eventId}`)];
    expect(after(...once).status).toBe('review');
    const twice = [...once, resolve(`amount-mismatch|calypso|invoice|i1|${second.eventId}`)];
    expect(after(...twice).status).toBe('received');
    expect(after(...twice).reviews.size).toBe(0);
    expect(after(...twice, record(told.paid)).status).toBe('paid');
    expect(after(...events, record(told.settled)).status).toBe('settled');
  });

  test('has reviews that end by letting what was told stand, and by no other ruling', () => {
    const asked = review('underpaid', 'u');
    const reviewId = `underpaid|calypso|invoice|i1|${asked.eventId}`;
    const open = after(record(told.opened), record(asked));
    const outcome = (invoice: Invoice, ruling: Ruling) => {
      const decided = invoiceDecider.decide(resolve(reviewId, ruling), invoice);
      return decided.ok ? decided.value.map(({ type }) => type) : decided.error.code;
    };
    for (const ruling of ['second-stands', 'separate', 'failure-confirmed'] as const)
      expect(outcome(open, ruling)).toBe('ruling-not-applicable');
    expect(outcome(open, 'first-stands')).toEqual(['InvoiceReviewResolved']);
    const resolved = after(record(told.opened), record(asked), resolve(reviewId));
    expect(outcome(resolved, 'first-stands')).toEqual([]);
    expect(outcome(resolved, 'separate')).toBe('review-not-found');
  });

  test('that settled and also expired or failed counts as settled, and a person looks', () => {
    for (const refusal of [told.expired, told.failed])
      for (const events of [
        [told.settled, refusal],
        [refusal, told.settled],
      ]) {
        expect(statusAfter(...events)).toBe('settled');
        expect(reviewsAfter(...events)).toEqual(['contradicting-final-states']);
      }
  });

  test('that settled with a deposit that compliance refused counts, and a person looks', () => {
    for (const [depositId, reviews] of [
      ['d', ['compliance-after-credit']],
      [null, ['compliance-after-credit']],
      ['another', ['compliance-declined']],
    ] as const)
      for (const events of [
        [told.settled, declined(depositId)],
        [declined(depositId), told.settled],
      ]) {
        expect(statusAfter(...events)).toBe('settled');
        expect(reviewsAfter(...events)).toEqual(reviews);
      }
  });

  test('lists each deposit that compliance declined until a person has closed it (calypso decision 18)', () => {
    const events = [told.opened, declined('d'), declined('d', 'again'), declined('e')];
    expect(reviewsAfter(...events)).toEqual(['compliance-declined', 'compliance-declined']);
    expect(reviewsAfter(...events, declined(null))).toHaveLength(3);
    const closed = after(
      ...events.map(record),
      resolve('compliance-declined|calypso|invoice|i1|d'),
      record(declined('d', 'once more')),
    );
    expect(closed.reviews.entries().map(([id]) => id)).toEqual([
      'compliance-declined|calypso|invoice|i1|e',
    ]);
    expect(closed.status).toBe('opened');
  });

  test('that waits for a ruling on its amount is not kept in review by a declined deposit', () => {
    const asked = review('underpaid', 'u');
    const ruled = [told.received, declined('d'), asked].map(record);
    expect(after(...ruled, resolve(`underpaid|calypso|invoice|i1|${asked.eventId}`)).status).toBe(
      'received',
    );
  });

  test('that expired and was paid late contradicts nothing', () =>
    expect(reviewsAfter(told.expired, told.paid)).toEqual([]));

  test('records what it is told once', () => {
    const invoice = after(record(told.opened));
    expect(invoiceDecider.decide(record(told.opened), invoice)).toEqual({ ok: true, value: [] });
  });

  test('has no review that nobody opened, and rules once on each', () => {
    const invoice = after(record(review('underpaid', 'u')));
    expect(invoiceDecider.decide(resolve('none'), invoice)).toMatchObject({
      error: { code: 'review-not-found' },
    });
    const id = `underpaid|calypso|invoice|i1|${review('underpaid', 'u').eventId}`;
    const ruled = after(record(review('underpaid', 'u')), resolve(id));
    expect(invoiceDecider.decide(resolve(id), ruled)).toEqual({ ok: true, value: [] });
  });

  test('ends the same in any order', () => {
    const all = [
      ...Object.values(told),
      declined('d', 'again'),
      declined('e'),
      declined(null),
      review('underpaid', 'u'),
      review('amount-adjusted', 'a'),
    ];
    const story = fc
      .subarray(all, { minLength: 1 })
      .chain((events) =>
        fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
      );
    fc.assert(
      fc.property(story, ([events, shuffled]) => {
        expect(statusAfter(...shuffled)).toBe(statusAfter(...events));
        expect(reviewsAfter(...shuffled)).toEqual(reviewsAfter(...events));
      }),
    );
  });
});
