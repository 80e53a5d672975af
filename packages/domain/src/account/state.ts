import type { Asset } from '../asset.ts';
import type { CardStatus } from '../canonical/events.ts';
import type { KeptOf } from '../canonical/kept-event.ts';
import type { AccountId, Instant } from '../ids.ts';
import type { Booking } from '../ledger/booking.ts';
import { type PersistentMap, persistentMap } from '../persistent-map.ts';
import type { Reference } from '../reference/reference.ts';
import type { Decision } from './decision.ts';
import type { LifecycleFact, MovedContent, Owner, Review, Variant } from './messages.ts';

export type Balance = Readonly<{ available: bigint; held: bigint; reserved: bigint }>;
export const zeroBalance: Balance = { available: 0n, held: 0n, reserved: 0n };

/** What is known of one thing at the provider that moves money more than once, or may move away. */
export type Lifecycle = Readonly<{
  lifecycleId: string;
  /** Reference keys of everything its facts name: linking one of them may move it. */
  names: ReadonlySet<string>;
  facts: readonly LifecycleFact[];
  booked: Booking;
}>;

/** One authorization of a card, with the hold that stands for it now. */
export type Purchase = Readonly<{
  purchaseKey: string;
  /** What we answered, if we were asked; a later answer is one of the facts and counts for nothing. */
  decision: Decision | null;
  facts: readonly LifecycleFact[];
  held: bigint;
  /** In which asset it was held last, also where the provider has named another one since. */
  heldIn: Asset | null;
  /** As the last recorded change of the hold said; what ends when depends on it. */
  isConfirmed: boolean;
}>;

// One array for all: an open hold of ours has nothing in it.
const noFacts: readonly LifecycleFact[] = [];

export const newPurchase = (purchaseKey: string): Purchase => ({
  purchaseKey,
  decision: null,
  facts: noFacts,
  held: 0n,
  heldIn: null,
  isConfirmed: false,
});

/** A fee that a body states with its transaction, or one that was charged by itself. */
export type CardFee = Readonly<{
  eventId: string;
  at: Instant;
  deliveryId: string;
  booking: Booking;
}>;

/** By transaction. `unrelated`: charges that name none; `dated`: stated fees to compare them with, by day. */
export type CardFees = Readonly<{
  stated: PersistentMap<readonly CardFee[]>;
  charges: PersistentMap<readonly CardFee[]>;
  unrelated: readonly CardFee[];
  dated: PersistentMap<readonly CardFee[]>;
}>;

export type Card = Readonly<{
  lifecycleId: string;
  cardId: string;
  names: ReadonlySet<string>;
  status: Readonly<{ status: CardStatus; changedAt: Instant }> | null;
  purchases: PersistentMap<Purchase>;
  /** Keys of purchases whose facts name no authorization, so that matching has to give them one. */
  unmatched: PersistentMap<true>;
  /** With so many purchases, those that nothing can be matched with any more are forgotten. */
  prunedAtSize: number;
  /** No purchase began before this, or null when there is none: whether looking for old ones pays. */
  oldestAt: Instant | null;
  fees: CardFees;
  /** The largest running total of each purchase, where clearings state the total so far. */
  runningTotals: PersistentMap<KeptOf<'ClearingReceived'>>;
  /** Facts beside purchases that must go along when the card moves. */
  otherFacts: PersistentMap<LifecycleFact>;
  booked: Booking;
}>;

/**
 * An effect that has posted: by which event, and what it did. `hasLeft`: it has moved away, and is
 * remembered for who tells it here again.
 */
export type EffectMark = Readonly<{
  eventId: string;
  deliveryId: string;
  booking: Booking;
  hasLeft?: true;
}>;

/** A review that waits, with what is needed to rule on it. */
export type OpenReview = Readonly<{ review: Review; variant: Variant | null }>;

