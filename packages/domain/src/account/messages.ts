import type { CanonicalEvent, CanonicalOf } from '../canonical/events.ts';
import type { KeptEvent, KeptRequest } from '../canonical/kept-event.ts';
import type { AccountId, EventId, Instant, ProviderName } from '../ids.ts';
import type { Booking } from '../ledger/booking.ts';
import type { LedgerTransaction } from '../ledger/posting.ts';
import type { Command, Event } from '../message.ts';
import type { Money } from '../money.ts';
import type { Reference } from '../reference/reference.ts';
import type { Rejection } from '../result.ts';

export type AccountKind = 'player' | 'holder' | 'merchant';

/**
 * Whose books a stream keeps. `suspense`: money from a provider that waits for its owner; all of
 * it is posted to `suspense:<provider>`, and there is nobody who could spend it.
 */
export type Owner =
  | Readonly<{ place: 'account'; accountId: AccountId; kind: AccountKind }>
  | Readonly<{ place: 'suspense'; accountId: AccountId; provider: ProviderName }>;

/** What an open hold is after an event: `held` is the new total, zero when the hold is gone. */
export type HoldChange = Readonly<{
  holdId: string;
  provider: ProviderName;
  cardId: string;
  authorizationId: string;
  held: Money;
  isConfirmed: boolean;
  expiresAt: Instant;
}>;

export type ReviewReason =
  | 'variant-differs'
  | 'unlinked-clearing'
  | 'over-reversal'
  | 'contradicting-final-states'
  | 'failure-after-broadcast'
  | 'confirmed-after-decline'
  | 'declined-after-clearing'
  | 'fee-may-repeat'
  | 'compliance-after-credit'
  | 'compliance-declined'
  | 'deposit-to-closed-address'
  | 'order-differs'
  | 'ids-disagree'
  | 'owners-disagree'
  | 'card-closed-with-balance'
  | 'underpaid'
  | 'amount-mismatch'
  | 'amount-adjusted';

/** What needs a person. The same facts open the same review under the same id. */
export type Review = Readonly<{
  reviewId: string;
  reason: ReviewReason;
  subject: string;
  /** The archived deliveries to lay side by side. */
  deliveryIds: readonly string[];
}>;

/** What an event did to the books. Absent lists are empty; a null transaction moved nothing. */
export type Effect = Readonly<{
  transaction: LedgerTransaction | null;
  holds: readonly HoldChange[];
  reviewsOpened: readonly Review[];
  reviewsClosed: readonly string[];
}>;

/** Recorded for a provider's fact: the fact itself, and what it did. */
export type FactRecorded = Readonly<{
  cause: CanonicalEvent;
  side: TransferSide | null;
  /** Keys of references that the fact does not name, but through which its owner was found. */
  aliases: readonly string[];
  /**
   * Keys of the references that would take the money if somebody linked them; absent: all that the
   * fact names. A reference that counts less than the one that is linked takes nothing (R13).
   */
  takers?: readonly string[] | undefined;
  effect: Effect;
}>;

export type DeclineReason =
  | 'insufficient-funds'
  | 'account-frozen'
  | 'account-closed'
  | 'card-unknown'
  | 'card-not-active'
  | 'declined-by-network'
  | 'refused-by-rule'
  | 'variant-of-request'
  | 'deadline-passed';

export type OrderKind = 'payout' | 'withdrawal';
export type Order = Readonly<{
  kind: OrderKind;
  provider: ProviderName;
  orderId: string;
  amount: Money;
  fee: Money;
}>;

/** Facts a provider reported that are recorded under one name whatever they did to the books. */
export type FactEventType =
  | 'HoldPlaced'
  | 'HoldConfirmed'
  | 'AuthorizationCanceled'
  | 'HoldReleased'
  | 'ClearingAnnounced'
  | 'ClearingPosted'
  | 'ClearingDropped'
  | 'RefundPosted'
  | 'CardStatusRecorded'
  | 'CardChallengeRecorded'
  | 'DepositAnnounced'
  | 'DepositCredited'
  | 'DepositDropped'
  | 'FundsDelivered'
  | 'DepositAddressClosed'
  | 'ComplianceStatusRecorded'
  | 'WithdrawalReserved'
  | 'WithdrawalProgressed'
  | 'WithdrawalDebited'
  | 'WithdrawalReturned'
  | 'PayoutReserved'
  | 'PayoutProgressed'
  | 'PayoutPaid'
  | 'PayoutReturned'
  | 'TransferSent'
  | 'TransferReceived'
  | 'TransferDropped'
  | 'CancellationRecorded'
  | 'FeeCharged'
  | 'InvoiceCredited'
  /** Another event with an effect key that has already posted; opens a review if money differs. */
  | 'EffectRepeated';

export type AccountEvent =
  | Event<'AccountOpened', { owner: Owner; openedFor: Reference | null }>
  | Event<'AccountFrozen', { reason: string }>
  | Event<'AccountUnfrozen', { reason: string }>
  | Event<'AccountClosed', { reason: string }>
  | Event<'CreditLimitSet', { limit: Money }>
  | Event<
      'AdjustmentPosted',
      {
        adjustmentId: string;
        amount: Money;
        direction: 'credit' | 'debit';
        reason: string;
        actor: string;
        effect: Effect;
      }
    >
  | Event<'OrderPlaced', { order: Order; effect: Effect }>
  | Event<FactEventType, FactRecorded>
  | Event<'AuthorizationDeclined', FactRecorded & { reason: DeclineReason }>
  /** Our own release of an approval that we could not answer in time. */
  | Event<'ApprovalWithdrawn', { holdId: string; reason: 'deadline-passed'; effect: Effect }>
  | Event<'HoldExpired', { holdId: string; expiredAt: Instant; effect: Effect }>
  | Event<
      'MoneyMovedOut',
      { moveId: string; reference: Reference; to: AccountId; content: MovedContent; effect: Effect }
    >
  | Event<
      'MoneyMovedIn',
      {
        moveId: string;
        reference: Reference;
        from: AccountId;
        content: MovedContent;
        effect: Effect;
      }
    >
  | Event<
      'ReviewResolved',
      { reviewId: string; ruling: Ruling; note: string; actor: string; effect: Effect }
    >;

