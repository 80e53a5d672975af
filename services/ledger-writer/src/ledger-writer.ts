import type { CanonicalEvent } from '@counterfoil/domain';
import { canonicalTopic, consumerGroup, type EventBus } from '@counterfoil/event-bus';
import type { Ledger } from '@counterfoil/ledger';
import { faultsOf } from '@counterfoil/providers';
import type { Clock, Logger, Metrics } from '@counterfoil/runtime';
import { recordCanonicalEvent } from './record-canonical-event.ts';

const group = consumerGroup('ledger-writer');

/**
 * Consumes canonical events until disposed. An event is acknowledged after everything it means is
 * durable; until then it is given again, and nothing is recorded twice. A fault is a retry by the
 * bus, in the end a dead letter that an operator can send again; what is no event of the vocabulary
 * is one at once.
 */
export async function ledgerWriter(
  options: Readonly<{
    ledger: Ledger;
    bus: EventBus;
    clock: Clock;
    logger: Logger;
    metrics: Metrics;
  }>,
): Promise<AsyncDisposable> {
  const { ledger, bus, clock, logger } = options;
  const recorded = options.metrics.counter({
    name: 'counterfoil_canonical_events_recorded_total',
    help: 'Canonical events whose meaning is in the books.',
    labels: ['provider', 'type'],
  });
  options.metrics.gauge({
    name: 'counterfoil_recording_lag_messages',
    help: 'Canonical events that wait to be recorded, of all instances; -1 while the bus is away.',
    read: () => bus.lag(canonicalTopic.name, group).catch(() => -1),
  });
  return bus.subscribe<CanonicalEvent>(canonicalTopic, {
    group,
    handle: async ({ message, attempt }) => {
      // The topic is open to whoever may write to the broker, and what is recorded stands for ever.
      const faults = faultsOf(message);
      if (faults.length > 0) return { kind: 'dead-letter', reason: faults.join('; ') };
      if (attempt > 1)
        logger.warn('recording an event again', { eventId: message.eventId, attempt });
      await recordCanonicalEvent(ledger, message, clock.now());
      recorded.add(1, { provider: message.source.provider, type: message.type });
      return { kind: 'ack' };
    },
  });
}
