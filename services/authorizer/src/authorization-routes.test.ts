import { type CanonicalOf, instant } from '@counterfoil/domain';
import { canonicalTopic } from '@counterfoil/event-bus';
import { readSample, sampleAdapters } from '@counterfoil/providers/testing';
import { httpServer, type HttpServer, silentLogger, systemClock } from '@counterfoil/runtime';
import { afterEach, expect, test } from 'vitest';
import { authorizationRoutes } from './authorization-routes.ts';
import type { Authorizer, Decision } from './authorizer.ts';

const clock = systemClock();
const key = 'an-internal-key-of-thirty-two-characters';
let server: HttpServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

function sampleRequest(): CanonicalOf<'AuthorizationRequested'> {
  const { cryptomate } = sampleAdapters();
  const body = readSample('cryptomate/constructed/c/cards-authorization-pending.json');
  const signed = Object.entries(cryptomate.sign(body, instant(0)));
  const headers = new Map(signed.map(([name, value]) => [name.toLowerCase(), value]));
  const arrived = { headers, body, receivedAt: instant(1_000), deliveryId: 'delivery-1' };
  const verified = cryptomate.webhooks.verify(arrived);
  const parsed = verified.ok && cryptomate.authorizations?.parse(verified.value);
  if (!parsed || !parsed.ok) throw new Error('The sample is no authorization request');
  return parsed.value;
}

async function listening(decision: Decision) {
  const asked: Parameters<Authorizer['decide']>[] = [];
  const withdrawn: Parameters<Authorizer['withdraw']>[0][] = [];
  server = await httpServer({
    logger: silentLogger,
    clock,
    bodyLimitBytes: 64 * 1024,
    description: { title: 'A test', version: '1', description: 'A test' },
  });
  const authorizer: Authorizer = {
    decide: async (...question) => {
      asked.push(question);
      return decision;
    },
    withdraw: async (request) => void withdrawn.push(request),
  };
  authorizationRoutes(server, { authorizer, clock, keys: [key] });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const post = async (path: string, body: unknown, bearer = key) => {
    const answer = await fetch(`${url}/internal/authorizations${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as unknown };
  };
  return { asked, withdrawn, post };
}

test('the authorizer is asked for the very event, with the time that is left', async () => {
  const request = sampleRequest();
  const { post, asked } = await listening({ kind: 'approved' });
  const before = clock.monotonic();
  const answer = await post('', { event: canonicalTopic.encode(request), timeLeftMs: 500 });
  expect(answer).toEqual({ status: 200, body: { kind: 'approved' } });
  expect(asked[0]?.[0]).toEqual(request);
  expect(asked[0]?.[1]).toBeGreaterThanOrEqual(before + 500);
  expect(asked[0]?.[1]).toBeLessThan(before + 5_500);
});

test('a decline comes with its reason', async () => {
  const { post } = await listening({ kind: 'declined', reason: 'insufficient-funds' });
  const event = canonicalTopic.encode(sampleRequest());
  expect((await post('', { event, timeLeftMs: 500 })).body).toEqual({
    kind: 'declined',
    reason: 'insufficient-funds',
  });
});

test('an approval that could not be answered is withdrawn', async () => {
  const request = sampleRequest();
  const { post, withdrawn } = await listening({ kind: 'approved' });
  expect((await post('/withdraw', { event: canonicalTopic.encode(request) })).status).toBe(200);
  expect(withdrawn).toEqual([request]);
});

test('without the key nothing is decided', async () => {
  const { post, asked } = await listening({ kind: 'approved' });
  const body = { event: canonicalTopic.encode(sampleRequest()), timeLeftMs: 500 };
  expect((await post('', body, 'another-key')).status).toBe(401);
  expect(asked).toEqual([]);
});

test('what is no request for an authorization is refused', async () => {
  const { post, asked } = await listening({ kind: 'approved' });
  const event = canonicalTopic.encode(sampleRequest());
  const bodies = [
    { event, timeLeftMs: -1 },
    { event: { ...event, specversion: '0.3' }, timeLeftMs: 1 },
    { event: { ...event, type: 'counterfoil.canonical.CardIssued' }, timeLeftMs: 1 },
    { timeLeftMs: 1 },
  ];
  for (const body of bodies) expect((await post('', body)).status).toBe(400);
  expect(asked).toEqual([]);
});
