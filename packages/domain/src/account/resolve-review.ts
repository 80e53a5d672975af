import type { ProviderName } from '../ids.ts';
import { difference, line, sum, type Booking } from '../ledger/booking.ts';
import { err, ok, type Result } from '../result.ts';
import { effectOf, type Outcome } from './effect.ts';
import type {
  AccountCommand,
  AccountEvent,
  AccountRejection,
  Owner,
  Ruling,
  Variant,
} from './messages.ts';
import { isOrderEvent } from './order-fact.ts';
import { failureConfirmed, orderOfReview } from './order-lifecycle.ts';
import { orderOutcome, outcomeOfOrder } from './record-fact.ts';
import { ruledCard, ruledCardOutcome } from './ruled-card.ts';
import { ruledOrder } from './ruled-order.ts';
import type { Account } from './state.ts';
import { moneyOf } from './variant.ts';

/** A person rules on an open review; what the ruling asks for posts with it. */
export function resolveReview(
  { data, context }: Extract<AccountCommand, { type: 'ResolveReview' }>,
  account: Account,
  owner: Owner,
): Result<readonly AccountEvent[], AccountRejection> {
  const done = account.done.get(`review|${data.reviewId}`);
  if (done === data.ruling) return ok([]);
  const open = account.reviews.get(data.reviewId);
  if (!open) return err({ code: 'review-not-found', message: 'There is no such open review.' });
  const outcome = rulingOutcome(account, open, data.ruling);
  if (outcome === null)
    return err({
      code: 'ruling-not-applicable',
      message: `This review cannot be ruled "${data.ruling}".`,
    });
  const provider = providerOf(open);
  const effect = effectOf(account, owner, provider, outcome, {
    transactionId: context.commandId,
    effectiveAt: context.now,
  });
  const closed = new Set([data.reviewId, ...effect.reviewsClosed]);
  return ok([
    {
      type: 'ReviewResolved',
      data: { ...data, effect: { ...effect, reviewsClosed: [...closed] } },
    },
  ]);
}

type Open = NonNullable<ReturnType<Account['reviews']['get']>>;

function providerOf({ review, variant }: Open): ProviderName | null {
  if (variant) return variant.cause.source.provider;
  const [, provider] = review.subject.replace('order|', 'order:').split(/[|:]/);
  return (provider as ProviderName | undefined) ?? null;
}

/** The posting that a ruling asks for; null where the ruling makes no sense for the review. */
function rulingOutcome(account: Account, open: Open, ruling: Ruling): Outcome | null {
  if (ruling === 'first-stands') return { booking: [] };
  if (ruling === 'failure-confirmed') {
    const order = orderOfReview(account, open.review);
    if (open.review.reason !== 'failure-after-broadcast' || !order) return null;
    return orderOutcome(account, [...order.names], failureConfirmed(order, open.review));
  }
  return open.variant && variantOutcome(account, open.review.subject, open.variant, ruling);
}

/** What the facts as they were ruled call for; where none are kept, what the second body states. */
function variantOutcome(
  account: Account,
  subject: string,
  variant: Variant,
  ruling: Ruling,
): Outcome | null {
  if (isOrderEvent(variant.cause)) {
    const order = ruledOrder(account, subject, variant, ruling);
    return order && outcomeOfOrder(account, order);
  }
  const card = ruledCard(account, subject, variant, ruling);
  if (card) return ruledCardOutcome(account, card);
  const first = account.marks.get(subject);
  const second = moneyOf(variant.cause, variant.side);
  // A hold is not a posting of its own: its amount follows from the facts of its purchase.
  if (!first || sum(second).length === 0 || !isBalanced(second)) return null;
  return { booking: ruling === 'separate' ? second : difference(second, first.booking) };
}

const isBalanced = (booking: Booking): boolean =>
  sum(booking.map(({ amount }) => line('available', amount))).length === 0;
