import { afterEach, expect, test } from 'vitest';
import { silentLogger } from '../logger.ts';
import { systemClock } from '../system-clock.ts';
import { httpServer, type HttpServer } from './http-server.ts';
import { internalAccess } from './internal-access.ts';
import { internalClient, isNotReached } from './internal-client.ts';

const clock = systemClock();
const servers: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function instance(name: string, keys: readonly string[] = ['key-of-today']): Promise<string> {
  const server = await httpServer({
    logger: silentLogger,
    clock,
    bodyLimitBytes: 1024,
    description: { title: name, version: '0', description: name },
  });
  server.post('/internal/echo', { onRequest: internalAccess(keys) }, async (request) => ({
    name,
    body: request.body,
  }));
  server.post('/internal/slow', { onRequest: internalAccess(keys) }, async () => {
    await clock.sleep(2_000);
    return {};
  });
  servers.push(server);
  return server.listen({ host: '127.0.0.1', port: 0 });
}

const client = (urls: readonly string[], key = 'key-of-today') =>
  internalClient({ urls, key, clock });

const echo = {
  method: 'POST',
  path: '/internal/echo',
  body: { a: '1' },
  timeoutMs: 2_000,
} as const;

test('a service asks another with the key that both have', async () => {
  expect(await client([await instance('one')]).request(echo)).toEqual({
    status: 200,
    body: { name: 'one', body: { a: '1' } },
  });
});

test('both keys are accepted during a rotation, any other and none are refused', async () => {
  const url = await instance('one', ['key-of-today', 'key-of-tomorrow']);
  expect((await client([url], 'key-of-tomorrow').request(echo)).status).toBe(200);
  expect(await client([url], 'key-of-yesterday').request(echo)).toMatchObject({
    status: 401,
    body: { code: 'api-key-wrong' },
  });
  expect((await fetch(`${url}/internal/echo`, { method: 'POST' })).status).toBe(401);
});

test('an instance that refuses the connection is passed over', async () => {
  const gone = await instance('gone');
  await servers.pop()?.close();
  const there = await instance('there');
  for (let n = 0; n < 3; n += 1)
    expect((await client([gone, there]).request(echo)).body).toMatchObject({ name: 'there' });
  const refused: unknown = await client([gone])
    .request(echo)
    .catch((error: unknown) => error);
  expect(isNotReached(refused)).toBe(true);
});

test('the same affinity goes to the same instance', async () => {
  const asked = client([await instance('a'), await instance('b')]);
  const answers = [];
  for (let n = 0; n < 6; n += 1)
    answers.push((await asked.request({ ...echo, affinity: 'card 7' })).body);
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
});

test('an answer that does not come in time is a rejection that leaves the outcome open', async () => {
  const asked = client([await instance('slow')]);
  const late: unknown = await asked
    .request({ ...echo, path: '/internal/slow', timeoutMs: 50 })
    .catch((error: unknown) => error);
  expect(late).toBeInstanceOf(Error);
  expect(isNotReached(late)).toBe(false);
});
