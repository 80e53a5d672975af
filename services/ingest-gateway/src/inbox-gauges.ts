import type { Instant } from '@counterfoil/domain';
import type { Clock, Metrics } from '@counterfoil/runtime';
import type { GatewaySettings } from './config.ts';
import type { Inbox } from './inbox/inbox.ts';
import type { RejectedDeliveries } from './rejected/rejected-deliveries.ts';

export type InboxGaugePorts = Readonly<{
  metrics: Metrics;
  inbox: Pick<Inbox, 'count' | 'size'>;
  rejected: Pick<RejectedDeliveries, 'size'>;
  settings: Pick<GatewaySettings, 'retention' | 'quarantineBytesMax'>;
  clock: Clock;
}>;

const millisecondsPerSecond = 1000;

/** Asked of the inbox at each scrape; while it is away they read as -1. The bounds are beside them. */
export function gaugeInbox({ metrics, inbox, rejected, settings, clock }: InboxGaugePorts): void {
  const { retention, quarantineBytesMax } = settings;
  const count = whileAsked(inbox.count);
  const size = whileAsked(inbox.size);
  const refused = whileAsked(rejected.size);
  const asked = <Value>(ask: () => Promise<Value>, valueOf: (value: Value) => number) => ({
    read: () => ask().then(valueOf, () => -1),
  });
  metrics.gauge({
    name: 'counterfoil_inbox_waiting',
    help: 'Archived webhooks that wait for the relay',
    ...asked(count, ({ waiting }) => waiting),
  });
  metrics.gauge({
    name: 'counterfoil_inbox_quarantined',
    help: 'Archived webhooks in quarantine',
    ...asked(count, ({ quarantined }) => quarantined),
  });
  metrics.gauge({
    name: 'counterfoil_inbox_bytes',
    help: 'What the archive of webhooks takes up, quarantine included',
    ...asked(size, ({ bytes }) => bytes),
  });
  metrics.gauge({
    name: 'counterfoil_quarantine_bytes',
    help: 'Bodies in quarantine',
    ...asked(size, ({ quarantinedBytes }) => quarantinedBytes),
  });
  metrics.gauge({
    name: 'counterfoil_quarantine_oldest_seconds',
    help: 'How long the oldest webhook has been in quarantine; 0 when there is none',
    ...asked(size, ({ oldestQuarantinedAt }) => secondsSince(clock, oldestQuarantinedAt)),
  });
  metrics.gauge({
    name: 'counterfoil_refused_webhooks',
    help: 'Webhooks with a wrong credential that are kept to be verified again',
    ...asked(refused, (kept) => kept.count),
  });
  metrics.gauge({
    name: 'counterfoil_refused_bytes',
    help: 'Bodies of webhooks with a wrong credential that are kept',
    ...asked(refused, ({ bytes }) => bytes),
  });
  metrics
    .gauge({
      name: 'counterfoil_quarantine_max_bytes',
      help: 'Above which quarantine is too large: QUARANTINE_MB_MAX',
    })
    .set(quarantineBytesMax);
  if (retention.quarantineMs !== null)
    metrics
      .gauge({
        name: 'counterfoil_quarantine_retention_seconds',
        help: 'After which a webhook is removed from quarantine; absent where it is kept for ever',
      })
      .set(retention.quarantineMs / millisecondsPerSecond);
}

/** The gauges of one scrape are asked at once: they share an answer. */
function whileAsked<Value>(ask: () => Promise<Value>): () => Promise<Value> {
  let asked: Promise<Value> | null = null;
  return () => {
    asked ??= ask().finally(() => {
      asked = null;
    });
    return asked;
  };
}

const secondsSince = (clock: Clock, at: Instant | null): number =>
  at === null ? 0 : (clock.now() - at) / millisecondsPerSecond;