/** A fact with what we decided about it, which is part of what must not be decided again. */
export type LifecycleFact =
  /** `names`: how an order is called in it, the provider's own id first; older builds moved none. */
  | Readonly<{ kind: 'reported'; event: KeptEvent; names?: readonly string[] | undefined }>
  /** Of an order: told again, which posts nothing, and carries a chain hash or another name. */
  | Readonly<{ kind: 'repeated'; event: KeptEvent; names?: readonly string[] | undefined }>
  /** Of an order: a second body that a person ruled to be a fact beside the first. */
  | Readonly<{ kind: 'separate'; event: KeptEvent; names?: readonly string[] | undefined }>
  | Readonly<{
      kind: 'decided';
      event: KeptRequest;
      isApproved: boolean;
      reason: DeclineReason | null;
    }>
  | Readonly<{ kind: 'ordered'; order: Order }>
  | Readonly<{ kind: 'expired'; holdId: string; expiredAt: Instant }>
  | Readonly<{ kind: 'withdrawn'; holdId: string }>
  /** `names`: of what a person has confirmed it, where one order turns out to be several. */
  | Readonly<{ kind: 'failure-confirmed'; names?: readonly string[] | undefined }>;

/** Another body of an effect that has posted, on which a person rules. */
export type Variant = Readonly<{ cause: KeptEvent; side: TransferSide | null }>;

/** All that is known of one thing at a provider, and what it has done to the books so far. */
export type MovedLifecycle = Readonly<{
  lifecycleId: string;
  names: readonly string[];
  facts: readonly LifecycleFact[];
  booked: Booking;
}>;

/**
 * `marks`: the effects that have posted, so that none posts again at the new owner. `variants`: the
 * repeats with other money on which nobody has ruled yet.
 */
export type MovedContent = Readonly<{
  lifecycles: readonly MovedLifecycle[];
  marks: readonly Readonly<{
    effect: string;
    eventId: string;
    deliveryId: string;
    booking: Booking;
  }>[];
  variants?: readonly Variant[];
}>;

/** `out`: the far end is not ours, so the money leaves the provider. */
export type TransferSide = 'from' | 'to' | 'out';

/**
 * `first-stands`: nothing changes. `second-stands`: the later body replaces the first.
 * `separate`: both are facts. `failure-confirmed`: what was sent did not leave; it returns.
 */
export type Ruling = 'first-stands' | 'second-stands' | 'separate' | 'failure-confirmed';

export type AccountCommand =
  | Command<'OpenAccount', { owner: Owner; openedFor: Reference | null }>
  | Command<'FreezeAccount', { reason: string }>
  | Command<'UnfreezeAccount', { reason: string }>
  | Command<'CloseAccount', { reason: string }>
  | Command<'SetCreditLimit', { limit: Money }>
  | Command<
      'PostAdjustment',
      {
        adjustmentId: string;
        amount: Money;
        direction: 'credit' | 'debit';
        reason: string;
        actor: string;
        effectiveAt: Instant | null;
      }
    >
  | Command<'PlaceOrder', { order: Order }>
  /**
   * A fact posts whatever the balance. `side` says which end of a transfer this account is.
   * `isOwnerContested`: the effect is here by an earlier body, and this one names another owner.
   */
  | Command<
      'RecordFact',
      {
        event: CanonicalEvent;
        side: TransferSide | null;
        aliases: readonly string[];
        takers?: readonly string[];
        isOwnerContested?: boolean;
      }
    >
  /** Decide now: approve and hold, or decline. The same request gets the same answer. */
  | Command<
      'DecideAuthorization',
      {
        event: CanonicalOf<'AuthorizationRequested'>;
        aliases: readonly string[];
        takers?: readonly string[];
        isCardLinked: boolean;
        declineBecause: DeclineReason | null;
      }
    >
  /** `eventId`: the request that could not be answered; an approval of another body stands. */
  | Command<'WithdrawApproval', { holdId: string; eventId: EventId }>
  | Command<'ExpireHold', { holdId: string }>
  /** What has more than `lengthMax` characters when it is written moves by several moves. */
  | Command<'MoveOut', { moveId: string; reference: Reference; to: AccountId; lengthMax: number }>
  | Command<
      'MoveIn',
      { moveId: string; reference: Reference; from: AccountId; content: MovedContent }
    >
  | Command<'ResolveReview', { reviewId: string; ruling: Ruling; note: string; actor: string }>;

export type AccountRejection = Rejection<
  | 'account-not-found'
  | 'account-exists'
  | 'account-closed'
  | 'account-frozen'
  | 'account-not-empty'
  | 'insufficient-funds'
  | 'adjustment-differs'
  | 'order-differs'
  | 'hold-not-found'
  | 'hold-not-due'
  | 'review-not-found'
  | 'ruling-not-applicable'
  | 'amount-not-positive'
  /** The reference was linked elsewhere meanwhile: resolve the owner again. */
  | 'reference-moved'
>;
