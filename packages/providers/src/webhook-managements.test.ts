import { instant, type ProviderName } from '@counterfoil/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderCallFailed } from './provider-call-failed.ts';
import {
  type Disturbance,
  standInCredentials,
  type StandInProviders,
  standInProviders,
} from './testing/stand-in-providers.ts';
import type { WebhookManagement } from './webhook-management.ts';
import { webhookManagements } from './webhook-managements.ts';

const url = 'https://ledger.example/webhooks/of-ours';
const timeoutMs = 300;
const webhookKey = 'webhook-key-0001';
const webhookSecret = '4p-webhook-secret-0001';

let providers: StandInProviders;
let waits: number[];
let stopping: AbortController;
let ids: number;

beforeEach(async () => {
  providers = await standInProviders();
  waits = [];
  ids = 0;
  stopping = new AbortController();
});
afterEach(() => providers.close());

/** Real time for the timeout of a call; waits between calls are only written down. */
const clock = {
  now: () => Date.now(),
  randomId: () => `${(ids += 1)}`.padStart(8, '0'),
  sleep: (milliseconds: number, signal?: AbortSignal) => {
    if (milliseconds !== timeoutMs) {
      waits.push(milliseconds);
      return Promise.resolve();
    }
    return new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  },
};

function managementOf(provider: ProviderName, credentials = standInCredentials): WebhookManagement {
  const apis = {
    cryptomate: { baseUrl: providers.url('cryptomate'), ...credentials.cryptomate, webhookKey },
    cryptofuse: { baseUrl: providers.url('cryptofuse'), ...credentials.cryptofuse },
    fourpay: { baseUrl: `${providers.url('4pay')}/`, ...credentials['4pay'], webhookSecret },
    calypso: { baseUrl: providers.url('calypso'), ...credentials.calypso },
  };
  const ports = { fetch, clock, signal: stopping.signal, timeoutMs };
  const management = webhookManagements(apis, ports).get(provider);
  if (!management) throw new Error(`${provider} has no management`);
  return management;
}

const all = { url, events: null };
const providersWithApi = ['cryptomate', 'cryptofuse', '4pay', 'calypso'] as const;

async function failureOf(work: Promise<unknown> | undefined): Promise<ProviderCallFailed> {
  const fault: unknown = await work?.then(
    () => null,
    (error: unknown) => error,
  );
  if (fault instanceof ProviderCallFailed) return fault;
  throw new Error(`Expected a failed call, found ${String(fault)}`);
}

