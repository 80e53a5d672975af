import type { ProviderName } from '@counterfoil/domain';
import { type FourpayApi, fourpayWebhooks } from './4pay/webhook-management.ts';
import { type CalypsoApi, calypsoWebhooks } from './calypso/webhook-management.ts';
import { type CryptofuseApi, cryptofuseWebhooks } from './cryptofuse/webhook-management.ts';
import { type CryptomateApi, cryptomateWebhooks } from './cryptomate/webhook-management.ts';
import type { WebhookManagement } from './webhook-management.ts';
import { providerHttp, type ProviderHttpOptions } from './wire/provider-http.ts';

type At<Api> = Readonly<{ baseUrl: string }> & Omit<Api, 'clock'>;

/** Null where there is no credential for the provider's API. */
export type ProviderApis = Readonly<{
  cryptomate: At<CryptomateApi> | null;
  cryptofuse: At<CryptofuseApi> | null;
  fourpay: At<FourpayApi> | null;
  calypso: At<CalypsoApi> | null;
}>;

type Ports = Pick<ProviderHttpOptions, 'fetch' | 'clock' | 'signal' | 'timeoutMs'>;

/** What can be done about the webhooks of each provider whose API we have a credential for. */
export function webhookManagements(
  { cryptomate, cryptofuse, fourpay, calypso }: ProviderApis,
  ports: Ports,
): ReadonlyMap<ProviderName, WebhookManagement> {
  const { clock } = ports;
  const http = (provider: ProviderName, baseUrl: string, secrets: readonly string[]) =>
    providerHttp({ ...ports, provider, baseUrl, secrets });
  const managements = new Map<ProviderName, WebhookManagement>();
  if (cryptomate) {
    const { baseUrl, apiKey, webhookKey } = cryptomate;
    const calls = http('cryptomate', baseUrl, [apiKey, webhookKey]);
    managements.set('cryptomate', cryptomateWebhooks(calls, cryptomate));
  }
  if (cryptofuse) {
    const calls = http('cryptofuse', cryptofuse.baseUrl, [cryptofuse.apiKey]);
    managements.set('cryptofuse', cryptofuseWebhooks(calls, { ...cryptofuse, clock }));
  }
  if (fourpay) {
    const { baseUrl, token, webhookSecret } = fourpay;
    managements.set(
      '4pay',
      fourpayWebhooks(http('4pay', baseUrl, [token, webhookSecret]), fourpay),
    );
  }
  if (calypso) {
    const { baseUrl, key, secret } = calypso;
    const calls = http('calypso', baseUrl, [key, secret]);
    managements.set('calypso', calypsoWebhooks(calls, { ...calypso, clock }));
  }
  return managements;
}
