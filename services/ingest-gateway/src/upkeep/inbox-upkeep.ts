import { type Instant, instant, instantText } from '@counterfoil/domain';
import {
  type Clock,
  type Database,
  type Logger,
  type Metrics,
  whileLeading,
} from '@counterfoil/runtime';
import { type GatewayMetrics, gatewayMetrics } from '../gateway-metrics.ts';
import type { DeliverySummary, Expired, Inbox } from '../inbox/inbox.ts';
import type { RejectedDeliveries } from '../rejected/rejected-deliveries.ts';
import { expiryAt, type Retention } from './retention.ts';

/** How much longer than its time something may stay. */
const everyMs = 60 * 60 * 1000;
/** Some milliseconds of work for the database, after which webhooks have their turn. */
const batchSize = 500;
const pauseMs = 100;

export type UpkeepPorts = Readonly<{
  inbox: Inbox;
  rejected: Pick<RejectedDeliveries, 'trim'>;
  retention: Retention;
  metrics: Metrics;
  clock: Clock;
  logger: Logger;
}>;

/**
 * What one gateway of several does beside receiving: it removes what is over its time. Done twice
 * it does no harm. Resolves when the signal aborts.
 */
export const inboxUpkeep = (
  ports: UpkeepPorts & Readonly<{ database: Database; signal: AbortSignal }>,
): Promise<void> =>
  whileLeading({ ...ports, work: 'inbox', lead: (leading) => keepWithinTime(ports, leading) });

/** Once now and then every hour, until the signal aborts; a fault waits for the next turn. */
export async function keepWithinTime(ports: UpkeepPorts, signal: AbortSignal): Promise<void> {
  const { inbox, rejected, retention, clock, logger } = ports;
  const metrics = gatewayMetrics(ports.metrics);
  while (!signal.aborted) {
    try {
      await rejected.trim();
      const expiry = expiryAt(instant(Math.floor(clock.now())), retention);
      await inBatches(ports, signal, expiry.bodiesBefore, async (expired) => {
        const count = await inbox.removeBodies(expired);
        metrics.emptied(count);
        return count;
      });
      await inBatches(ports, signal, expiry.quarantinedBefore, async (expired) => {
        const removed = await inbox.removeQuarantined(expired);
        for (const delivery of removed) noteRemoved(logger, metrics, delivery);
        return removed.length;
      });
    } catch (fault) {
      logger.warn('what is over its time could not be removed', { error: fault });
    }
    await clock.sleep(everyMs, signal);
  }
}

async function inBatches(
  { clock }: UpkeepPorts,
  signal: AbortSignal,
  before: Instant | null,
  remove: (expired: Expired) => Promise<number>,
): Promise<void> {
  if (before === null) return;
  while (!signal.aborted) {
    const count = await remove({ before, limit: batchSize });
    if (count < batchSize) return;
    await clock.sleep(pauseMs, signal);
  }
}

/** An acknowledged fact is given up here, so it is named, one by one. */
function noteRemoved(
  logger: Logger,
  metrics: Pick<GatewayMetrics, 'removedFromQuarantine'>,
  delivery: DeliverySummary,
): void {
  const { id: deliveryId, provider, reason, bodySha256 } = delivery;
  metrics.removedFromQuarantine(provider);
  logger.warn('a webhook that was never understood was removed after its time', {
    deliveryId,
    provider,
    receivedAt: instantText(delivery.receivedAt),
    code: reason?.code,
    bodySha256,
  });
}
