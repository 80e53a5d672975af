import { correlationId, instantText } from '@counterfoil/domain';
import { type HttpServer, problemError } from '@counterfoil/runtime';
import { z } from 'zod';
import { type Api, routeOf } from '../api.ts';
import type { InboundWebhook, InboundWebhookSelection } from '../ports.ts';
import {
  archivedWebhookSchema,
  inboundWebhookSchema,
  inboundWebhookStatus,
  retriedWebhooksSchema,
} from '../schemas/inbound-webhook.ts';
import { cursor, pageLimit, pageOf } from '../schemas/page.ts';
import { providerName } from '../schemas/scalars.ts';
import { bodyText } from './body-text.ts';
import { seenBetween, timeRange } from './time-range.ts';

/** A delivery leads to a handful of events; a thousand would be a fault elsewhere. */
const recordedEventsMax = 500;

const webhookPath = z.object({ id: z.string().max(64) });

/** Each is translated, published and marked before the next: together well below a timeout. */
const retriedAtOnceMax = 100;

/** How deliveries are chosen, to be listed and to be tried again. */
const selection = z.strictObject({
  cursor,
  provider: providerName.optional(),
  code: z.string().max(64).optional().describe('Of the reason why it is in quarantine'),
  ...timeRange,
});

/** The raw archive of what the providers delivered. */
export function inboundWebhookRoutes(server: HttpServer, api: Api): void {
  const { inboundWebhooks, recordedEvents } = api;
  const route = (summary: string) =>
    routeOf(api, 'inbound-webhooks', 'inbound-webhooks:read', summary);

  const list = route('List deliveries, the latest first');
  const filters = selection.extend({ limit: pageLimit, status: inboundWebhookStatus.optional() });
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
      const status = query.status ?? null;
      const page = await inboundWebhooks.list({ ...selected(query), status });
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

  const retryRoute = (summary: string) =>
    routeOf(api, 'inbound-webhooks', 'inbound-webhooks:write', summary);
  const retryMany = retryRoute('Translate quarantined deliveries again, the oldest first');
  const chosen = selection.extend({
    limit: z.coerce.number().int().min(1).max(retriedAtOnceMax).default(retriedAtOnceMax),
  });
  server.post(
    '/v1/inbound-webhooks/retry',
    {
      ...retryMany,
      schema: {
        ...retryMany.schema,
        querystring: chosen,
        response: { 200: retriedWebhooksSchema },
      },
    },
    async ({ query }) => {
      const retried = await inboundWebhooks.retryPage(selected(query));
      if (!retried.ok) throw problemError(retried.error.code, retried.error.message);
      return retried.value;
    },
  );

  const retry = retryRoute('Translate a quarantined delivery again');
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

function selected(
  query: z.infer<typeof selection> & Readonly<{ limit: number }>,
): InboundWebhookSelection {
  const { provider = null, code = null, cursor: place = null, limit } = query;
  const { from = null, to = null } = seenBetween(query);
  return { provider, code, from, to, cursor: place, limit };
}

const shown = (webhook: InboundWebhook) => ({
  id: webhook.id,
  provider: webhook.provider,
  dialect: webhook.dialect,
  receivedAt: instantText(webhook.receivedAt),
  status: webhook.status,
  reason: webhook.reason,
  bodySha256: webhook.bodySha256,
  counterpartOf: webhook.counterpartOf,
});
