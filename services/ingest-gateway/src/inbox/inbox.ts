import type { EventId, Instant, ProviderName } from '@counterfoil/domain';
import type { AuthorizationDecision, Counterpart, QuarantineCode } from '@counterfoil/providers';

/**
 * What became of a delivery. `received` waits for the relay; `variant` names the same fact as an
 * earlier delivery with another body, and keeps that status when it is published; `duplicate` is a
 * repeat, of which the body is kept once, with the delivery it repeats.
 */
const deliveryStatuses = ['received', 'processed', 'duplicate', 'variant', 'quarantined'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** `adapter-fault`: our translator threw, which is a bug of ours and not the provider's. */
export type InboxReason = Readonly<{
  code: QuarantineCode | 'adapter-fault';
  path: string;
  message: string;
}>;

/** An authentic request, as the archive takes it. `headers` hold no credential values. */
export type IncomingDelivery = Readonly<{
  /** A UUID of ours. */
  id: string;
  provider: ProviderName;
  dialect: string;
  /** Null where the body cannot be read that far: then equal bodies are one fact. */
  eventKey: string | null;
  bodySha256: string;
  receivedAt: Instant;
  headers: ReadonlyMap<string, string>;
  body: Uint8Array;
  /** The relay leaves it alone until then. */
  availableAt: Instant;
  /** Set where the body was refused already: it goes into quarantine and never to the relay. */
  reason: InboxReason | null;
}>;

/** `answer`: what was answered to the first delivery of this body, where that was written down. */
export type StoreOutcome = Readonly<{
  outcome: 'stored' | 'variant' | 'duplicate';
  answer: AuthorizationDecision | null;
}>;

export type PublishedEvent = Readonly<{ eventId: EventId; type: string }>;

export type DeliverySummary = Readonly<{
  id: string;
  /** Order of arrival; text, because it outgrows a number. */
  sequence: string;
  provider: ProviderName;
  dialect: string;
  receivedAt: Instant;
  status: DeliveryStatus;
  reason: InboxReason | null;
  bodySha256: string;
  eventKey: string | null;
  /** The delivery that this one repeats, or of which it is a variant. */
  firstDeliveryId: string | null;
  /**
   * While it lies in quarantine: the deliveries that were understood and seem to tell the same
   * movement, the first that came first. Looked for when it is read, so that it does not matter
   * which came first. Where several fit, all are named: nothing says which.
   */
  counterpartOf: readonly string[];
}>;

/** The two sides of a movement are created together; each is told by a time of its own. */
export const counterpartToleranceMs = 60_000;
/** More that fit than this tell a person nothing more. */
export const counterpartsMax = 10;

/** A delivery with its bytes; a duplicate shows the bytes of the delivery that it repeats. */
export type ArchivedDelivery = DeliverySummary &
  Readonly<{
    isVariant: boolean;
    headers: ReadonlyMap<string, string>;
    body: Uint8Array;
    canonicalEvents: readonly PublishedEvent[];
  }>;

/** A delivery as it is found: without its bytes where these, or those it repeats, were removed. */
export type FoundDelivery = Omit<ArchivedDelivery, 'body'> & Readonly<{ body: Uint8Array | null }>;

/** What the inbox takes up, and of it the quarantine. */
export type InboxSize = Readonly<{
  bytes: number;
  quarantinedBytes: number;
  /** When the oldest delivery in quarantine was received. */
  oldestQuarantinedAt: Instant | null;
}>;

/** What was received before; the oldest first, so many at once. */
export type Expired = Readonly<{ before: Instant; limit: number }>;

/** How the translation of one delivery ended. Published is what the bus has acknowledged. */
export type RelayOutcome = Readonly<{ deliveryId: string; counterpart?: Counterpart }> &
  (
    | Readonly<{ kind: 'published'; canonicalEvents: readonly PublishedEvent[] }>
    | Readonly<{ kind: 'quarantined'; reason: InboxReason }>
  );

export type RelayBatch = Readonly<{
  /** Deliveries of other providers wait: nobody here can translate them. */
  providers: readonly ProviderName[];
  now: Instant;
  limit: number;
}>;

/** Which deliveries are meant; a null leaves that question open. */
export type DeliveryFilter = Readonly<{
  status: DeliveryStatus | null;
  provider: ProviderName | null;
  /** Of the reason for which it is in quarantine. */
  code: string | null;
  /** Received at this instant or later. */
  from: Instant | null;
  /** Received before this instant. */
  to: Instant | null;
}>;

export const anyDelivery: DeliveryFilter = {
  status: null,
  provider: null,
  code: null,
  from: null,
  to: null,
};

/** By order of arrival. */
export type DeliveryQuery = DeliveryFilter &
  Readonly<{
    order: 'newest-first' | 'oldest-first';
    /** Only what comes after this sequence in that order. */
    after: string | null;
    limit: number;
  }>;

export interface Inbox {
  /**
   * Durable on return, and decided atomically across processes: of equal bodies one is stored and
   * the others are duplicates; of bodies that share an event key one is stored and the others are
   * variants. Rejects on a fault; then the outcome is unknown, and the provider has to try again.
   * Rejects an id that it has: `find` tells.
   */
  readonly store: (delivery: IncomingDelivery) => Promise<StoreOutcome>;

  /** The same for what was answered already: no repeat finds the delivery without its answer. */
  readonly storeAnswered: (
    delivery: IncomingDelivery,
    answer: AuthorizationDecision,
  ) => Promise<StoreOutcome>;

  /** Keeps a decision that the ledger may not know, for repeats of the request. */
  readonly recordAnswer: (deliveryId: string, answer: AuthorizationDecision) => Promise<void>;

  /**
   * Gives the waiting deliveries to `work`, oldest first, and marks them as its outcomes say. One
   * batch at a time over all processes, so that order is kept; `busy` when another one is at it.
   * When `work` rejects, or the process ends before the mark, all of them come again. Resolves to
   * the number of deliveries handed out.
   */
  readonly relay: (
    batch: RelayBatch,
    work: (deliveries: readonly ArchivedDelivery[]) => Promise<readonly RelayOutcome[]>,
  ) => Promise<number | 'busy'>;

  /** Marks a quarantined delivery that was translated again; others are left as they are. */
  readonly settle: (outcome: RelayOutcome) => Promise<void>;

  readonly find: (deliveryId: string) => Promise<FoundDelivery | null>;

  readonly list: (query: DeliveryQuery) => Promise<readonly DeliverySummary[]>;

  /** For the metrics: how many wait for the relay or lie in quarantine. */
  readonly count: () => Promise<Readonly<{ waiting: number; quarantined: number }>>;

  readonly size: () => Promise<InboxSize>;

  /**
   * Removes the bytes and headers of what was published and of repeats; what identifies them stays,
   * so that a repeat is still known as one. Never touches what waits or lies in quarantine. Resolves
   * to how many it was; may be called by several at once.
   */
  readonly removeBodies: (expired: Expired) => Promise<number>;

  /**
   * Removes deliveries from quarantine as if they had never come: the same webhook is new again.
   * Resolves to what is gone now. Repeats of it stay, without its bytes.
   */
  readonly removeQuarantined: (expired: Expired) => Promise<readonly DeliverySummary[]>;
}
