import type { CanonicalEvent, CanonicalOf, CanonicalType, Instant } from '@counterfoil/domain';
import type { CryptomateSettings } from '../cryptomate/settings.ts';
import type { Identification, ProviderAdapter, Quarantine } from '../provider-adapter.ts';
import { sampleReceivedAt, signedWebhook, verifiedWebhook } from './inbound-webhook.ts';
import { sampleAdapters, sampleCryptomateAdapter } from './sample-adapters.ts';
import { readSample } from './samples.ts';

type Body = Readonly<Record<string, unknown>>;

const standard = sampleAdapters().cryptomate;
const readJson = (path: string): Body =>
  JSON.parse(new TextDecoder().decode(readSample(`cryptomate/${path}.json`))) as Body;

/** A sample body with other fields in `data` and in the envelope; `undefined` takes one away. */
export function altered(path: string, data: Body = {}, envelope: Body = {}): string {
  const body = readJson(path);
  return JSON.stringify({
    ...body,
    ...envelope,
    data: { ...(body['data'] as Body), ...data },
  });
}

export type Outcome =
  | Readonly<{ event: CanonicalEvent; refused: null }>
  | Readonly<{ event: null; refused: Quarantine }>;

/** What the adapter makes of a body under some settings: its one event, or why there is none. */
export function translated(
  body: string | Uint8Array,
  settings: Partial<CryptomateSettings> = {},
): Outcome {
  const adapter = sampleCryptomateAdapter(settings);
  const result = adapter.webhooks.translate(verifiedWebhook(adapter, body));
  if (!result.ok) return { event: null, refused: result.error };
  const [event, ...others] = result.value;
  if (event === undefined || others.length > 0) throw new Error('CryptoMate has one event a body');
  return { event, refused: null };
}

/** The event of a body that is understood, as the type that the test expects. */
export function eventOf<Type extends CanonicalType>(
  type: Type,
  body: string | Uint8Array,
  settings: Partial<CryptomateSettings> = {},
): CanonicalOf<Type> {
  const { event, refused } = translated(body, settings);
  if (event?.type !== type)
    throw new Error(`expected ${type}, got ${event?.type ?? JSON.stringify(refused)}`);
  return event as CanonicalOf<Type>;
}

export const codeOf = (body: string | Uint8Array, settings: Partial<CryptomateSettings> = {}) =>
  translated(body, settings).refused?.code ?? 'translated';

/** Code and place, as a person reads them in the quarantine. */
export const refusalOf = (body: string | Uint8Array) => {
  const { refused } = translated(body);
  return refused === null ? 'translated' : `${refused.code} ${refused.path}`.trim();
};

export const identified = (body: string | Uint8Array): Identification =>
  standard.webhooks.identify(verifiedWebhook(standard, body));

/** Delivered with another `X-Request-Timestamp`, or with none. */
export function sentAt(
  body: string | Uint8Array,
  timestamp: string | null,
  receivedAt: Instant = sampleReceivedAt,
  adapter: ProviderAdapter = standard,
): CanonicalEvent {
  const webhook = signedWebhook(adapter, body, receivedAt);
  const headers = new Map(webhook.headers);
  headers.delete('x-request-timestamp');
  if (timestamp !== null) headers.set('x-request-timestamp', timestamp);
  const verified = adapter.webhooks.verify({ ...webhook, headers });
  if (!verified.ok) throw new Error(verified.error.message);
  const result = adapter.webhooks.translate(verified.value);
  const event = result.ok ? result.value[0] : undefined;
  if (event === undefined) throw new Error('expected an event');
  return event;
}
