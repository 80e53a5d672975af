import { type CanonicalEvent, err, ok, type ProviderName, type Result } from '@counterfoil/domain';
import { canonicalTopic } from '@counterfoil/event-bus';
import type { ProviderAdapter, VerifiedWebhook } from '@counterfoil/providers';
import type { ArchivedDelivery, InboxReason } from '../inbox/inbox.ts';
import { readableBody } from '../reception/readable-body.ts';

export type Adapters = ReadonlyMap<ProviderName, ProviderAdapter>;

/**
 * The canonical events of an archived delivery, ready for the bus. Never throws: what an adapter
 * throws is our bug, and its delivery waits in quarantine for the repair instead of holding up the
 * ones behind it.
 */
export function translateDelivery(
  adapters: Adapters,
  delivery: ArchivedDelivery,
  onFault: (fault: unknown) => void,
): Result<readonly CanonicalEvent[], InboxReason> {
  const adapter = adapters.get(delivery.provider);
  if (adapter === undefined)
    return err({
      code: 'adapter-fault',
      path: '',
      message: 'The provider has no credential configured, so nothing can translate its bodies.',
    });
  try {
    const translated = adapter.webhooks.translate(archivedWebhook(delivery));
    if (!translated.ok) return translated;
    const events = delivery.isVariant ? translated.value.map(flaggedVariant) : translated.value;
    // A message that cannot be written would hold up every later one: it is found here.
    for (const event of events) JSON.stringify(canonicalTopic.encode(event));
    return ok(events);
  } catch (fault) {
    onFault(fault);
    const message = 'The translator failed on this body; it can be tried again after a repair.';
    return err({ code: 'adapter-fault', path: '', message });
  }
}

/** The archive takes only what `verify` has passed, and keeps no credential to verify it again. */
const archivedWebhook = (delivery: ArchivedDelivery): VerifiedWebhook =>
  ({
    headers: delivery.headers,
    body: readableBody(delivery),
    receivedAt: delivery.receivedAt,
    deliveryId: delivery.id,
  }) as VerifiedWebhook;

const flaggedVariant = (event: CanonicalEvent): CanonicalEvent =>
  event.flags.includes('variant') ? event : { ...event, flags: [...event.flags, 'variant'] };
