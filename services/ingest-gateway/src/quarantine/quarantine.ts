import { err, invariant, ok, type Rejection, type Result } from '@counterfoil/domain';
import type {
  ArchivedDelivery,
  DeliveryFilter,
  DeliverySummary,
  RelayOutcome,
} from '../inbox/inbox.ts';
import { publishAll, type RelayPorts } from '../relay/relay.ts';
import { translateDelivery } from '../relay/translation.ts';

export type RetryRejection = Rejection<
  'inbound-webhook-not-found' | 'inbound-webhook-not-quarantined'
>;

export type RetryPorts = Pick<RelayPorts, 'inbox' | 'bus' | 'adapters' | 'clock' | 'logger'>;

/** Which quarantined deliveries to try: of a provider, with a reason, of a time, or all (nulls). */
export type RetrySelection = Omit<DeliveryFilter, 'status'>;

/** `after`: the last delivery of the page, to go on behind; null when there is none left. */
export type RetriedPage = Readonly<{ published: number; refused: number; after: string | null }>;

/**
 * What lies in quarantine is translated again from the archived bytes, and published. The events
 * have the ids that they would have had at first, so that a second retry posts nothing twice.
 */
export interface Quarantine {
  /** Resolves to the delivery as it is afterwards: still in quarantine when it is refused again. */
  readonly retry: (deliveryId: string) => Promise<Result<DeliverySummary, RetryRejection>>;
  /**
   * Oldest first, so that what belongs together keeps its order, and `limit` at once, so that it
   * ends in time. A delivery that somebody else has settled meanwhile is not counted.
   */
  readonly retryPage: (
    selection: RetrySelection,
    page: Readonly<{ after: string | null; limit: number }>,
  ) => Promise<RetriedPage>;
}

export function quarantine(ports: RetryPorts): Quarantine {
  const { inbox } = ports;
  const retry: Quarantine['retry'] = async (deliveryId) => {
    const delivery = await inbox.find(deliveryId);
    if (delivery === null)
      return err({
        code: 'inbound-webhook-not-found',
        message: 'There is no such inbound webhook.',
      });
    if (delivery.status !== 'quarantined')
      return err({
        code: 'inbound-webhook-not-quarantined',
        message: `The inbound webhook is ${delivery.status}.`,
      });
    // Of a provider that is off here: its reason says more than that nobody can translate it.
    if (!ports.adapters.has(delivery.provider)) return ok(delivery);
    const { body } = delivery;
    invariant(body !== null, 'what lies in quarantine keeps its body');
    await inbox.settle(await publishAgain(ports, { ...delivery, body }));
    return ok((await inbox.find(deliveryId)) ?? delivery);
  };
  return {
    retry,
    retryPage: async (selection, page) => {
      const chosen = { ...selection, status: 'quarantined', order: 'oldest-first' } as const;
      const deliveries = await inbox.list({ ...chosen, ...page });
      let [published, refused] = [0, 0];
      for (const { id } of deliveries) {
        const retried = await retry(id);
        if (!retried.ok) continue;
        if (retried.value.status === 'quarantined') refused += 1;
        else published += 1;
      }
      const isLast = deliveries.length < page.limit;
      return { published, refused, after: isLast ? null : (deliveries.at(-1)?.sequence ?? null) };
    },
  };
}

async function publishAgain(ports: RetryPorts, delivery: ArchivedDelivery): Promise<RelayOutcome> {
  const { outcome, canonicalEvents } = await translateDelivery(ports, delivery);
  await publishAll(ports, canonicalEvents);
  return outcome;
}
