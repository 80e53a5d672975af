import type { ProviderName } from '@counterfoil/domain';
import type { InboundWebhook, VerificationCode } from '@counterfoil/providers';

/** A request whose credential was missing or wrong. */
export type RejectedDelivery = InboundWebhook &
  Readonly<{ provider: ProviderName; code: VerificationCode }>;

/** As it was kept: of its credentials only digests. */
export type KeptDelivery = RejectedDelivery &
  Readonly<{
    sequence: string;
    credentialDigests: Readonly<Record<string, string>>;
  }>;

/** Anybody can send what is kept there, so every bound is about what a flood may cost us. */
export type RejectedBounds = Readonly<{
  retentionMs: number;
  /** Of the bodies together. */
  bytesMax: number;
}>;

/** Beside their bytes: small bodies cost more than these. */
export const rejectedRowsMax = 10_000;
/** No webhook of a provider comes near it. */
export const rejectedBodyBytesMax = 64 * 1024;

/**
 * Requests that failed verification, kept apart from the archive within bounds, 30 days by default:
 * when a secret that we had configured wrongly is corrected, what was refused meanwhile can still be
 * accepted. What exceeds the bounds pushes out the oldest.
 */
export interface RejectedDeliveries {
  /** Best effort: returns at once, and drops a body beyond its bound, or what a flood brings. Never throws. */
  readonly keep: (delivery: RejectedDelivery) => void;
  /** Oldest first. */
  readonly after: (
    query: Readonly<{ provider: ProviderName; sequence: string; limit: number }>,
  ) => Promise<readonly KeptDelivery[]>;
  readonly remove: (deliveryId: string) => Promise<void>;
  /** For the metrics. */
  readonly size: () => Promise<Readonly<{ count: number; bytes: number }>>;
  /** Removes what is over its time, or more than the bounds allow. */
  readonly trim: () => Promise<void>;
  /** Writes what is kept so far, and keeps nothing more. */
  readonly stop: () => Promise<void>;
}