export type Account = Readonly<{
  owner: Owner | null;
  /** The reference that the account was opened for when nobody had linked it. */
  openedFor: Reference | null;
  status: 'absent' | 'active' | 'frozen' | 'closed';
  creditLimits: ReadonlyMap<Asset, bigint>;
  balances: ReadonlyMap<Asset, Balance>;
  cards: PersistentMap<Card>;
  lifecycles: PersistentMap<Lifecycle>;
  /** Which lifecycle an order's names belong to: one order may have several. */
  orderNames: PersistentMap<string>;
  marks: PersistentMap<EffectMark>;
  reviews: PersistentMap<OpenReview>;
  /** Where money that names a reference has moved: a fence against facts that come late. */
  moved: PersistentMap<AccountId>;
  /** Ids of adjustments and moves that were done, with what was asked, to tell repeats. */
  done: PersistentMap<string>;
  /** What left for another account, from which a move that was interrupted is finished. */
  movesOut: PersistentMap<MovedContent>;
}>;

export const absentAccount: Account = {
  owner: null,
  openedFor: null,
  status: 'absent',
  creditLimits: new Map(),
  balances: new Map(),
  cards: persistentMap(),
  lifecycles: persistentMap(),
  orderNames: persistentMap(),
  marks: persistentMap(),
  reviews: persistentMap(),
  moved: persistentMap(),
  done: persistentMap(),
  movesOut: persistentMap(),
};

/** All balances as lines of a booking. */
export const balancesOf = ({ balances }: Account): Booking =>
  [...balances].flatMap(([asset, balance]) => [
    { place: 'available', amount: { asset, units: balance.available } },
    { place: 'held', amount: { asset, units: balance.held } },
    { place: 'reserved', amount: { asset, units: balance.reserved } },
  ]);

export const balanceOf = (account: Account, asset: Asset): Balance =>
  account.balances.get(asset) ?? zeroBalance;

/** What an authorization or an order of ours may take. */
export const spendable = (account: Account, asset: Asset): bigint =>
  balanceOf(account, asset).available + (account.creditLimits.get(asset) ?? 0n);

/** Fewer purchases of a card are all kept: forgetting costs a look at each of them. */
export const purchasesBeforePruning = 200;

export const newCard = (lifecycleId: string, cardId: string): Card => ({
  lifecycleId,
  cardId,
  names: new Set(),
  status: null,
  purchases: persistentMap(),
  unmatched: persistentMap(),
  prunedAtSize: purchasesBeforePruning,
  oldestAt: null,
  fees: {
    stated: persistentMap(),
    charges: persistentMap(),
    unrelated: [],
    dated: persistentMap(),
  },
  runningTotals: persistentMap(),
  otherFacts: persistentMap(),
  booked: [],
});

/**
 * The card with what changes with every purchase. Written out, as `accountWith` is: V8 copies member
 * by member what is spread and has had several shapes, which took a sixth of deciding a hold.
 */
export const cardWith = (
  card: Card,
  {
    purchases,
    unmatched,
    oldestAt,
    booked,
  }: Pick<Card, 'purchases' | 'unmatched' | 'oldestAt' | 'booked'>,
): Card => ({
  lifecycleId: card.lifecycleId,
  cardId: card.cardId,
  names: card.names,
  status: card.status,
  purchases,
  unmatched,
  prunedAtSize: card.prunedAtSize,
  oldestAt,
  fees: card.fees,
  runningTotals: card.runningTotals,
  otherFacts: card.otherFacts,
  booked,
});

/** The account with what changes with every purchase. */
export const accountWith = (
  account: Account,
  { cards, balances }: Pick<Account, 'cards' | 'balances'>,
): Account => ({
  owner: account.owner,
  openedFor: account.openedFor,
  status: account.status,
  creditLimits: account.creditLimits,
  balances,
  cards,
  lifecycles: account.lifecycles,
  orderNames: account.orderNames,
  marks: account.marks,
  reviews: account.reviews,
  moved: account.moved,
  done: account.done,
  movesOut: account.movesOut,
});
