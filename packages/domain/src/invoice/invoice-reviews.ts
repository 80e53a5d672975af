import type { Review, ReviewReason } from '../account/messages.ts';
import type { CanonicalEvent } from '../canonical/events.ts';
import type { Invoice, Seen } from './state.ts';

type Reviewed = Readonly<{ reviewsOpened: readonly Review[]; reviewsClosed: readonly string[] }>;

const contradictionReasons: readonly ReviewReason[] = [
  'contradicting-final-states',
  'compliance-after-credit',
];

/** Asked for by the provider: while such a review is open, so is what becomes of the invoice. */
export const isIntervention = (reason: ReviewReason): boolean =>
  !contradictionReasons.includes(reason) && reason !== 'compliance-declined';

/**
 * Every intervention wants a person; so do a settlement and what says that there was none, and a
 * deposit that compliance declined for as long as nothing settled with it. `fact`: what the event
 * says.
 */
export function reviewsOf(invoice: Invoice, event: CanonicalEvent, fact: Seen): Reviewed {
  const subject = `${event.source.provider}|invoice|${event.subject.id}`;
  const wanted = [
    ...interventionsOf(event, subject),
    ...contradictionsOf(invoice, fact, subject),
    ...declinesOf(invoice, event, fact, subject),
  ];
  return {
    reviewsOpened: wanted.filter(
      ({ reviewId }) => !invoice.reviews.get(reviewId) && !invoice.resolved.get(reviewId),
    ),
    reviewsClosed: invoice.seen
      .entries()
      .filter(([, known]) => contradiction(fact, known) === 'compliance-after-credit')
      .map(([eventId, known]) => declineIdOf(subject, eventId, known))
      .filter((reviewId) => invoice.reviews.get(reviewId) !== undefined),
  };
}

function interventionsOf(event: CanonicalEvent, subject: string): readonly Review[] {
  if (event.type !== 'InvoiceReviewRequired') return [];
  const { reason } = event.data;
  const reviewId = `${reason}|${subject}|${event.eventId}`;
  return [{ reviewId, reason, subject, deliveryIds: [event.source.deliveryId] }];
}

const contradictionsOf = (invoice: Invoice, fact: Seen, subject: string): readonly Review[] =>
  contradictionReasons.flatMap((reason): readonly Review[] => {
    const contrary = invoice.seen
      .entries()
      .find(
        ([, known]) =>
          contradiction(fact, known) === reason || contradiction(known, fact) === reason,
      );
    if (!contrary) return [];
    const deliveryIds = [contrary[1].deliveryId, fact.deliveryId].sort();
    return [{ reviewId: `${reason}|${subject}`, reason, subject, deliveryIds }];
  });

function declinesOf(
  invoice: Invoice,
  { eventId }: CanonicalEvent,
  fact: Seen,
  subject: string,
): readonly Review[] {
  const isSettled = invoice.seen
    .entries()
    .some(([, known]) => contradiction(known, fact) === 'compliance-after-credit');
  if (!fact.isDeclined || isSettled) return [];
  const reviewId = declineIdOf(subject, eventId, fact);
  const deliveryIds = [fact.deliveryId];
  return [{ reviewId, reason: 'compliance-declined', subject, deliveryIds }];
}

const declineIdOf = (subject: string, eventId: string, { depositIds }: Seen): string =>
  `compliance-declined|${subject}|${depositIds[0] ?? eventId}`;

/** Why a person looks at a settlement beside something else that was told. */
function contradiction(settlement: Seen, other: Seen): ReviewReason | null {
  if (settlement.proves !== 'settled') return null;
  if (other.proves === 'expired' || other.proves === 'failed') return 'contradicting-final-states';
  return other.isDeclined && mayShareDeposit(settlement, other) ? 'compliance-after-credit' : null;
}

const mayShareDeposit = ({ depositIds }: Seen, other: Seen): boolean =>
  depositIds.length === 0 ||
  other.depositIds.length === 0 ||
  depositIds.some((id) => other.depositIds.includes(id));
