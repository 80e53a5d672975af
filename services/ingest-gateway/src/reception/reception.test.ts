import { gzipSync } from 'node:zlib';
import { fourpayAdapter } from '@counterfoil/providers';
import { readSample, sampleAdapters } from '@counterfoil/providers/testing';
import { systemClock } from '@counterfoil/runtime';
import { manualClock } from '@counterfoil/runtime/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { inMemoryInbox } from '../inbox/in-memory-inbox.ts';
import type { Inbox } from '../inbox/inbox.ts';
import { inMemoryRejectedDeliveries } from '../rejected/in-memory-rejected-deliveries.ts';
import { verifyAgain } from '../rejected/verify-again.ts';
import { newestFirst } from '../testing/delivery.ts';
import {
  testBounds,
  type TestGateway,
  testGateway,
  testSettings,
} from '../testing/test-gateway.ts';

const { cryptomate, calypso } = sampleAdapters();
const invoice = readSample('calypso/constructed/invoice-paid.json');
const cleared = readSample('cryptomate/constructed/c/cards-cleared-success.json');

let running: TestGateway | null = null;
const start = async (...given: Parameters<typeof testGateway>): Promise<TestGateway> => {
  running = await testGateway(...given);
  return running;
};
afterEach(async () => {
  await running?.close();
  running = null;
});

const statusesOf = async ({ inbox }: TestGateway) =>
  (await inbox.list(newestFirst)).map(({ status }) => status).reverse();

describe('an authentic webhook', () => {
  it('is acknowledged in the provider’s own form, and so are its repeats and variants', async () => {
    const gateway = await start();
    const variant = Buffer.from(cleared.toString().replace('{', '{"extra": 1,'));
    for (const body of [cleared, cleared, variant])
      expect(await gateway.deliver(cryptomate, body)).toMatchObject({
        status: 200,
        body: '{"response_code":"OK"}',
      });
    const answer = await gateway.deliver(calypso, invoice);
    expect(answer).toMatchObject({ status: 200, body: '{}' });
    expect(answer.headers.get('content-type')).toMatch('application/json');
    expect(await statusesOf(gateway)).toEqual(['received', 'duplicate', 'variant', 'received']);
    const metrics = await gateway.metricsText();
    for (const outcome of ['stored', 'duplicate', 'variant'])
      expect(metrics).toContain(
        `counterfoil_webhooks_total{provider="cryptomate",outcome="${outcome}"} 1`,
      );
  });

  it('is counted by the place of its credential, so that the use of an old one is seen', async () => {
    const under = (...secrets: readonly string[]) =>
      fourpayAdapter({
        secrets,
        settings: { signature: 'a', transactionFee: 'on-top' },
        amountMax: 1n,
      });
    const gateway = await start({ adapters: [under('secret-new', 'secret-old')] });
    await gateway.deliver(under('secret-new'), '{}');
    await gateway.deliver(under('secret-old'), '{"again":1}');
    await gateway.deliver(under('secret-old'), '{"again":2}');
    expect((await gateway.deliver(under('other'), '{}')).status).toBe(401);
    const metrics = await gateway.metricsText();
    const counted = metrics.match(/^counterfoil_webhook_credentials_total.*$/gm);
    expect(counted).toEqual([
      'counterfoil_webhook_credentials_total{provider="4pay",credential="1"} 1',
      'counterfoil_webhook_credentials_total{provider="4pay",credential="2"} 2',
    ]);
    expect(metrics).not.toContain('secret-');
  });

  it('is archived with its exact bytes and no credential', async () => {
    const gateway = await start();
    await gateway.deliver(cryptomate, cleared);
    const [row] = await gateway.inbox.list(newestFirst);
    const found = await gateway.inbox.find(row?.id ?? '');
    expect(found && Buffer.from(found.body ?? []).equals(cleared)).toBe(true);
    expect(found?.headers.get('content-type')).toBe('application/json');
    expect(found?.headers.has('x-request-timestamp')).toBe(true);
    expect([...(found?.headers.values() ?? [])].join()).not.toContain('test-cryptomate-key');
    expect(found?.headers.has('x-counterfoil-started-at')).toBe(false);
  });

  it('is answered only when it is stored', async () => {
    const inbox = inMemoryInbox();
    const steps: string[] = [];
    const store: Inbox['store'] = async (delivery) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      steps.push('stored');
      return inbox.store(delivery);
    };
    const gateway = await start({ inbox: { ...inbox, store } });
    await gateway.deliver(calypso, invoice);
    steps.push('answered');
    expect(steps).toEqual(['stored', 'answered']);
  });

  it('may be compressed by CryptoMate, within the bound after inflation', async () => {
    const gateway = await start();
    const headers = {
      'x-webhook-key': 'test-cryptomate-key-0001',
      'content-encoding': 'gzip',
    };
    const deliver = (body: Uint8Array) => gateway.deliver(cryptomate, body, { headers });
    expect((await deliver(gzipSync(cleared))).status).toBe(200);
    expect((await deliver(gzipSync(Buffer.alloc(2 ** 21)))).status).toBe(413);
    expect((await deliver(Buffer.from('no gzip at all'))).status).toBe(200);
    gateway.gateway.start();
    await expect.poll(() => statusesOf(gateway)).toEqual(['processed', 'quarantined']);
    expect(gateway.bus.published.map(({ type }) => type)).toEqual(['ClearingReceived']);
  });
});

