import type { HttpApi, Page } from './http-api.ts';

/** A delivery in a list of the archive. */
export type WebhookSummary = Readonly<{
  id: string;
  provider: string;
  dialect: string;
  status: string;
  reason: Readonly<{ code: string; path: string; message: string }> | null;
  bodySha256: string;
  counterpartOf: readonly string[];
}>;

export type ArchivedWebhook = WebhookSummary &
  Readonly<{
    body: string;
    bodyEncoding: 'utf8' | 'base64';
    canonicalEvents: readonly Readonly<{ eventId: string; type: string }>[];
    recordedEvents: readonly Readonly<{ type: string; stream: string; position: string }>[];
  }>;

/** The last delivery that the archive took. */
export async function newestWebhook(api: HttpApi): Promise<WebhookSummary> {
  const { data } = await api.get<Page<WebhookSummary>>('/v1/inbound-webhooks?limit=1');
  const [newest] = data;
  if (!newest) throw new Error('The archive is empty');
  return newest;
}
