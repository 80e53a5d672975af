import type { EventBus } from '@counterfoil/event-bus';
import type { ProviderAdapter } from '@counterfoil/providers';
import type { Clock, HttpServer, Logger, Metrics } from '@counterfoil/runtime';
import type { GatewaySettings } from './config.ts';
import { gatewayMetrics } from './gateway-metrics.ts';
import { gaugeInbox } from './inbox-gauges.ts';
import type { Inbox } from './inbox/inbox.ts';
import { type InboundWebhookArchive, inboundWebhooks } from './quarantine/inbound-webhooks.ts';
import { type Quarantine, quarantine } from './quarantine/quarantine.ts';
import type { Authorizer } from './reception/authorizer.ts';
import { reception } from './reception/reception.ts';
import type { RejectedDeliveries } from './rejected/rejected-deliveries.ts';
import { relay } from './relay/relay.ts';
import { registerWebhooks } from './webhook-routes.ts';

export type IngestGatewayPorts = Readonly<{
  inbox: Inbox;
  rejected: RejectedDeliveries;
  /** One for each provider that has a credential; the URLs of the others answer 404. */
  adapters: readonly ProviderAdapter[];
  bus: EventBus;
  authorizer: Authorizer;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  settings: GatewaySettings;
}>;

export interface IngestGateway {
  /** Adds `POST /webhooks/…` to a server that does not listen yet. */
  readonly registerRoutes: (server: HttpServer) => void;
  readonly start: () => void;
  /** Call it when the server takes no more requests. Waits for the batch under way. */
  readonly stop: () => Promise<void>;
  readonly quarantine: Quarantine;
  /** The archive as the query API wants it. */
  readonly inboundWebhooks: InboundWebhookArchive;
}

/**
 * Verifies, archives and answers webhooks, and relays what the archive holds to the bus. The tables
 * of `inboxMigrations` must be there before it is started.
 */
export function ingestGateway(ports: IngestGatewayPorts): IngestGateway {
  const { inbox, rejected, clock } = ports;
  const adapters = new Map(ports.adapters.map((adapter) => [adapter.provider, adapter]));
  const metrics = gatewayMetrics(ports.metrics);
  gaugeInbox(ports);
  const relaying = relay({ ...ports, adapters, metrics });
  const quarantined = quarantine({ ...ports, adapters });
  const stopping = new AbortController();
  const receive = reception({
    ...ports,
    adapters,
    metrics,
    onStored: relaying.wake,
    signal: stopping.signal,
  });

  return {
    registerRoutes: (server) => registerWebhooks(server, clock, receive),
    start: relaying.start,
    stop: async () => {
      stopping.abort();
      await Promise.all([relaying.stop(), rejected.stop()]);
    },
    quarantine: quarantined,
    inboundWebhooks: inboundWebhooks(inbox, quarantined),
  };
}
