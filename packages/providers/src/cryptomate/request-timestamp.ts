import type { Flag } from '@counterfoil/domain';
import type { VerifiedWebhook } from '../provider-adapter.ts';

// `X-Request-Timestamp` is not authenticated, so it only ever makes us more careful (row 10).

/** An authorization sent longer ago than this was answered for us already. */
export const timestampStaleMs = 5_000;
const flaggedAgeMs = 24 * 3_600_000;
const flaggedAheadMs = 5 * 60_000;

/** How long before its receipt the request was sent; null when the header is not there. */
export function sentBeforeMs(webhook: VerifiedWebhook): number | null {
  const header = webhook.headers.get('x-request-timestamp')?.trim() ?? '';
  // Fifteen digits of milliseconds reach far beyond any date and are exact as a number.
  return /^\d{1,15}$/.test(header) ? webhook.receivedAt - Number(header) : null;
}

/** A delivery is never refused for its time, only marked. */
export function timestampFlags(webhook: VerifiedWebhook): readonly Flag[] {
  const ageMs = sentBeforeMs(webhook);
  return ageMs !== null && (ageMs > flaggedAgeMs || ageMs < -flaggedAheadMs) ? ['late'] : [];
}
