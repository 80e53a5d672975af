import { instant } from '@counterfoil/domain';
import {
  channelHeader,
  type InboundWebhook,
  type ProviderAdapter,
  type VerifiedWebhook,
} from '@counterfoil/providers';
import type { Clock } from '@counterfoil/runtime';
import type { Inbox, StoreOutcome } from '../inbox/inbox.ts';

/**
 * Takes a delivery that never came, with the body that the provider's own log has of it, as if it
 * came now: its events are marked `channel: read`, and the relay publishes them. Durable on return;
 * what did come after all is a duplicate. The provider's API answered with our credential there,
 * which vouches for the body as a signature would.
 */
export async function takeReadDelivery(
  { inbox, clock }: Readonly<{ inbox: Inbox; clock: Clock }>,
  adapter: ProviderAdapter,
  body: Uint8Array,
): Promise<StoreOutcome['outcome']> {
  const receivedAt = instant(Math.floor(clock.now()));
  const deliveryId = clock.randomId();
  const headers = new Map([
    ['content-type', 'application/json'],
    [channelHeader, 'read'],
  ]);
  const read: InboundWebhook = { headers, body, receivedAt, deliveryId };
  // The brand is what `verify` gives; here the API's answer stands for it.
  const { dialect, eventKey, bodySha256 } = adapter.webhooks.identify(read as VerifiedWebhook);
  const { outcome } = await inbox.store({
    id: deliveryId,
    provider: adapter.provider,
    dialect,
    eventKey,
    bodySha256,
    receivedAt,
    headers,
    body,
    availableAt: receivedAt,
    reason: null,
  });
  return outcome;
}
