import { connect } from 'node:net';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { jsonLogger } from '../logger.ts';
import { systemClock } from '../system-clock.ts';
import { type HttpServer, httpServer } from './http-server.ts';
import { problemError } from './problem.ts';
import { registerRaw } from './raw-route.ts';

let server: HttpServer;
let url: string;
let log: string;
let isBroken: boolean;

beforeEach(async () => {
  log = '';
  isBroken = false;
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      log += String(chunk);
      done();
    },
  });
  server = await httpServer({
    logger: jsonLogger({ service: 'test', level: 'debug', destination: sink }),
    clock: systemClock(),
    bodyLimitBytes: 10_000,
    description: { title: 'A test', version: '1', description: 'A test' },
    checks: [
      { name: 'thing', check: async () => (isBroken ? Promise.reject(new Error()) : undefined) },
    ],
    metrics: { contentType: 'text/plain', metrics: async () => 'up 1\n' },
  });
  const body = z.strictObject({ name: z.string(), list: z.array(z.string()).optional() });
  server.post(
    '/things/:id',
    { schema: { body, params: z.object({ id: z.string() }), response: { 200: body } } },
    (request) => request.body,
  );
  server.get('/refused', () => {
    throw problemError('account-not-found', 'No account 42.');
  });
  server.get('/bug', () => {
    throw new Error('the secret is 4111111111111111');
  });
  server.get('/away', () => {
    throw new Error('query failed', {
      cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }),
    });
  });
  registerRaw(server, {
    path: '/raw/:provider',
    summary: 'Raw bytes',
    bodyLimitBytes: 1000,
    handle: async ({ params, headers, body: bytes }) => ({
      status: 202,
      contentType: 'text/plain',
      body: `${params['provider']} ${headers.get('content-type') ?? 'none'} ${bytes.toString('hex')}`,
    }),
  });
  url = await server.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(() => server.close());

const post = (path: string, body: string | Uint8Array, type = 'application/json') =>
  fetch(url + path, { method: 'POST', body, headers: { 'content-type': type } });

async function problemIn(answer: Response): Promise<Record<string, unknown>> {
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  const problem = (await answer.json()) as Record<string, unknown>;
  expect(problem).toMatchObject({
    status: answer.status,
    type: `urn:counterfoil:problem:${String(problem['code'])}`,
    requestId: answer.headers.get('x-request-id'),
  });
  return problem;
}

describe('strict JSON', () => {
  it('takes a valid body and answers it through its schema', async () => {
    const answer = await post('/things/1', '{"name":"a: {\\"b\\": 1}","list":["name","name"]}');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ name: 'a: {"b": 1}', list: ['name', 'name'] });
  });

  it.each([
    ['cut off', '{"name":"a"'],
    ['with a key twice', '{"name":"a","name":"b"}'],
    ['with a key twice, once escaped', '{"name":"a","n\\u0061me":"b"}'],
    ['with U+0000 in a text', '{"name":"a\\u0000"}'],
    ['with half a surrogate pair', '{"name":"\\ud83d"}'],
    ['with __proto__', '{"name":"a","__proto__":{}}'],
    ['nested 10,000 levels', `${'['.repeat(4999)}${']'.repeat(4999)}`],
    ['with a number for a text', '{"name":1}'],
    ['with an unknown key', '{"name":"a","x":"b"}'],
    ['that is empty', ''],
    ['that is not UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
  ])('refuses a body %s as malformed', async (_what, body) => {
    const answer = await post('/things/1', body);
    expect(answer.status).toBe(400);
    expect(await problemIn(answer)).toMatchObject({ code: 'request-malformed' });
  });

  it('says which path of the body is at fault', async () => {
    const problem = await problemIn(await post('/things/1', '{"name":"a","list":["x",5]}'));
    expect(problem['errors']).toEqual([{ path: 'body/list/1', message: expect.any(String) }]);
  });

  it('lets an escaped backslash before u0000 through', async () => {
    expect((await post('/things/1', String.raw`{"name":"\\u0000"}`)).status).toBe(200);
  });
});

