import { instant, type ProviderName } from '@counterfoil/domain';
import type { ProviderAdapter } from '@counterfoil/providers';
import { sampleAdapters } from '@counterfoil/providers/testing';

export type DeliveryAnswer = Readonly<{ status: number; body: string }>;

const adapters: Readonly<Record<ProviderName, ProviderAdapter>> = sampleAdapters();
const deliveryTimeoutMs = 20_000;

/** The provider's credential for these bytes, as it would send them now. */
export const signature = (
  provider: ProviderName,
  body: Uint8Array,
): Readonly<Record<string, string>> => adapters[provider].sign(body, instant(Date.now()));

/** What the provider must hear after any authentic delivery that asks for no decision. */
export const acknowledgementOf = (provider: ProviderName): string =>
  adapters[provider].webhooks.acknowledgement.body;

/** Delivers a body as its provider does; `headers` replace the right ones. */
export async function deliver(
  url: string,
  provider: ProviderName,
  body: Uint8Array,
  headers: Readonly<Record<string, string>> = signature(provider, body),
): Promise<DeliveryAnswer> {
  const answer = await fetch(`${url}/webhooks/${provider}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: new Uint8Array(body),
    signal: AbortSignal.timeout(deliveryTimeoutMs),
  });
  return { status: answer.status, body: await answer.text() };
}
