import { err, ok, type ProviderName, type Rejection, type Result } from '@counterfoil/domain';
import type { ArchivedDelivery, DeliverySummary, RelayOutcome } from '../inbox/inbox.ts';
import { publishAll, type RelayPorts } from '../relay/relay.ts';
import { translateDelivery } from '../relay/translation.ts';

export type RetryRejection = Rejection<
  'inbound-webhook-not-found' | 'inbound-webhook-not-quarantined'
>;

export type RetryPorts = Pick<RelayPorts, 'inbox' | 'bus' | 'adapters' | 'clock' | 'logger'>;

/** Which quarantined deliveries to try: of one provider, with one reason, or all (nulls). */
export type RetrySelection = Readonly<{
  provider: ProviderName | null;
  code: string | null;
}>;

/**
 * What lies in quarantine is translated again from the archived bytes, and published. The events
 * have the ids that they would have had at first, so that a second retry posts nothing twice.
 */
export interface Quarantine {
  /** Resolves to the delivery as it is afterwards: still in quarantine when it is refused again. */
  readonly retry: (deliveryId: string) => Promise<Result<DeliverySummary, RetryRejection>>;
  /** Oldest first, so that what belongs together keeps its order. */
  readonly retryAll: (
    selection: RetrySelection,
  ) => Promise<Readonly<{ published: number; refused: number }>>;
}

const pageSize = 200;

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
    await inbox.settle(await publishAgain(ports, delivery));
    return ok((await inbox.find(deliveryId)) ?? delivery);
  };
  return {
    retry,
    retryAll: async (selection) => {
      let [published, refused] = [0, 0];
      for (const { id } of await selected(ports, selection)) {
        const retried = await retry(id);
        if (!retried.ok) continue;
        if (retried.value.status === 'quarantined') refused += 1;
        else published += 1;
      }
      return { published, refused };
    },
  };
}

async function selected(
  { inbox }: RetryPorts,
  { provider, code }: RetrySelection,
): Promise<readonly DeliverySummary[]> {
  const found: DeliverySummary[] = [];
  const common = { status: 'quarantined', provider, limit: pageSize } as const;
  for (let before: string | null = null; ; ) {
    const page: readonly DeliverySummary[] = await inbox.list({ ...common, before });
    found.push(...page.filter(({ reason }) => code === null || reason?.code === code));
    before = page.at(-1)?.sequence ?? null;
    if (page.length < pageSize) return found.reverse();
  }
}

async function publishAgain(ports: RetryPorts, delivery: ArchivedDelivery): Promise<RelayOutcome> {
  const deliveryId = delivery.id;
  const translated = translateDelivery(ports.adapters, delivery, (fault) => {
    const { provider } = delivery;
    ports.logger.error('a translator failed', { deliveryId, provider, error: fault });
  });
  if (!translated.ok) return { kind: 'quarantined', deliveryId, reason: translated.error };
  await publishAll(ports, translated.value);
  const canonicalEvents = translated.value.map(({ eventId, type }) => ({ eventId, type }));
  return { kind: 'published', deliveryId, canonicalEvents };
}
