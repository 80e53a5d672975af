import { err, eventId, ok, parseInstant, providerNames } from '@counterfoil/domain';
import type { InternalAnswer, InternalClient } from '@counterfoil/runtime';
import { z } from 'zod';
import { type InboundWebhooks, inboundWebhookStatuses } from './ports.ts';

/** Longer than a page of five hundred rows takes; a retry publishes, which may take longer. */
const readTimeoutMs = 10_000;
const retryTimeoutMs = 30_000;

const instantOfText = z.string().transform((text, context) => {
  const at = parseInstant(text);
  if (at !== null) return at;
  context.addIssue({ code: 'custom', message: 'is no instant' });
  return z.NEVER;
});

const summary = z.object({
  id: z.string(),
  provider: z.enum(providerNames),
  dialect: z.string(),
  receivedAt: instantOfText,
  status: z.enum(inboundWebhookStatuses),
  reason: z.object({ code: z.string(), path: z.string(), message: z.string() }).nullable(),
  bodySha256: z.string(),
  // A gateway of before sends none.
  counterpartOf: z.array(z.string()).default([]),
});
const page = z.object({ data: z.array(summary), nextCursor: z.string().nullable() });
const archived = summary.extend({
  body: z
    .base64()
    .transform((text) => new Uint8Array(Buffer.from(text, 'base64')))
    .nullable(),
  canonicalEvents: z.array(z.object({ eventId: z.string().transform(eventId), type: z.string() })),
});
const retriedPage = z.object({
  published: z.number(),
  refused: z.number(),
  nextCursor: z.string().nullable(),
});
const problem = z.object({ code: z.string(), detail: z.string() });

/** The archive in the gateway's process. What it cannot answer is a fault. */
export function httpInboundWebhooks(client: InternalClient): InboundWebhooks {
  return {
    list: async (query) => {
      const answer = await read(client, `?${searchOf(query)}`);
      if (answer.status === 200) return ok(page.parse(answer.body));
      return err(refusal(answer, ['cursor-malformed']));
    },
    find: async (id) => {
      const answer = await read(client, `/${encodeURIComponent(id)}`);
      if (answer.status === 200) return archived.parse(answer.body);
      refusal(answer, ['inbound-webhook-not-found']);
      return null;
    },
    retry: async (id) => {
      const answer = await client.request({
        method: 'POST',
        path: `/internal/inbound-webhooks/${encodeURIComponent(id)}/retry`,
        timeoutMs: retryTimeoutMs,
      });
      if (answer.status === 200) return ok(summary.parse(answer.body));
      return err(refusal(answer, ['inbound-webhook-not-found', 'inbound-webhook-not-quarantined']));
    },
    retryPage: async (selection) => {
      const answer = await client.request({
        method: 'POST',
        path: `/internal/inbound-webhooks/retry?${searchOf(selection)}`,
        timeoutMs: retryTimeoutMs,
      });
      if (answer.status === 200) return ok(retriedPage.parse(answer.body));
      return err(refusal(answer, ['cursor-malformed']));
    },
  };
}

/** Instants as milliseconds. */
const searchOf = (selection: Readonly<Record<string, string | number | null>>): string =>
  new URLSearchParams(
    Object.entries(selection).flatMap(([name, value]): [string, string][] =>
      value === null ? [] : [[name, String(value)]],
    ),
  ).toString();

const read = (client: InternalClient, path: string): Promise<InternalAnswer> =>
  client.request({
    method: 'GET',
    path: `/internal/inbound-webhooks${path}`,
    timeoutMs: readTimeoutMs,
  });

/** The refusal as the archive gave it; anything else that is no success is thrown as a fault. */
function refusal<Code extends string>(
  { status, body }: InternalAnswer,
  codes: readonly Code[],
): Readonly<{ code: Code; message: string }> {
  const parsed = problem.safeParse(body);
  const code = codes.find((one) => parsed.success && one === parsed.data.code);
  if (code === undefined || !parsed.success)
    throw new Error(`The archive of inbound webhooks answered ${status}`);
  return { code, message: parsed.data.detail };
}
