import { type Instant, instant } from '@counterfoil/domain';
import { z } from 'zod';
import { answered } from '../wire/answered.ts';
import { exactBody, type ExactObject, isObject } from '../wire/exact-json.ts';
import { id, keyword, objectOf, optional, text, time } from '../wire/field.ts';
import type { ProviderCall, ProviderHttp } from '../wire/provider-http.ts';
import type {
  MissedDelivery,
  RegisteredWebhook,
  WebhookManagement,
} from '../webhook-management.ts';

export type FourpayApi = Readonly<{
  token: string;
  /** What 4pay is to sign with: of several that we accept, the newest. */
  webhookSecret: string;
}>;

const configPath = '/webhooks/config';
/** Listed explicitly, because what "all" reads back as is not documented. */
const eventTypes = ['card_transaction', 'account_transaction', 'account_topup', 'card_state'];

const configSchema = objectOf({
  url: text,
  event_types: optional(z.array(text).max(100)),
  is_active: optional(z.boolean()),
}).transform(
  (config): RegisteredWebhook => ({
    id: null,
    url: config.url,
    events: config.event_types,
    isActive: config.is_active,
    failures: null,
  }),
);

const logSchema = z
  .array(
    objectOf({
      id,
      delivery_status: keyword,
      payload: z.custom<ExactObject>(isObject, { message: 'expected an object' }),
      created_at: time,
    }),
  )
  .max(1000);

const pageSize = 200;
/** Far beyond any gap; what is older is found by reading the transactions. */
const pagesMax = 500;

/** One URL for a merchant, a secret of our choice, and a log of what was delivered. */
export function fourpayWebhooks(http: ProviderHttp, api: FourpayApi): WebhookManagement {
  const call = (
    method: ProviderCall['method'],
    path: string,
    body: object | null = null,
  ): ProviderCall => ({
    method,
    path,
    headers: () => ({ 'X-API-Token': api.token }),
    body: body && (() => body),
    // Everything that we ask for sets a value or reads one.
    isRepeatable: true,
  });
  const put = async (url: string, events: readonly string[] | null) => {
    const body = {
      url,
      // Whether an absent secret is kept is not documented: it is always sent.
      secret: api.webhookSecret,
      event_types: events ?? eventTypes,
      is_active: true,
    };
    return answered('4pay', configPath, http(call('PUT', configPath, body), configSchema));
  };
  return {
    register: async ({ url, events }) => ({ webhook: await put(url, events), credential: null }),
    read: async () => {
      const config = await http(call('GET', configPath), configSchema);
      return config === null ? [] : [config];
    },
    remove: async () => void (await http(call('DELETE', configPath), z.unknown())),
    rotateSecret: async ({ url, events }) => ({
      webhook: await put(url, events),
      credential: null,
      replaced: null,
    }),
    missed: (since) => missedSince(http, call, since),
  };
}

/** The order of the log is not documented, so it is read to its end. */
async function* missedSince(
  http: ProviderHttp,
  call: (method: 'GET', path: string) => ProviderCall,
  since: Instant,
): AsyncGenerator<MissedDelivery> {
  for (let page = 0; page < pagesMax; page += 1) {
    const path = `/webhooks/events?limit=${pageSize}&offset=${page * pageSize}`;
    const records = await answered('4pay', '/webhooks/events', http(call('GET', path), logSchema));
    for (const { id: recordId, delivery_status: status, payload, created_at: at } of records)
      if (status !== 'delivered' && at >= since)
        yield { id: recordId, sentAt: instant(at), body: exactBody(payload) };
    if (records.length < pageSize) return;
  }
}
