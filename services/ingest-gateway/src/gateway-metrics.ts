import type { ProviderName } from '@counterfoil/domain';
import type { Metrics } from '@counterfoil/runtime';
import type { Inbox } from './inbox/inbox.ts';

/** How a request to a webhook URL ended. */
export type ReceptionOutcome =
  | 'stored'
  | 'variant'
  | 'duplicate'
  | 'refused'
  | 'too-large'
  | 'unavailable'
  | 'overloaded';

/** Why a provider got an answer without the authorizer's decision behind it. */
export type StandInCause =
  | 'deadline-passed'
  | 'authorizer-failed'
  | 'archive-failed'
  | 'variant-of-request'
  | 'answered-before';

/** What the gateway counts; durations in milliseconds. */
export interface GatewayMetrics {
  readonly received: (provider: ProviderName, outcome: ReceptionOutcome) => void;
  readonly acknowledged: (provider: ProviderName, durationMs: number) => void;
  readonly authorized: (
    provider: ProviderName,
    decision: 'approved' | 'declined',
    durationMs: number,
  ) => void;
  readonly stoodIn: (provider: ProviderName, cause: StandInCause) => void;
  readonly relayed: (provider: ProviderName, outcome: 'published' | 'quarantined') => void;
}

const millisecondsPerSecond = 1000;

export function gatewayMetrics(metrics: Metrics): GatewayMetrics {
  const received = metrics.counter({
    name: 'counterfoil_webhooks_total',
    help: 'Inbound webhooks by how their reception ended',
    labels: ['provider', 'outcome'],
  });
  const acknowledged = metrics.histogram({
    name: 'counterfoil_webhook_acknowledgement_seconds',
    help: 'From the first byte of a webhook to its acknowledgement',
    labels: ['provider'],
  });
  const authorized = metrics.histogram({
    name: 'counterfoil_authorization_seconds',
    help: 'From the first byte of an authorization request to its answer',
    labels: ['provider', 'decision'],
  });
  const stoodIn = metrics.counter({
    name: 'counterfoil_authorization_stand_ins_total',
    help: 'Authorization requests answered without the decision of the authorizer',
    labels: ['provider', 'cause'],
  });
  const relayed = metrics.counter({
    name: 'counterfoil_relayed_webhooks_total',
    help: 'Archived webhooks that the relay published or put into quarantine',
    labels: ['provider', 'outcome'],
  });
  return {
    received: (provider, outcome) => received.add(1, { provider, outcome }),
    acknowledged: (provider, durationMs) =>
      acknowledged.observe(durationMs / millisecondsPerSecond, { provider }),
    authorized: (provider, decision, durationMs) =>
      authorized.observe(durationMs / millisecondsPerSecond, { provider, decision }),
    stoodIn: (provider, cause) => stoodIn.add(1, { provider, cause }),
    relayed: (provider, outcome) => relayed.add(1, { provider, outcome }),
  };
}

/** Asked of the inbox at each scrape; while the inbox is away they read as -1. */
export function gaugeInbox(metrics: Metrics, inbox: Inbox): void {
  const read = async (field: 'waiting' | 'quarantined'): Promise<number> =>
    inbox.count().then(
      (counts) => counts[field],
      () => -1,
    );
  metrics.gauge({
    name: 'counterfoil_inbox_waiting',
    help: 'Archived webhooks that wait for the relay',
    read: () => read('waiting'),
  });
  metrics.gauge({
    name: 'counterfoil_inbox_quarantined',
    help: 'Archived webhooks in quarantine',
    read: () => read('quarantined'),
  });
}