describe.each(providersWithApi)('the webhooks of %s', (provider) => {
  it('are none, then the one that was registered, once', async () => {
    const management = managementOf(provider);
    expect(await management.read?.()).toEqual([]);
    const registered = await management.register?.(all);
    expect(registered?.webhook.url).toBe(url);
    await management.register?.(all);
    expect((await management.read?.())?.map((webhook) => webhook.url)).toEqual([url]);
  });

  it('are gone when they are removed, where that is offered', async () => {
    const management = managementOf(provider);
    const registered = await management.register?.(all);
    if (registered) await management.remove?.(registered.webhook);
    expect(await management.read?.()).toHaveLength(management.remove ? 0 : 1);
  });

  it('are not touched with a wrong credential, and no secret shows in why', async () => {
    const wrong = {
      cryptomate: { apiKey: 'wrong-secret' },
      cryptofuse: { apiKey: 'wrong-secret' },
      '4pay': { token: 'wrong-secret' },
      calypso: { ...standInCredentials.calypso, key: 'wrong-secret' },
    } as unknown as typeof standInCredentials;
    const failure = await failureOf(managementOf(provider, wrong).read?.());
    expect(failure.failure).toMatchObject({ kind: 'refused' });
    expect(failure.message).toMatch(/^\w+ answered 40[01] to (GET|POST) .*: .*[Ii]nvalid/);
    expect(failure.message).not.toContain('wrong-secret');
    expect(waits).toEqual([]);
  });

  it('are read again after 429, 500 and a cut connection, with growing waits', async () => {
    providers.disturb({ status: 429 }, { status: 500 }, { status: 0, isCut: true });
    expect(await managementOf(provider).read?.()).toEqual([]);
    expect(waits).toHaveLength(3);
    expect([...waits].sort((left, right) => left - right)).toEqual(waits);
  });

  it('are waited for as long as the provider asks', async () => {
    providers.disturb({ status: 429, headers: { 'retry-after': '7' } });
    await managementOf(provider).read?.();
    expect(waits).toEqual([7000]);
  });

  it('are given up after four attempts, and at once when the wait would be long', async () => {
    providers.disturb(...Array.from({ length: 9 }, () => ({ status: 503 })));
    const failure = await failureOf(managementOf(provider).read?.());
    expect(failure.failure).toMatchObject({ kind: 'refused', status: 503 });
    expect(providers.calls).toHaveLength(4);
    const later = await providersAgain({ status: 429, headers: { 'retry-after': '3600' } });
    expect((await failureOf(later.read?.())).failure).toMatchObject({ status: 429 });
    expect(providers.calls).toHaveLength(1);
  });

  const providersAgain = async (...next: readonly Disturbance[]) => {
    await providers.close();
    providers = await standInProviders();
    providers.disturb(...next);
    return managementOf(provider);
  };

  it('are not waited for longer than the timeout', async () => {
    const slow = { status: 200, body: '{}', delayMs: 5 * timeoutMs };
    providers.disturb(slow, slow, slow, slow);
    const failure = await failureOf(managementOf(provider).read?.());
    expect(failure.failure).toMatchObject({ kind: 'unreachable' });
  });

  it.each([
    ['no JSON', '<html>'],
    ['cut off', '{"webhooks":[{"id":"wh_1"'],
    ['of another shape', '[{"strange":true}]'],
    ['a number', '7'],
  ])('are not guessed from an answer that is %s', async (_title, body) => {
    providers.disturb({ status: 200, body });
    const failure = await failureOf(managementOf(provider).read?.());
    expect(failure.failure).toMatchObject({ kind: 'unexpected-answer' });
    expect(failure.message).not.toContain('strange');
  });

  it('follow no redirect: a credential goes to no other host', async () => {
    const redirect = { status: 302, headers: { location: providers.url('4pay') } };
    providers.disturb(redirect, redirect, redirect, redirect);
    const failure = await failureOf(managementOf(provider).read?.());
    expect(failure.failure).toMatchObject({ kind: 'unreachable' });
  });

  it('are left alone once the person wants to stop', async () => {
    providers.disturb({ status: 500 }, { status: 500 });
    stopping.abort();
    await failureOf(managementOf(provider).read?.());
    expect(providers.calls.length).toBeLessThan(2);
  });
});

describe('a secret of our choice', () => {
  it('is told to CryptoMate with the URL, and again when it changes', async () => {
    const management = managementOf('cryptomate');
    await management.register?.(all);
    const rotated = await management.rotateSecret?.(all);
    expect(rotated).toMatchObject({ credential: null, replaced: null, webhook: { url } });
    expect(providers.calls.map(({ body }) => body['webhook_key'] ?? body['key'])).toEqual([
      webhookKey,
      webhookKey,
    ]);
  });

  it('is always sent to 4pay, with every event by its name', async () => {
    const management = managementOf('4pay');
    await management.register?.(all);
    expect(providers.calls[0]?.body).toMatchObject({
      url,
      secret: webhookSecret,
      event_types: ['card_transaction', 'account_transaction', 'account_topup', 'card_state'],
      is_active: true,
    });
    const rotated = await management.rotateSecret?.({ url, events: ['card_state'] });
    expect(rotated?.webhook).toMatchObject({ events: ['card_state'], isActive: true });
  });

  it('shows in no error, although the provider repeats it', async () => {
    const body = JSON.stringify({ code: 'VAL', message: `"${webhookKey}" is too short` });
    providers.disturb({ status: 412, body });
    const failure = await failureOf(managementOf('cryptomate').register?.(all));
    expect(failure.message).toContain('VAL: "[redacted]" is too short');
  });
});

