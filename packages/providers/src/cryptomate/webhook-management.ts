import { invariant } from '@counterfoil/domain';
import { answered } from '../wire/answered.ts';
import { objectOf, optional, text } from '../wire/field.ts';
import type { ProviderCall, ProviderHttp } from '../wire/provider-http.ts';
import type { RegisteredWebhook, WebhookManagement } from '../webhook-management.ts';

export type CryptomateApi = Readonly<{
  apiKey: string;
  /** The key that CryptoMate is to send: of several that we accept, the newest. */
  webhookKey: string;
}>;

const company = objectOf({ name: text, webhook_url: optional(text) });

/** One URL and one key for a company; it cannot be taken back, and no delivery is looked up. */
export function cryptomateWebhooks(http: ProviderHttp, api: CryptomateApi): WebhookManagement {
  const headers = () => ({ 'x-api-key': api.apiKey });
  const post = (path: string, body: object): ProviderCall => ({
    method: 'POST',
    path: `/management/companies/webhook/${path}`,
    headers,
    body: () => body,
    // Both only set a value.
    isRepeatable: true,
  });
  const asked = async (call: ProviderCall) => {
    const { webhook_url: url } = await answered('cryptomate', call.path, http(call, company));
    return registered(url);
  };
  return {
    register: async ({ url, events }) => {
      invariant(events === null, 'CryptoMate sends every event');
      const body = { url, webhook_key: api.webhookKey };
      return { webhook: await asked(post('subscribe', body)), credential: null };
    },
    read: async () => {
      const path = '/management/companies';
      const webhook = await asked({ method: 'GET', path, headers, body: null, isRepeatable: true });
      return webhook.url === null ? [] : [webhook];
    },
    rotateSecret: async () => {
      const webhook = await asked(post('key', { key: api.webhookKey }));
      return { webhook, credential: null, replaced: null };
    },
  };
}

const registered = (url: string | null): RegisteredWebhook => ({
  id: null,
  url,
  events: null,
  isActive: null,
  failures: null,
});
