import type { ProviderName } from '@counterfoil/domain';
import type { InboundWebhook, VerificationCode } from '@counterfoil/providers';

/** A request whose credential was missing or wrong. */
export type RejectedDelivery = InboundWebhook &
  Readonly<{ provider: ProviderName; code: VerificationCode }>;

/** As it was kept: of its credentials only digests. */
export type KeptDelivery = InboundWebhook &
  Readonly<{
    provider: ProviderName;
    sequence: string;
    credentialDigests: Readonly<Record<string, string>>;
  }>;

/**
 * Requests that failed verification, kept apart from the archive for 30 days: when a secret that we
 * had configured wrongly is corrected, what was refused meanwhile can still be accepted.
 */
export interface RejectedDeliveries {
  /** Best effort: returns at once, and drops what exceeds the bounds. Never throws. */
  readonly keep: (delivery: RejectedDelivery) => void;
  /** Oldest first. */
  readonly after: (
    query: Readonly<{ provider: ProviderName; sequence: string; limit: number }>,
  ) => Promise<readonly KeptDelivery[]>;
  readonly remove: (deliveryId: string) => Promise<void>;
  /** Removes what is older than 30 days, or more than the bounds allow. */
  readonly trim: () => Promise<void>;
  /** Writes what is kept so far, and keeps nothing more. */
  readonly stop: () => Promise<void>;
}
