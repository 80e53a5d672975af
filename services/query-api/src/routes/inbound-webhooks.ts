import { correlationId, instantText } from '@counterfoil/domain';
import { type HttpServer, problemError } from '@counterfoil/runtime';
import { z } from 'zod';
import { type Api, routeOf } from '../api.ts';
import type { InboundWebhook } from '../ports.ts';
import {
  archivedWebhookSchema,
  inboundWebhookSchema,
  inboundWebhookStatus,
} from '../schemas/inbound-webhook.ts';
import { cursor, pageLimit, pageOf } from '../schemas/page.ts';
import { providerName } from '../schemas/scalars.ts';
import { bodyText } from './body-text.ts';

/** A delivery leads to a handful of events; a thousand would be a fault elsewhere. */
const recordedEventsMax = 500;

const webhookPath = z.object({ id: z.string().max(64) });

/** The raw archive of what the providers delivered. */
export function inboundWebhookRoutes(server: HttpServer, api: Api): void {
  const { inboundWebhooks, recordedEvents } = api;
  const route = (summary: string) =>
    routeOf(api, 'inbound-webhooks', 'inbound-webhooks:read', summary);

  const list = route('List deliveries, the latest first');
  const filters = z.strictObject({
    limit: pageLimit,
    cursor,
    status: inboundWebhookStatus.optional(),
    provider: providerName.optional(),
  });
  server.get(
    '/v1/inbound-webhooks',
    {
      ...list,
      schema: {
        ...list.schema,
        querystring: filters,
        response: { 200: pageOf(inboundWebhookSchema) },
      },
    },
    async ({ query }) => {
      const page = await inboundWebhooks.list({
        status: query.status ?? null,
        provider: query.provider ?? null,
        cursor: query.cursor ?? null,
        limit: query.limit,
      });
      if (!page.ok) throw problemError(page.error.code, page.error.message);
      return { data: page.value.data.map(shown), nextCursor: page.value.nextCursor };
    },
  );

  const one = route('Read one delivery with its bytes and what became of it');
  server.get(
    '/v1/inbound-webhooks/:id',
    {
      ...one,
      schema: { ...one.schema, params: webhookPath, response: { 200: archivedWebhookSchema } },
    },
    async ({ params }) => {
      const webhook = await inboundWebhooks.find(params.id);
      if (webhook === null) throw problemError('inbound-webhook-not-found');
      const recorded = await recordedEvents.byCorrelation(
        correlationId(webhook.id),
        recordedEventsMax,
      );
      return {
        ...shown(webhook),
        ...bodyText(webhook.body),
        canonicalEvents: webhook.canonicalEvents,
        recordedEvents: recorded.map(({ eventId, event, stream, position }) => ({
          eventId,
          type: event.type,
          stream,
          position,
        })),
      };
    },
  );

  const retry = routeOf(
    api,
    'inbound-webhooks',
    'inbound-webhooks:write',
    'Translate a quarantined delivery again',
  );
  server.post(
    '/v1/inbound-webhooks/:id/retry',
    {
      ...retry,
      schema: { ...retry.schema, params: webhookPath, response: { 200: inboundWebhookSchema } },
    },
    async ({ params }) => {
      const retried = await inboundWebhooks.retry(params.id);
      if (!retried.ok) throw problemError(retried.error.code, retried.error.message);
      return shown(retried.value);
    },
  );
}

const shown = (webhook: InboundWebhook) => ({
  id: webhook.id,
  provider: webhook.provider,
  dialect: webhook.dialect,
  receivedAt: instantText(webhook.receivedAt),
  status: webhook.status,
  reason: webhook.reason,
  bodySha256: webhook.bodySha256,
});
