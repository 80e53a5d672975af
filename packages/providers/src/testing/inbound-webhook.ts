import { type Instant, instant, instantText } from '@counterfoil/domain';
import type { InboundWebhook, ProviderAdapter, VerifiedWebhook } from '../provider-adapter.ts';

/** When sample deliveries arrive, unless a test says otherwise: 2025-06-01T12:00:00Z. */
export const sampleReceivedAt: Instant = instant(1_748_779_200_000);

/** The adapter's own credential headers for a body, with the names in lower case as received. */
export function signedHeaders(
  adapter: ProviderAdapter,
  body: Uint8Array,
  sentAt: Instant = sampleReceivedAt,
): ReadonlyMap<string, string> {
  const headers = Object.entries({
    'content-type': 'application/json',
    ...adapter.sign(body, sentAt),
  });
  return new Map(headers.map(([name, value]) => [name.toLowerCase(), value]));
}

/** A body as it arrives from the provider, with a right credential. */
export function signedWebhook(
  adapter: ProviderAdapter,
  body: Uint8Array | string,
  receivedAt: Instant = sampleReceivedAt,
): InboundWebhook {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const deliveryId = `${adapter.provider}-${instantText(receivedAt)}`;
  return {
    headers: signedHeaders(adapter, bytes, receivedAt),
    body: bytes,
    receivedAt,
    deliveryId,
  };
}

/** The same, verified: throws where the adapter refuses its own signature. */
export function verifiedWebhook(
  adapter: ProviderAdapter,
  body: Uint8Array | string,
  receivedAt: Instant = sampleReceivedAt,
): VerifiedWebhook {
  const verified = adapter.webhooks.verify(signedWebhook(adapter, body, receivedAt));
  if (!verified.ok) throw new Error(`${adapter.provider} refused its own credential`);
  return verified.value;
}