describe('problems', () => {
  it.each([
    ['GET', '/nowhere', 404, 'route-not-found'],
    ['DELETE', '/things/1', 405, 'method-not-allowed'],
    ['GET', '/things/%E0%A4%A', 400, 'request-malformed'],
    ['GET', '/refused?x=%00', 400, 'request-malformed'],
    ['GET', '/refused', 404, 'account-not-found'],
    ['GET', '/bug', 500, 'internal-error'],
    ['GET', '/away', 503, 'unavailable'],
    ['POST', `/things/${'x'.repeat(2000)}`, 414, 'url-too-long'],
  ])('answers %s %.40s with %i %s', async (method, path, status, code) => {
    const answer = await fetch(url + path, { method });
    expect(answer.status).toBe(status);
    expect(await problemIn(answer)).toMatchObject({ code });
  });

  it('names the allowed methods', async () => {
    const answer = await fetch(`${url}/things/1`);
    expect(answer.headers.get('allow')).toBe('POST');
  });

  it('refuses another content type', async () => {
    const answer = await post('/things/1', '{"name":"a"}', 'text/plain');
    expect(await problemIn(answer)).toMatchObject({
      code: 'content-type-unsupported',
      status: 415,
    });
  });

  it('refuses a body above the limit, and the caller can read the answer', async () => {
    const answer = await post('/things/1', JSON.stringify({ name: 'x'.repeat(5_000_000) }));
    expect(await problemIn(answer)).toMatchObject({ code: 'body-too-large', status: 413 });
  });

  it('refuses what is not HTTP', async () => {
    const { port } = new URL(url);
    const text = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.write('hello\r\n\r\n'));
      let received = '';
      socket.on('data', (chunk) => (received += String(chunk)));
      socket.on('close', () => resolve(received));
    });
    expect(text).toMatch(/^HTTP\/1.1 400 /);
    expect(text).toContain('"code":"request-malformed"');
  });

  it('keeps a request id that the caller gave, unless it is unsafe', async () => {
    const given = await fetch(`${url}/refused`, { headers: { 'x-request-id': 'abc-1' } });
    expect(given.headers.get('x-request-id')).toBe('abc-1');
    const unsafe = await fetch(`${url}/refused`, { headers: { 'x-request-id': 'a b"' } });
    expect(unsafe.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('hides the message of a bug from the caller', async () => {
    expect(await (await fetch(`${url}/bug`)).text()).not.toContain('4111');
  });
});

describe('raw routes', () => {
  it('get the exact bytes whatever the content type says', async () => {
    const bytes = new Uint8Array([0, 255, 123, 10]);
    for (const type of ['application/json', 'text/plain; charset=x', 'nonsense', 'a/b/c;;'])
      expect(await (await post('/raw/p', bytes, type)).text()).toBe(`p ${type} 00ff7b0a`);
  });

  it('get a body without a content type, and an empty one', async () => {
    const plain = await fetch(`${url}/raw/p`, { method: 'POST', body: new Uint8Array([1]) });
    expect(await plain.text()).toBe('p none 01');
    expect(await (await fetch(`${url}/raw/p`, { method: 'POST' })).text()).toBe('p none ');
  });

  it('refuse 5 MB with 413, also when the length is not announced', async () => {
    const big = new Uint8Array(5_000_000);
    expect(await problemIn(await post('/raw/p', big))).toMatchObject({ code: 'body-too-large' });
    const stream = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(600));
        controller.enqueue(new Uint8Array(600));
        controller.close();
      },
    });
    const request = { method: 'POST', body: stream, duplex: 'half' } as RequestInit;
    expect((await fetch(`${url}/raw/p`, request)).status).toBe(413);
  });
});

describe('operations', () => {
  it('tells liveness, readiness and metrics', async () => {
    expect(await (await fetch(`${url}/health/live`)).json()).toEqual({ status: 'live' });
    const ready = await fetch(`${url}/health/ready`);
    expect(await ready.json()).toEqual({ status: 'ready', checks: [{ name: 'thing', ok: true }] });
    expect(await (await fetch(`${url}/metrics`)).text()).toBe('up 1\n');
  });

  it('is not ready when a check fails', async () => {
    isBroken = true;
    const answer = await fetch(`${url}/health/ready`);
    expect(await problemIn(answer)).toMatchObject({ code: 'not-ready', status: 503 });
  });

  it('describes its routes in OpenAPI 3.1, problems included', async () => {
    const document = await (await fetch(`${url}/openapi.json`)).json();
    expect(document).toMatchObject({
      openapi: '3.1.0',
      paths: {
        '/things/{id}': {
          post: {
            requestBody: { content: { 'application/json': { schema: { required: ['name'] } } } },
            responses: { default: { content: { 'application/problem+json': {} } } },
          },
        },
      },
    });
    expect((await fetch(`${url}/docs`)).status).toBe(200);
  });

  it('logs one line a request, with the route and without URL, body or headers', async () => {
    await fetch(`${url}/raw/p-4111111111111111?secret=1`, {
      method: 'POST',
      body: 'body-secret',
      headers: { authorization: 'Bearer key-secret' },
    });
    await expect.poll(() => log).toContain('"route":"/raw/:provider"');
    expect(log).not.toMatch(/secret|4111/);
  });
});
