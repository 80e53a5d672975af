import { z } from 'zod';
import { id, objectOf, optional, text } from '../wire/field.ts';
import { isNumeral } from '../wire/exact-json.ts';
import type { CallClock, ProviderCall, ProviderHttp } from '../wire/provider-http.ts';
import { answered } from '../wire/answered.ts';
import type { RegisteredWebhook, Registration, WebhookManagement } from '../webhook-management.ts';

export type CryptofuseApi = Readonly<{ apiKey: string; clock: Pick<CallClock, 'now'> }>;

const path = '/user/webhooks';

const count = z.preprocess(
  (value) => (isNumeral(value) ? Number(value.value) : value),
  z.int().min(0),
);

const webhookSchema = objectOf({
  id,
  url: text,
  event_types: optional(z.array(text).max(100)),
  status: optional(text),
  failure_count: optional(count),
  secret: optional(text),
}).transform(({ secret, ...webhook }) => ({
  secret,
  webhook: {
    id: webhook.id,
    url: webhook.url,
    events: webhook.event_types,
    isActive: webhook.status === null ? null : webhook.status.toLowerCase() === 'active',
    failures: webhook.failure_count,
  },
}));

const createdSchema = webhookSchema.refine(
  ({ secret }) => secret !== null,
  'the secret is missing',
);
const listSchema = objectOf({ webhooks: z.array(webhookSchema).max(100) });
const deletedSchema = objectOf({ deleted: z.literal(true) });

/** Up to ten webhooks, each with a secret that is shown once; none of them can be changed. */
export function cryptofuseWebhooks(http: ProviderHttp, api: CryptofuseApi): WebhookManagement {
  const call = (
    method: ProviderCall['method'],
    body: object | null,
    isRepeatable: boolean,
  ): ProviderCall => ({
    method,
    path,
    headers: () => ({ 'X-API-Key': api.apiKey }),
    body: body && (() => body),
    isRepeatable,
  });
  const read = async (): Promise<readonly RegisteredWebhook[]> => {
    const listed = await http(call('GET', null, true), listSchema);
    return (listed?.webhooks ?? []).map(({ webhook }) => webhook);
  };
  const create = async (url: string, events: readonly string[] | null): Promise<Registration> => {
    const body = { url, ...(events && { event_types: events }) };
    // After an unknown outcome a second one would be refused, or be one too many: a person looks.
    const created = await answered(
      'cryptofuse',
      path,
      http(call('POST', body, false), createdSchema),
    );
    return { webhook: created.webhook, credential: { key: null, secret: created.secret ?? '' } };
  };
  return {
    register: async ({ url, events }) => {
      const known = (await read()).find((webhook) => webhook.url === url);
      return known ? { webhook: known, credential: null } : create(url, events);
    },
    read,
    remove: async ({ id: webhookId }) => {
      const body = { webhook_id: webhookId };
      await http(call('DELETE', body, true), deletedSchema);
    },
    rotateSecret: async ({ url, events }) => {
      const base = withoutMark(url);
      const known = (await read()).find((webhook) => withoutMark(webhook.url ?? '') === base);
      return { ...(await create(marked(base, api.clock.now()), events)), replaced: known ?? null };
    },
  };
}

// One URL is taken once, so the second webhook's differs in a parameter that nobody reads.
const mark = 'rotated';

function marked(url: string, now: number): string {
  const parsed = new URL(url);
  parsed.searchParams.set(mark, String(Math.floor(now / 1000)));
  return parsed.toString();
}

function withoutMark(url: string): string {
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  parsed.searchParams.delete(mark);
  return parsed.toString();
}
