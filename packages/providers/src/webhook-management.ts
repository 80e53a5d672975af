import type { Instant } from '@counterfoil/domain';

/** An endpoint of ours, as the provider knows it. Null: the provider does not say. */
export type RegisteredWebhook = Readonly<{
  /** What it is removed by. */
  id: string | null;
  url: string | null;
  /** The provider's names of the events it gets; null is all of them. */
  events: readonly string[] | null;
  isActive: boolean | null;
  failures: number | null;
}>;

/** `credential`: what the provider made and shows only now; null where the secret was ours. */
export type Registration = Readonly<{
  webhook: RegisteredWebhook;
  credential: Readonly<{ key: string | null; secret: string }> | null;
}>;

export type WebhookRequest = Readonly<{
  url: string;
  /** The provider's names; null is every event that it has. */
  events: readonly string[] | null;
}>;

/** A delivery that the provider counts as not arrived, with the body that it sent. */
export type MissedDelivery = Readonly<{
  /** In the provider's own log. */
  id: string;
  sentAt: Instant;
  body: Uint8Array;
}>;

/**
 * What a provider lets us do about its webhooks over its API. A capability is there or not; no
 * provider has a method that it does not offer. Every method rejects with a `ProviderCallFailed`
 * when the provider refuses, cannot be reached or answers something else than documented; after
 * the bounded retries of the client, nothing more is tried.
 */
export interface WebhookManagement {
  /** Where the provider knows one URL only, this replaces it; given again it changes nothing. */
  readonly register?: (request: WebhookRequest) => Promise<Registration>;
  /** Empty when nothing is registered. */
  readonly read?: () => Promise<readonly RegisteredWebhook[]>;
  readonly remove?: (webhook: RegisteredWebhook) => Promise<void>;
  /**
   * From now on another secret signs. Both have to be accepted already, or the next deliveries are
   * refused; where the provider makes the secret, a second endpoint beside the first brings it, and
   * `replaced` stays until it is removed.
   */
  readonly rotateSecret?: (
    request: WebhookRequest,
  ) => Promise<Registration & Readonly<{ replaced: RegisteredWebhook | null }>>;
  /** Pages through the provider's log, in its order; one delivery may come twice. */
  readonly missed?: (since: Instant) => AsyncIterable<MissedDelivery>;
}
