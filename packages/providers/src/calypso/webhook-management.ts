import { z } from 'zod';
import { answered } from '../wire/answered.ts';
import { hmac } from '../wire/credential.ts';
import { id, objectOf, optional, text } from '../wire/field.ts';
import type { CallClock, ProviderCall, ProviderHttp } from '../wire/provider-http.ts';
import type { RegisteredWebhook, Registration, WebhookManagement } from '../webhook-management.ts';
import { calypsoEventTypes } from './event-type.ts';

export type CalypsoApi = Readonly<{
  /** The key pair of the API, which is not the one that a subscription signs with. */
  key: string;
  secret: string;
  /** The account that the subscription is made for. */
  account: string;
  clock: Pick<CallClock, 'now' | 'randomId'>;
}>;

const path = '/api/v1/subscription/webhook';

const subscriptionSchema = objectOf({
  requestId: id,
  url: optional(text),
  notificationEventTypes: optional(z.array(text).max(1000)),
  // Required by the documentation, which does not give its type.
  blockedByErrorCount: z.unknown(),
  publicKey: optional(text),
  secretKey: optional(text),
}).transform((subscription) => ({
  key: subscription.publicKey,
  secret: subscription.secretKey,
  webhook: {
    id: subscription.requestId,
    url: subscription.url,
    events: subscription.notificationEventTypes,
    isActive: isUnblocked(subscription.blockedByErrorCount),
    failures: null,
  },
}));

const isUnblocked = (blocked: unknown): boolean | null =>
  typeof blocked === 'boolean' ? !blocked : null;

const createdSchema = subscriptionSchema.refine(
  ({ key, secret }) => key !== null && secret !== null,
  'the keys are missing',
);
const listSchema = objectOf({ subscriptions: z.array(subscriptionSchema).max(1000) });

/** Subscriptions of an account, each with a key pair that Calypso makes; none can be changed. */
export function calypsoWebhooks(http: ProviderHttp, api: CalypsoApi): WebhookManagement {
  const call = (
    method: 'POST' | 'DELETE',
    at: string,
    payload: object,
    isRepeatable: boolean,
  ): ProviderCall => ({
    method,
    path: at,
    // The time is signed and may be three minutes off, so every attempt states its own.
    body: () => ({ account: api.account, timestamp: Math.floor(api.clock.now()), payload }),
    headers: (body) => ({
      Key: api.key,
      Sign: hmac('sha512', 'hex', api.secret, new TextEncoder().encode(body)),
    }),
    isRepeatable,
  });
  const read = async (): Promise<readonly RegisteredWebhook[]> => {
    const listed = await http(call('POST', path, {}, true), listSchema);
    return (listed?.subscriptions ?? []).map(({ webhook }) => webhook);
  };
  const create = async (url: string, events: readonly string[] | null): Promise<Registration> => {
    const payload = {
      requestId: api.clock.randomId(),
      notificationEventTypes: events ?? calypsoEventTypes,
      url,
    };
    const created = await answered(
      'calypso',
      `${path}/create`,
      http(call('POST', `${path}/create`, payload, false), createdSchema),
    );
    const { key, secret, webhook } = created;
    return { webhook, credential: { key, secret: secret ?? '' } };
  };
  return {
    register: async ({ url, events }) => {
      const known = (await read()).find((webhook) => webhook.url === url);
      return known ? { webhook: known, credential: null } : create(url, events);
    },
    read,
    remove: async ({ id: requestId }) =>
      void (await http(call('DELETE', path, { requestId }, true), z.unknown())),
    rotateSecret: async ({ url, events }) => {
      const known = (await read()).find((webhook) => webhook.url === url);
      return { ...(await create(url, events)), replaced: known ?? null };
    },
  };
}
