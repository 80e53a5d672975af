import type { Instant, ProviderName } from '@counterfoil/domain';
import type {
  AuthorizationDecision,
  Identification,
  ProviderAdapter,
  VerifiedWebhook,
} from '@counterfoil/providers';
import type { Clock, Logger } from '@counterfoil/runtime';
import type { GatewaySettings } from '../config.ts';
import type { GatewayMetrics } from '../gateway-metrics.ts';
import type { Inbox, InboxReason, IncomingDelivery, StoreOutcome } from '../inbox/inbox.ts';
import type { RejectedDeliveries } from '../rejected/rejected-deliveries.ts';
import type { Adapters } from '../relay/translation.ts';
import { archivedHeaders } from './archived-headers.ts';
import type { Authorizer } from './authorizer.ts';

export type ReceptionPorts = Readonly<{
  adapters: Adapters;
  inbox: Inbox;
  rejected: RejectedDeliveries;
  authorizer: Authorizer;
  clock: Clock;
  logger: Logger;
  metrics: GatewayMetrics;
  settings: GatewaySettings;
  /** There is something new for the relay. */
  onStored: () => void;
  /** Aborted when the gateway stops: what goes on after an answer is given up. */
  signal: AbortSignal;
}>;

export type WebhookRequest = Readonly<{
  provider: string;
  token: string | null;
  headers: ReadonlyMap<string, string>;
  body: Uint8Array;
  /** When its first byte came, by the monotonic clock. */
  startedAt: number;
}>;

/** All that is known of an authentic webhook while it is being answered. */
export type Received = Readonly<{
  ports: ReceptionPorts;
  adapter: ProviderAdapter;
  request: WebhookRequest;
  receivedAt: Instant;
  webhook: VerifiedWebhook;
  identification: Identification;
}>;

/** Stores the delivery, with what was answered to it already; resolves when it is durable. */
export async function archive(
  { ports, adapter, request, receivedAt, webhook, identification }: Received,
  { availableAt, reason }: Pick<IncomingDelivery, 'availableAt' | 'reason'>,
  answered: AuthorizationDecision | null = null,
): Promise<StoreOutcome> {
  const { inbox } = ports;
  const { dialect, eventKey, bodySha256 } = identification;
  const delivery: IncomingDelivery = {
    id: webhook.deliveryId,
    provider: adapter.provider,
    dialect,
    eventKey,
    bodySha256,
    receivedAt,
    headers: archivedHeaders(request.headers),
    body: request.body,
    availableAt,
    reason,
  };
  const stored = await (answered === null
    ? inbox.store(delivery)
    : inbox.storeAnswered(delivery, answered));
  noteStored(ports, adapter.provider, webhook.deliveryId, stored, reason);
  return stored;
}

function noteStored(
  { metrics, logger, onStored }: ReceptionPorts,
  provider: ProviderName,
  deliveryId: string,
  { outcome }: StoreOutcome,
  reason: InboxReason | null,
): void {
  metrics.received(provider, outcome);
  if (outcome === 'variant') logger.warn('a variant arrived', { provider, deliveryId });
  if (reason !== null) {
    const { code, path } = reason;
    logger.warn('a webhook went into quarantine', { provider, deliveryId, code, path });
  } else if (outcome !== 'duplicate') onStored();
}