describe('a webhook that nobody vouches for', () => {
  it('gets 401 with what is missing or wrong, and changes nothing', async () => {
    const rejected = inMemoryRejectedDeliveries({ clock: systemClock(), bounds: testBounds });
    const gateway = await start({ rejected });
    for (const [code, headers] of [
      ['credential-missing', {}],
      ['credential-wrong', { 'x-webhook-key': 'wrong-secret-value' }],
    ] as const) {
      const { status, body } = await gateway.deliver(cryptomate, cleared, { headers });
      expect([status, JSON.parse(body)]).toMatchObject([401, { status: 401, code }]);
    }
    const changed = { headers: calypso.sign(Buffer.from('{}'), 0 as never) };
    expect((await gateway.deliver(calypso, invoice, changed)).status).toBe(401);
    expect(await statusesOf(gateway)).toEqual([]);
    expect(gateway.log()).not.toContain('wrong-secret-value');
    expect(gateway.log()).not.toContain('operation_id');
    const kept = await rejected.after({ provider: 'cryptomate', sequence: '0', limit: 9 });
    expect(kept.map(({ body }) => Buffer.from(body).equals(cleared))).toEqual([true, true]);
    expect(JSON.stringify(kept)).not.toContain('wrong-secret-value');
  });

  it('is processed after all when the secret was ours to correct', async () => {
    const rejected = inMemoryRejectedDeliveries({ clock: systemClock(), bounds: testBounds });
    const wrongSecret = { ...calypso.webhooks, verify: () => cryptomate.webhooks.verify(blank) };
    const before = await start({ rejected, adapters: [{ ...calypso, webhooks: wrongSecret }] });
    expect((await before.deliver(calypso, invoice)).status).toBe(401);
    const forged = { headers: { key: 'test-public-key', sign: '00' } };
    expect((await before.deliver(calypso, invoice, forged)).status).toBe(401);
    await before.close();
    const after = await start({ rejected });
    const again = () => verifyAgain({ rejected, inbox: after.inbox }, 'calypso', [calypso]);
    expect(await again()).toEqual({
      accepted: 1,
      refused: 1,
    });
    expect(await statusesOf(after)).toEqual(['received']);
    expect(await again()).toEqual({
      accepted: 0,
      refused: 1,
    });
  });
});

const blank = {
  headers: new Map<string, string>(),
  body: Buffer.alloc(0),
  receivedAt: 0 as never,
  deliveryId: '',
};

