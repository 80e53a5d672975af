import type { Fee, Flag } from '../canonical/envelope.ts';
import type { CanonicalEvent, CanonicalOf, CanonicalType } from '../canonical/events.ts';
import { assetOf } from '../asset.ts';
import { eventId, type Instant, instant, type ProviderName } from '../ids.ts';
import { type Money, parseMoney } from '../money.ts';
import type { Reference, ReferenceKind } from '../reference/reference.ts';
import { invariant } from '../result.ts';

/** Noon of a day on which nothing special happens; every built event happens around it. */
export const noon: Instant = instant(1_767_268_800_000);
export const minuteMs = 60_000;
export const dayMs = 86_400_000;

export function amountOf(amount: string, assetCode = 'USD'): Money {
  const parsed = parseMoney({ asset: assetCode, amount });
  invariant(parsed.ok, `${amount} ${assetCode} is an amount`);
  return parsed.value;
}

/** Whole cents of a dollar, for generated amounts. */
export function cents(count: number): Money {
  const asset = assetOf('USD');
  invariant(asset.ok, 'USD is an asset');
  return { asset: asset.value, units: BigInt(count) * 10_000n };
}

export const feeOf = (amount: Money, kind: Fee['kind'] = 'transaction'): Fee => ({ kind, amount });

export const referenceOf = (
  provider: ProviderName,
  kind: ReferenceKind,
  externalId: string,
): Reference => ({ provider, kind, externalId });

type Envelope = Readonly<{
  provider: ProviderName;
  /** Tells apart events of one type; the same id is the same event. */
  id: string;
  at?: Instant;
  owners?: readonly Reference[];
  effectKey?: string | null;
  references?: Readonly<Record<string, string>>;
  flags?: readonly Flag[];
}>;

/** A canonical event as an adapter would emit it, with everything about it that a test leaves open. */
export function canonicalEvent<Type extends CanonicalType>(
  type: Type,
  data: CanonicalOf<Type>['data'],
  { provider, id, at = noon, owners = [], effectKey = null, ...rest }: Envelope,
): CanonicalOf<Type> {
  const [subject] = owners;
  const event = {
    type,
    data,
    eventId: eventId(`${type}-${id}`),
    occurredAt: at,
    receivedAt: at,
    source: {
      provider,
      dialect: 'test',
      adapterVersion: 1,
      channel: 'webhook' as const,
      deliveryId: `delivery of ${type}-${id}`,
      providerEvent: type,
      bodySha256: '',
    },
    idempotencyKey: `${type}-${id}`,
    effectKey: effectKey === null ? null : `${provider}|${effectKey}`,
    subject: { kind: subject?.kind ?? 'account', id: subject?.externalId ?? 'default' },
    owners,
    references: rest.references ?? {},
    flags: rest.flags ?? [],
  };
  // The generic parameter ties `data` to `type`; the union cannot be built up without a word for it.
  return event as CanonicalEvent as CanonicalOf<Type>;
}
