import {
  type CanonicalEvent,
  err,
  ok,
  postsByItself,
  type ProviderName,
  type Result,
} from '@counterfoil/domain';
import { canonicalTopic } from '@counterfoil/event-bus';
import type { Counterpart, ProviderAdapter, VerifiedWebhook } from '@counterfoil/providers';
import type { Logger } from '@counterfoil/runtime';
import type { ArchivedDelivery, Inbox, InboxReason, RelayOutcome } from '../inbox/inbox.ts';
import { readableBody } from '../reception/readable-body.ts';

export type Adapters = ReadonlyMap<ProviderName, ProviderAdapter>;

/** What is to be marked in the inbox, and what is to be published before that. */
export type Translated = Readonly<{
  outcome: RelayOutcome;
  canonicalEvents: readonly CanonicalEvent[];
}>;

type TranslationPorts = Readonly<{ adapters: Adapters; inbox: Inbox; logger: Logger }>;

/**
 * An archived delivery, translated and ready for the bus. What an adapter throws is our bug, and its
 * delivery waits in quarantine for the repair instead of holding up the ones behind it. Rejects when
 * the inbox is away.
 */
export async function translateDelivery(
  { adapters, inbox, logger }: TranslationPorts,
  delivery: ArchivedDelivery,
): Promise<Translated> {
  const { provider } = delivery;
  const onFault = (error: unknown) =>
    logger.error('a translator failed', { deliveryId, provider, error });
  const deliveryId = delivery.id;
  const adapter = adapters.get(provider);
  const first = await standingBody(inbox, delivery);
  const translated =
    adapter === undefined ? untranslatable : eventsOf(adapter, delivery, first, onFault);
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
  first: ArchivedDelivery | null,
  onFault: (fault: unknown) => void,
): Result<readonly CanonicalEvent[], InboxReason> {
  try {
    const translated = adapter.webhooks.translate(archivedWebhook(delivery));
    if (!translated.ok) return translated;
    const standing = first && adapter.webhooks.translate(archivedWebhook(first));
    const told = delivery.isVariant ? translated.value.map(flaggedVariant) : translated.value;
    const events = standing?.ok ? told.map(secondBodyOf(standing.value)) : told;
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

/** The first body under the event key; null where there is none, or its bytes are gone. */
async function standingBody(
  inbox: Inbox,
  { isVariant, firstDeliveryId }: ArchivedDelivery,
): Promise<ArchivedDelivery | null> {
  if (!isVariant || firstDeliveryId === null) return null;
  const first = await inbox.find(firstDeliveryId);
  return first !== null && first.body !== null ? { ...first, body: first.body } : null;
}

/**
 * Two bodies under one event key are two bodies of one effect (R6), though they name it differently:
 * whatever posts in the second has the effect key that the first gives its like, so that it does not
 * post as well, and a person rules where the money differs.
 */
const secondBodyOf =
  (first: readonly CanonicalEvent[]) =>
  (event: CanonicalEvent, place: number, all: readonly CanonicalEvent[]): CanonicalEvent => {
    const isLike = ({ type }: CanonicalEvent) => type === event.type;
    const like = first.filter(isLike)[all.slice(0, place).filter(isLike).length];
    return like && like.effectKey !== null && postsByItself(event)
      ? { ...event, effectKey: like.effectKey }
      : event;
  };
