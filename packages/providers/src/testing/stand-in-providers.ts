import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the next calls are answered with, before the provider is itself again. */
export type Disturbance = Readonly<{
  status: number;
  body?: string;
  headers?: Readonly<Record<string, string>>;
  /** How long the answer takes. */
  delayMs?: number;
  /** The connection is cut instead. */
  isCut?: boolean;
}>;

export type StandInCall = Readonly<{
  method: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  body: Readonly<Record<string, unknown>>;
}>;

/** Plays the webhook APIs of the providers, each below a path of its own, on a free port. */
export type StandInProviders = Readonly<{
  url: (provider: 'cryptomate' | 'cryptofuse' | '4pay' | 'calypso') => string;
  calls: readonly StandInCall[];
  /** The next calls are disturbed, one by one in this order. */
  disturb: (...disturbances: readonly Disturbance[]) => void;
  /** 4pay's log of deliveries, in the order in which it is told. */
  log: Record<string, unknown>[];
  close: () => Promise<void>;
}>;

/** The credentials that the stand-ins accept. */
export const standInCredentials = {
  cryptomate: { apiKey: 'cm-api-key-0001' },
  cryptofuse: { apiKey: 'cf-api-key-0001' },
  '4pay': { token: '4p-token-0001' },
  calypso: {
    key: 'cy-api-key-0001',
    secret: 'cy-api-secret-0001',
    account: '0x00000000000000000000000000000000000000aa',
  },
} as const;

type Answer = Readonly<{ status: number; body: unknown }>;
type Play = (call: StandInCall) => Answer;

const ok = (body: unknown, status = 200): Answer => ({ status, body });
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export async function standInProviders(): Promise<StandInProviders> {
  const calls: StandInCall[] = [];
  const disturbances: Disturbance[] = [];
  const log: Record<string, unknown>[] = [];
  const players: Readonly<Record<string, Play>> = {
    cryptomate: cryptomate(),
    cryptofuse: cryptofuse(),
    '4pay': fourpay(log),
    calypso: calypso(),
  };
  const server = createServer((request, response) => {
    void answer(request, response);
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks).toString('utf8');
    const [, provider = '', ...rest] = (request.url ?? '').split('/');
    const call: StandInCall = {
      method: request.method ?? '',
      path: `/${rest.join('/')}`,
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      ),
      body: raw === '' ? {} : { ...(JSON.parse(raw) as Record<string, unknown>), raw },
    };
    calls.push(call);
    const disturbance = disturbances.shift();
    if (disturbance?.isCut) return void response.destroy();
    if (disturbance) {
      await new Promise((resolve) => setTimeout(resolve, disturbance.delayMs ?? 0));
      response.writeHead(disturbance.status, disturbance.headers);
      return void response.end(disturbance.body ?? '');
    }
    const { status, body } = players[provider]?.(call) ?? { status: 404, body: {} };
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body === undefined ? '' : JSON.stringify(body));
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (provider) => `http://127.0.0.1:${port}/${provider}`,
    calls,
    disturb: (...next) => void disturbances.push(...next),
    log,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function cryptomate(): Play {
  let company = { name: 'Acme', email: 'ops@acme.example', webhook_url: '', webhook_key: '' };
  return ({ method, path, headers, body }) => {
    if (headers['x-api-key'] !== standInCredentials.cryptomate.apiKey)
      return ok({ code: 'UNAUTHORIZED', message: 'Invalid api key' }, 401);
    const key = text(body['webhook_key'] ?? body['key']);
    if (method === 'POST' && key.length < 10)
      return ok({ code: 'VAL', message: 'Webhook key must be at least 10 characters long' }, 412);
    if (path === '/management/companies/webhook/subscribe')
      company = { ...company, webhook_url: text(body['url']), webhook_key: key };
    if (path === '/management/companies/webhook/key') company = { ...company, webhook_key: key };
    return ok(company);
  };
}

