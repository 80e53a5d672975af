import { type Instant, instant } from '@counterfoil/domain';

/** How long the inbox keeps what; null: for ever. */
export type Retention = Readonly<{
  /** The bytes and headers of what was translated. What identifies a delivery stays for ever. */
  archiveMs: number | null;
  /** What was never understood. */
  quarantineMs: number | null;
}>;

/** What was received before these instants is over its time; null: nothing is. */
export type Expiry = Readonly<{ bodiesBefore: Instant | null; quarantinedBefore: Instant | null }>;

export const expiryAt = (now: Instant, { archiveMs, quarantineMs }: Retention): Expiry => ({
  bodiesBefore: archiveMs === null ? null : instant(now - archiveMs),
  quarantinedBefore: quarantineMs === null ? null : instant(now - quarantineMs),
});