describe('the URL', () => {
  it('does not exist for an unknown provider or one without a credential', async () => {
    const gateway = await start({ adapters: [calypso] });
    for (const path of ['/webhooks/paypal', '/webhooks/cryptomate', '/webhooks/calypso/token'])
      expect((await gateway.deliver(calypso, invoice, { path })).status).toBe(404);
    expect(await statusesOf(gateway)).toEqual([]);
  });

  it('exists only with its token where one is configured', async () => {
    const pathTokens = new Map([['calypso', ['new-token', 'old-token']]] as const);
    const gateway = await start({ settings: { ...testSettings, pathTokens } });
    const statusAt = async (path: string) =>
      (await gateway.deliver(calypso, invoice, { path })).status;
    expect(await statusAt('/webhooks/calypso')).toBe(404);
    expect(await statusAt('/webhooks/calypso/other')).toBe(404);
    expect(await statusAt('/webhooks/calypso/new-token')).toBe(200);
    expect(await statusAt('/webhooks/calypso/old-token')).toBe(200);
    expect(gateway.log()).not.toContain('new-token');
  });
});

describe('what the gateway cannot take', () => {
  it('is answered 413 above 1 MiB', async () => {
    const gateway = await start();
    const body = Buffer.alloc(5 * 1024 * 1024, 0x20);
    expect((await gateway.deliver(calypso, body)).status).toBe(413);
    expect(await statusesOf(gateway)).toEqual([]);
  });

  it('is answered 503 with Retry-After while the archive is away', async () => {
    const store = async () => Promise.reject(new Error('the database is away'));
    const gateway = await start({ inbox: { ...inMemoryInbox(), store } });
    const answer = await gateway.deliver(calypso, invoice);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
  });

  it('is answered 503 when the archive gives no answer', async () => {
    const clock = manualClock();
    const store = () => new Promise<never>(() => undefined);
    const gateway = await start({ clock, inbox: { ...inMemoryInbox(), store } });
    const answering = gateway.deliver(calypso, invoice);
    await expect.poll(() => clock.sleepers()).toBe(1);
    await clock.advance(4_000);
    expect((await answering).status).toBe(503);
  });

  it('is answered 503 when too many come at once', async () => {
    const inbox = inMemoryInbox();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const store: Inbox['store'] = async (delivery) => {
      await held;
      return inbox.store(delivery);
    };
    const settings = { ...testSettings, inFlightMax: 1 };
    const gateway = await start({ inbox: { ...inbox, store }, settings });
    const first = gateway.deliver(calypso, invoice);
    await expect.poll(async () => (await gateway.deliver(calypso, invoice)).status).toBe(503);
    release();
    expect((await first).status).toBe(200);
    expect((await gateway.deliver(calypso, invoice)).status).toBe(200);
    expect(await gateway.metricsText()).toMatch(/outcome="overloaded"} [1-9]/);
  });
});

describe('an authentic body that cannot be understood', () => {
  const deep = `{"a":${'['.repeat(40)}${']'.repeat(40)}}`;
  const cases: readonly (readonly [string, Uint8Array | string, string])[] = [
    ['truncated JSON', invoice.subarray(0, 100), 'payload-malformed'],
    ['no JSON', 'hello', 'payload-malformed'],
    ['an empty body', '', 'payload-malformed'],
    ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'payload-malformed'],
    ['deep nesting', deep, 'nesting-too-deep'],
    ['a null byte', '{"eventType":"a\\u0000b"}', 'null-byte'],
    ['a key twice', '{"a":1,"a":2}', 'duplicate-key'],
    ['an unknown event', invoice.toString().replace('INVOICE_', 'NOVEL_'), 'type-unknown'],
  ];
  it.each(cases)('%s: is acknowledged and quarantined with its bytes', async (_, body, code) => {
    const gateway = await start();
    expect((await gateway.deliver(calypso, body)).status).toBe(200);
    gateway.gateway.start();
    await expect.poll(() => statusesOf(gateway)).toEqual(['quarantined']);
    const [row] = await gateway.inbox.list(newestFirst);
    expect(row?.reason?.code).toBe(code);
    const found = await gateway.inbox.find(row?.id ?? '');
    expect(found && Buffer.from(found.body ?? []).equals(Buffer.from(body))).toBe(true);
    expect(gateway.bus.published).toEqual([]);
  });
});