describe('a secret that the provider makes', () => {
  it.each([
    ['cryptofuse', { key: null, secret: 'whsk_SECRET1SECRET' }],
    ['calypso', { key: 'public-1', secret: 'secret-1' }],
  ] as const)('of %s is shown when the webhook is made, and only then', async (provider, made) => {
    const management = managementOf(provider);
    expect((await management.register?.(all))?.credential).toEqual(made);
    expect((await management.register?.(all))?.credential).toBeNull();
  });

  it.each(['cryptofuse', 'calypso'] as const)(
    'of %s is changed by a second webhook, beside the first until that is removed',
    async (provider) => {
      const management = managementOf(provider);
      const first = await management.register?.(all);
      const rotated = await management.rotateSecret?.(all);
      expect(rotated?.credential?.secret).toMatch(/2/);
      expect(rotated?.replaced?.id).toBe(first?.webhook.id);
      expect(await management.read?.()).toHaveLength(2);
      if (rotated?.replaced) await management.remove?.(rotated.replaced);
      expect((await management.read?.())?.map(({ id }) => id)).toEqual([rotated?.webhook.id]);
    },
  );

  it.each(['cryptofuse', 'calypso'] as const)(
    'of %s is not asked for again where it is not known whether it was made',
    async (provider) => {
      const management = managementOf(provider);
      await management.read?.();
      providers.disturb({ status: 200, body: listed(provider) }, { status: 502 });
      const failure = await failureOf(management.register?.(all));
      expect(failure.failure).toMatchObject({ kind: 'refused', status: 502 });
      expect(providers.calls).toHaveLength(3);
    },
  );

  const listed = (provider: 'cryptofuse' | 'calypso') =>
    provider === 'cryptofuse' ? '{"webhooks":[],"count":0}' : '{"subscriptions":[]}';
});

describe('a webhook that the provider switched off', () => {
  it.each([
    [
      'cryptofuse',
      '{"webhooks":[{"id":"wh_1","url":"https://a.example","event_types":[],"status":"inactive","failure_count":5}],"count":1}',
      5,
    ],
    [
      'calypso',
      '{"subscriptions":[{"requestId":"r-1","url":"https://a.example","blockedByErrorCount":true}]}',
      null,
    ],
    ['4pay', '{"url":"https://a.example","secret_set":true,"is_active":false}', null],
  ] as const)('of %s is read as not active', async (provider, body, failures) => {
    providers.disturb({ status: 200, body });
    expect(await managementOf(provider).read?.()).toMatchObject([{ isActive: false, failures }]);
  });
});

describe('what 4pay could not deliver', () => {
  const record = (id: string, status: string, at: string, payload: object) => ({
    id,
    event_type: 'card_transaction',
    delivery_status: status,
    delivery_attempts: 1,
    delivery_response_code: null,
    delivery_error: null,
    payload,
    created_at: at,
  });

  it('is found on every page of the log, with the body that was sent', async () => {
    const old = record('evt-old', 'failed', '2026-04-01T00:00:00+00:00', { id: 'old' });
    const delivered = (index: number) =>
      record(`evt-${index}`, 'delivered', '2026-04-02T10:00:00+00:00', { id: `t-${index}` });
    providers.log.push(
      old,
      ...Array.from({ length: 250 }, (_, index) => delivered(index)),
      record('evt-lost', 'failed', '2026-04-02T10:31:00+02:00', { id: 't-lost', amount: '10.10' }),
      record('evt-waiting', 'pending', '2026-04-02T10:32:00Z', { id: 't-waiting' }),
    );
    const found = [];
    const since = instant(Date.parse('2026-04-02T00:00:00Z'));
    for await (const missed of managementOf('4pay').missed?.(since) ?? [])
      found.push([missed.id, missed.sentAt, new TextDecoder().decode(missed.body)]);
    expect(found).toEqual([
      ['evt-lost', Date.parse('2026-04-02T08:31:00Z'), '{"amount":"10.10","id":"t-lost"}'],
      ['evt-waiting', Date.parse('2026-04-02T10:32:00Z'), '{"id":"t-waiting"}'],
    ]);
    expect(providers.calls).toHaveLength(2);
  });

  it('is not offered by the others', () => {
    for (const provider of ['cryptomate', 'cryptofuse', 'calypso'] as const)
      expect(managementOf(provider).missed).toBeUndefined();
  });
});
