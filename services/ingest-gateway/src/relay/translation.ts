import { type CanonicalEvent, err, ok, type ProviderName, type Result } from '@counterfoil/domain';
import { canonicalTopic } from '@counterfoil/event-bus';
import type { Counterpart, ProviderAdapter, VerifiedWebhook } from '@counterfoil/providers';
import type { ArchivedDelivery, InboxReason, RelayOutcome } from '../inbox/inbox.ts';
import { readableBody } from '../reception/readable-body.ts';

export type Adapters = ReadonlyMap<ProviderName, ProviderAdapter>;

/** What is to be marked in the inbox, and what is to be published before that. */
export type Translated = Readonly<{
  outcome: RelayOutcome;
  canonicalEvents: readonly CanonicalEvent[];
}>;

/**
 * An archived delivery, translated and ready for the bus. Never throws: what an adapter throws is
 * our bug, and its delivery waits in quarantine for the repair instead of holding up the ones
 * behind it.
 */
export function translateDelivery(
  adapters: Adapters,
  delivery: ArchivedDelivery,
  onFault: (fault: unknown) => void,
): Translated {
  const deliveryId = delivery.id;
  const adapter = adapters.get(delivery.provider);
  const translated = adapter === undefined ? untranslatable : eventsOf(adapter, delivery, onFault);
  const counterpart = adapter && counterpartOf(adapter, delivery, translated, onFault);
  const common = { deliveryId, ...(counterpart && { counterpart }) };
  if (!translated.ok) {
    const outcome = { ...common, kind: 'quarantined', reason: translated.error } as const;
    return { outcome, canonicalEvents: [] };
  }
  const canonicalEvents = translated.value.map(({ eventId, type }) => ({ eventId, type }));
  return {
    outcome: { ...common, kind: 'published', canonicalEvents },
    canonicalEvents: translated.value,
  };
}

const adapterFault = (message: string) =>
  err({ code: 'adapter-fault', path: '', message } as const);
const untranslatable = adapterFault(
  'The provider has no credential configured, so nothing can translate its bodies.',
);

function eventsOf(
  adapter: ProviderAdapter,
  delivery: ArchivedDelivery,
  onFault: (fault: unknown) => void,
): Result<readonly CanonicalEvent[], InboxReason> {
  try {
    const translated = adapter.webhooks.translate(archivedWebhook(delivery));
    if (!translated.ok) return translated;
    const events = delivery.isVariant ? translated.value.map(flaggedVariant) : translated.value;
    // A message that cannot be written would hold up every later one: it is found here.
    for (const event of events) JSON.stringify(canonicalTopic.encode(event));
    return ok(events);
  } catch (fault) {
    onFault(fault);
    return adapterFault(
      'The translator failed on this body; it can be tried again after a repair.',
    );
  }
}

/** A mark for whoever looks: where it cannot be made, the delivery goes its way without it. */
function counterpartOf(
  adapter: ProviderAdapter,
  delivery: ArchivedDelivery,
  translated: Result<readonly CanonicalEvent[], InboxReason>,
  onFault: (fault: unknown) => void,
): Counterpart | null {
  try {
    return adapter.counterpart?.(archivedWebhook(delivery), translated) ?? null;
  } catch (fault) {
    onFault(fault);
    return null;
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
