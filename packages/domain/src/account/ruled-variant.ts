import type { Ruling } from './messages.ts';
import type { Account, OpenReview } from './state.ts';
import { marksOf, moneyOf } from './variant.ts';

/** The account after a person ruled on a second body: a third one is weighed against what stands now. */
export function withRuledVariant(
  account: Account,
  { review, variant }: OpenReview,
  ruling: Ruling,
): Account {
  const first = account.marks.get(review.subject);
  if (ruling !== 'second-stands' || !variant || !first) return account;
  const { cause, side } = variant;
  // Still by the first event, which is the one that its lifecycle knows.
  const stands = {
    eventId: first.eventId,
    deliveryId: cause.source.deliveryId,
    booking: moneyOf(cause, side),
  };
  const marks = [review.subject, ...marksOf(cause, side)]
    .filter((effect) => account.marks.get(effect)?.eventId === first.eventId)
    .reduce((known, effect) => known.with(effect, stands), account.marks);
  return { ...account, marks };
}
