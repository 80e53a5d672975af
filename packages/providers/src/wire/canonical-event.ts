import {
  type CanonicalEvent,
  type CanonicalOf,
  type CanonicalType,
  eventId,
  type Flag,
  type Instant,
  type ProviderName,
  type Reference,
  type Subject,
} from '@counterfoil/domain';
import { v5 } from 'uuid';
import { channelHeader, type VerifiedWebhook } from '../provider-adapter.ts';

/** Fixed for ever: every canonical event id is derived from it. */
const namespace = '6f9d3c1e-52a4-5b7e-9d0f-c0f0e4f01100';

/** What all events of one delivery have in common. */
export type DeliveryContext = Readonly<{
  provider: ProviderName;
  dialect: string;
  adapterVersion: number;
  providerEvent: string;
  eventKey: string;
  bodySha256: string;
  webhook: VerifiedWebhook;
}>;

export type CanonicalParts<Type extends CanonicalType> = Readonly<{
  type: Type;
  data: CanonicalOf<Type>['data'];
  occurredAt: Instant | null;
  /** The effect, without the provider, as in the provider's table; null posts nothing. */
  effectKey: string | null;
  subject: Subject;
  owners: readonly Reference[];
  references?: Readonly<Record<string, string | null>>;
  flags?: readonly Flag[];
}>;

/** The one place where canonical events are made: `ordinal` is the place in the adapter's output. */
export function canonicalEvent<Type extends CanonicalType>(
  context: DeliveryContext,
  parts: CanonicalParts<Type>,
  ordinal = 0,
): CanonicalEvent {
  const { provider, webhook } = context;
  const idempotencyKey = `${provider}|${context.eventKey}|${context.bodySha256}`;
  const references = Object.entries(parts.references ?? {}).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  const event = {
    eventId: eventId(v5(`${idempotencyKey}|${ordinal}`, namespace)),
    type: parts.type,
    data: parts.data,
    occurredAt: parts.occurredAt ?? webhook.receivedAt,
    receivedAt: webhook.receivedAt,
    source: {
      provider,
      dialect: context.dialect,
      adapterVersion: context.adapterVersion,
      channel: webhook.headers.get(channelHeader) === 'read' ? 'read' : 'webhook',
      deliveryId: webhook.deliveryId,
      providerEvent: context.providerEvent,
      bodySha256: context.bodySha256,
    },
    idempotencyKey,
    effectKey: parts.effectKey === null ? null : `${provider}|${parts.effectKey}`,
    subject: parts.subject,
    owners: parts.owners,
    references: Object.fromEntries(references),
    flags: parts.flags ?? [],
  };
  // `type` and `data` belong together by the signature; the compiler cannot see it through a union.
  return event as CanonicalEvent;
}
