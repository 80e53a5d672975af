import type { ProviderName } from '@counterfoil/domain';
import type { Metrics } from '@counterfoil/runtime';

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
  /** By which of the configured credentials, from 1: the old one is still in use where it counts. */
  readonly verified: (provider: ProviderName, credential: number) => void;
  readonly acknowledged: (provider: ProviderName, durationMs: number) => void;
  readonly authorized: (
    provider: ProviderName,
    decision: 'approved' | 'declined',
    durationMs: number,
  ) => void;
  readonly stoodIn: (provider: ProviderName, cause: StandInCause) => void;
  readonly relayed: (provider: ProviderName, outcome: 'published' | 'quarantined') => void;
  /** Deliveries that lost their bytes after their time. */
  readonly emptied: (count: number) => void;
  readonly removedFromQuarantine: (provider: ProviderName) => void;
}

const millisecondsPerSecond = 1000;

export function gatewayMetrics(metrics: Metrics): GatewayMetrics {
  const received = metrics.counter({
    name: 'counterfoil_webhooks_total',
    help: 'Inbound webhooks by how their reception ended',
    labels: ['provider', 'outcome'],
  });
  const verified = metrics.counter({
    name: 'counterfoil_webhook_credentials_total',
    help: 'Authentic webhooks by the place of their credential in the configuration',
    labels: ['provider', 'credential'],
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
  const emptied = metrics.counter({
    name: 'counterfoil_inbox_emptied_total',
    help: 'Archived webhooks that lost their bytes after their time',
  });
  const removed = metrics.counter({
    name: 'counterfoil_quarantine_removed_total',
    help: 'Webhooks that were removed from quarantine after their time, never understood',
    labels: ['provider'],
  });
  return {
    received: (provider, outcome) => received.add(1, { provider, outcome }),
    verified: (provider, credential) =>
      verified.add(1, { provider, credential: String(credential) }),
    acknowledged: (provider, durationMs) =>
      acknowledged.observe(durationMs / millisecondsPerSecond, { provider }),
    authorized: (provider, decision, durationMs) =>
      authorized.observe(durationMs / millisecondsPerSecond, { provider, decision }),
    stoodIn: (provider, cause) => stoodIn.add(1, { provider, cause }),
    relayed: (provider, outcome) => relayed.add(1, { provider, outcome }),
    emptied: (count) => emptied.add(count),
    removedFromQuarantine: (provider) => removed.add(1, { provider }),
  };
}
