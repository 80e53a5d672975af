import { instant, instantText, providerNames } from '@counterfoil/domain';
import { type HttpServer, internalAccess, problemError } from '@counterfoil/runtime';
import { z } from 'zod';
import type { InboundWebhookArchive, InboundWebhookSummary } from './inbound-webhooks.ts';

const statuses = ['received', 'processed', 'duplicate', 'variant', 'quarantined'] as const;
const pageLimitMax = 500;

const milliseconds = z
  .string()
  .regex(/^-?\d{1,15}$/)
  .transform((text) => instant(Number(text)))
  .nullable()
  .default(null);
const selection = z.strictObject({
  provider: z.enum(providerNames).nullable().default(null),
  code: z.string().max(64).nullable().default(null),
  from: milliseconds,
  to: milliseconds,
  cursor: z.string().max(64).nullable().default(null),
  limit: z.coerce.number().int().min(1).max(pageLimitMax),
});
const listQuery = selection.extend({ status: z.enum(statuses).nullable().default(null) });
const path = z.object({ id: z.string().max(64) });

/** The archive for the query API's process: bodies in base64, instants as text, in filters as milliseconds. */
export function inboundWebhookRoutes(
  server: HttpServer,
  { archive, keys }: Readonly<{ archive: InboundWebhookArchive; keys: readonly string[] }>,
): void {
  const access = { onRequest: internalAccess(keys) };
  server.get(
    '/internal/inbound-webhooks',
    { ...access, schema: { hide: true, querystring: listQuery } },
    async ({ query }) => {
      const page = await archive.list(query);
      if (!page.ok) throw problemError(page.error.code, page.error.message);
      return { data: page.value.data.map(summaryToWire), nextCursor: page.value.nextCursor };
    },
  );
  server.get(
    '/internal/inbound-webhooks/:id',
    { ...access, schema: { hide: true, params: path } },
    async ({ params }) => {
      const found = await archive.find(params.id);
      if (found === null) throw problemError('inbound-webhook-not-found');
      const body = found.body === null ? null : Buffer.from(found.body).toString('base64');
      return { ...summaryToWire(found), body, canonicalEvents: found.canonicalEvents };
    },
  );
  server.post(
    '/internal/inbound-webhooks/retry',
    { ...access, schema: { hide: true, querystring: selection } },
    async ({ query }) => {
      const retried = await archive.retryPage(query);
      if (!retried.ok) throw problemError(retried.error.code, retried.error.message);
      return retried.value;
    },
  );
  server.post(
    '/internal/inbound-webhooks/:id/retry',
    { ...access, schema: { hide: true, params: path } },
    async ({ params }) => {
      const retried = await archive.retry(params.id);
      if (!retried.ok) throw problemError(retried.error.code, retried.error.message);
      return summaryToWire(retried.value);
    },
  );
}

const summaryToWire = (webhook: InboundWebhookSummary) => ({
  id: webhook.id,
  provider: webhook.provider,
  dialect: webhook.dialect,
  receivedAt: instantText(webhook.receivedAt),
  status: webhook.status,
  reason: webhook.reason,
  bodySha256: webhook.bodySha256,
  counterpartOf: webhook.counterpartOf,
});
