import type { EventId, Instant, ProviderName } from '../ids.ts';
import type { Event } from '../message.ts';
import type { Money } from '../money.ts';
import type { Reference, ReferenceKind } from '../reference/reference.ts';

export type FeeKind =
  | 'fx'
  | 'atm'
  | 'deposit'
  | 'network'
  | 'platform'
  | 'service'
  | 'card-issuing'
  | 'transfer'
  | 'transaction'
  | 'other';

/** Posted in the same ledger transaction as the amount of its event. */
export type Fee = Readonly<{ kind: FeeKind; amount: Money }>;

export type Flag =
  | 'variant'
  | 'late'
  /** The provider gives no time, so that `occurredAt` is when we heard of it and orders nothing. */
  | 'undated'
  | 'assumed-mapping'
  | 'unlinked'
  | 'amount-unverified'
  | 'fee-derived';

/** The shop of a card event. Name, category and currency group the events of one purchase. */
export type Merchant = Readonly<{
  id: string | null;
  name: string | null;
  categoryCode: string | null;
  country: string | null;
  currency: string | null;
}>;

/** What the event is about, in the provider's own ids. */
export type Subject = Readonly<{ kind: ReferenceKind; id: string }>;

export type CanonicalSource = Readonly<{
  provider: ProviderName;
  dialect: string;
  adapterVersion: number;
  /** `read`: found by asking the provider, not delivered by it. */
  channel: 'webhook' | 'read';
  /** The archived delivery behind this event. */
  deliveryId: string;
  /** The provider's own strings for the event, exactly as received. */
  providerEvent: string;
  bodySha256: string;
}>;

/**
 * A provider's fact in neutral words. `eventId` is a UUIDv5 of the idempotency key and the place in
 * the adapter's output, so a redelivery gives the same id. `effectKey` names the effect on the
 * books: at most one canonical event with the same effect key posts; null posts nothing.
 * `owners` names whose money it is, most telling first (invoice, payout or withdrawal; wallet or
 * address; card; client; account): the ledger takes the first that is linked.
 */
export type Canonical<Type extends string, Data extends object> = Event<Type, Data> &
  Readonly<{
    eventId: EventId;
    occurredAt: Instant;
    receivedAt: Instant;
    source: CanonicalSource;
    idempotencyKey: string;
    effectKey: string | null;
    subject: Subject;
    owners: readonly Reference[];
    references: Readonly<Record<string, string>>;
    flags: readonly Flag[];
  }>;
