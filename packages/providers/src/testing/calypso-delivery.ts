import { type CanonicalEvent, type Money, moneyText } from '@counterfoil/domain';
import { calypsoAdapter } from '../calypso/adapter.ts';
import type { CalypsoSettings } from '../calypso/settings.ts';
import type { Quarantine } from '../provider-adapter.ts';
import { verifiedWebhook } from './inbound-webhook.ts';
import { sampleAmountMax } from './sample-adapters.ts';

export const calypsoAccount = '7d1f0c52-3b3e-4c7a-9a55-0d6f5f1b2c11';

/** A delivery with this event's `data` as JSON text, so that a test can write numbers exactly. */
export const calypsoBody = (eventType: string, data: string): string =>
  `{"requestId":"${calypsoAccount}","id":410001,"createdDate":"2025-03-04T10:15:30.123456",` +
  `"level":"INFO","service":"ANY","eventType":"${eventType}","data":${data}}`;

const defaults: CalypsoSettings = { translationAmountIs: 'gross', payoutReserveAt: 'order' };

const adapterWith = (settings: Partial<CalypsoSettings>) =>
  calypsoAdapter({
    credentials: [{ key: 'test-public-key', secret: 'test-webhook-secret' }],
    settings: { ...defaults, ...settings },
    amountMax: sampleAmountMax,
  });

/** The events of a delivery, or what it is quarantined for. */
export function calypsoTranslation(
  body: string | Uint8Array,
  settings: Partial<CalypsoSettings> = {},
): readonly CanonicalEvent[] | Quarantine {
  const adapter = adapterWith(settings);
  const translated = adapter.webhooks.translate(verifiedWebhook(adapter, body));
  return translated.ok ? translated.value : translated.error;
}

/** The one event of a delivery, as the vocabulary sees it: without the delivery's own facts. */
export function calypsoEvent(
  eventType: string,
  data: string,
  settings: Partial<CalypsoSettings> = {},
): Record<string, unknown> {
  const [event, ...others] = calypsoEvents(eventType, data, settings);
  if (event === undefined || others.length > 0) throw new Error('Expected exactly one event');
  return event;
}

export function calypsoEvents(
  eventType: string,
  data: string,
  settings: Partial<CalypsoSettings> = {},
): readonly Record<string, unknown>[] {
  const translated = calypsoTranslation(calypsoBody(eventType, data), settings);
  if ('code' in translated) throw new Error(`Quarantined: ${translated.code} ${translated.path}`);
  return translated.map(({ type, data: facts, effectKey, subject, owners, references, flags }) => {
    const named = owners.map(({ kind, externalId }) => `${kind} ${externalId}`);
    const about = `${subject.kind} ${subject.id}`;
    return { type, ...withMoneyAsText(facts), effectKey, about, owners: named, references, flags };
  });
}

/** Code and place of the quarantine of a delivery. */
export function calypsoQuarantine(eventType: string, data: string): string {
  const translated = calypsoTranslation(calypsoBody(eventType, data));
  return 'code' in translated ? `${translated.code} ${translated.path}` : 'translated';
}

function withMoneyAsText(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, textOf(item)]));
}

function textOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(textOf);
  return isMoney(value) ? `${moneyText(value).amount} ${value.asset}` : withMoneyAsText(value);
}

const isMoney = (value: object): value is Money => 'units' in value && 'asset' in value;