function cryptofuse(): Play {
  const webhooks = new Map<string, Record<string, unknown>>();
  return ({ method, headers, body }) => {
    if (headers['x-api-key'] !== standInCredentials.cryptofuse.apiKey)
      return ok({ error: 'authentication_failed', message: 'Invalid key' }, 401);
    if (method === 'DELETE') {
      const id = text(body['webhook_id']);
      if (!webhooks.delete(id)) return ok({ error: 'webhook_not_found', message: 'No' }, 404);
      return ok({ deleted: true, webhook_id: id });
    }
    if (method === 'GET')
      return ok({
        webhooks: [...webhooks.values()].map((webhook) => ({ ...webhook, secret: 'whsk_***' })),
        count: webhooks.size,
      });
    const url = text(body['url']);
    if (!url.startsWith('https://')) return ok({ error: 'invalid_url', message: 'HTTPS' }, 400);
    if ([...webhooks.values()].some((webhook) => webhook['url'] === url))
      return ok({ error: 'url_already_exists', message: 'The URL is taken' }, 400);
    const webhook = {
      id: `wh_${String(webhooks.size + 1).padStart(32, '0')}`,
      url,
      event_types: body['event_types'] ?? ['payment.all', 'withdrawal.all'],
      status: 'active',
      created_at: '2026-01-10T08:00:00.000Z',
      last_triggered_at: null,
      failure_count: 0,
    };
    webhooks.set(webhook.id, webhook);
    return ok({ ...webhook, secret: `whsk_SECRET${webhooks.size}SECRET` });
  };
}

function fourpay(log: readonly Record<string, unknown>[]): Play {
  let config: Record<string, unknown> | null = null;
  return ({ method, path, headers, body }) => {
    if (headers['x-api-token'] !== standInCredentials['4pay'].token)
      return ok({ detail: 'Invalid or missing API key' }, 401);
    if (path.startsWith('/webhooks/events')) {
      const query = new URLSearchParams(path.split('?')[1]);
      const offset = Number(query.get('offset') ?? '0');
      return ok(log.slice(offset, offset + Number(query.get('limit') ?? '50')));
    }
    if (method === 'DELETE') {
      config = null;
      return { status: 204, body: undefined };
    }
    if (method === 'PUT') {
      const { url, event_types = null, is_active = true, secret } = body;
      if (!text(url).startsWith('https://'))
        return ok({ detail: [{ loc: ['body', 'url'], msg: 'not a URL', type: 'url' }] }, 422);
      config = { url, secret_set: typeof secret === 'string', event_types, is_active };
    }
    return config === null ? ok({ detail: 'Not configured' }, 404) : ok(config);
  };
}

function calypso(): Play {
  const { key, secret, account } = standInCredentials.calypso;
  const subscriptions = new Map<string, Record<string, unknown>>();
  return ({ method, path, headers, body }) => {
    if (headers['key'] !== key) return ok({ errorCode: '002', message: 'Invalid api key' }, 400);
    const sign = createHmac('sha512', secret).update(text(body['raw'])).digest('hex');
    if (headers['sign'] !== sign) return ok({ errorCode: '003', message: 'Wrong sign' }, 400);
    if (body['account'] !== account) return ok({ errorCode: '001', message: 'Bad request' }, 400);
    const payload = body['payload'] as Record<string, unknown>;
    const requestId = text(payload['requestId']);
    if (method === 'DELETE') {
      subscriptions.delete(requestId);
      return { status: 200, body: undefined };
    }
    if (!path.endsWith('/create')) return ok({ subscriptions: [...subscriptions.values()] });
    const subscription = {
      requestId,
      notificationEventTypes: payload['notificationEventTypes'],
      url: payload['url'],
      publicKey: `public-${subscriptions.size + 1}`,
      secretKey: `secret-${subscriptions.size + 1}`,
      createdDate: '2026-01-10T08:00:00.000000',
      blockedByErrorCount: false,
    };
    subscriptions.set(requestId, subscription);
    return ok(subscription);
  };
}
