import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiUnderTest, apiUnderTest } from '../testing/api-under-test.ts';
import { scopes } from './scope.ts';

let api: ApiUnderTest;
/** Every operation of the documentation, with ids filled in. */
let operations: readonly Readonly<{ method: string; path: string; scope: string }>[];

beforeAll(async () => {
  api = await apiUnderTest({
    readModels: { position: async () => 'start', findAccount: async () => null },
  });
  const { body } = await api.get('/openapi.json');
  const { paths } = body as {
    paths: Record<string, Record<string, { description?: string }>>;
  };
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { description = '' }]) => ({
      method: method.toUpperCase(),
      path: path.replaceAll(/\{\w+\}/g, 'x'),
      scope: /Scope: `([a-z:-]+)`/.exec(description)?.[1] ?? '',
    })),
  );
});
afterAll(() => api.close());

const ask = (method: string, path: string, authorization: string) =>
  method === 'GET'
    ? api.get(path, { authorization })
    : api.send(method === 'PUT' ? 'PUT' : 'POST', path, { headers: { authorization } });

describe('every route under /v1', () => {
  const underV1 = () => operations.filter(({ path }) => path.startsWith('/v1/'));

  it('is documented with its scope', () => {
    expect(underV1().length).toBeGreaterThan(30);
    for (const { scope } of underV1()) expect(scopes).toContain(scope);
  });

  it('refuses a request without a key', async () => {
    for (const { method, path } of underV1())
      expect(await ask(method, path, '')).toMatchObject({
        status: 401,
        body: { code: 'api-key-missing' },
      });
  });

  it('refuses a key that has every scope but the one it needs', async () => {
    for (const scope of scopes) {
      const others = scopes.filter((other) => other !== scope);
      const { authorization } = await api.keyWith(`not-${scope.replace(':', '-')}`, others);
      for (const operation of underV1().filter((candidate) => candidate.scope === scope))
        expect(await ask(operation.method, operation.path, authorization)).toMatchObject({
          status: 403,
          body: { code: 'scope-missing', detail: `This needs the scope ${scope}.` },
        });
    }
  });
});

describe('a key', () => {
  const account = '/v1/accounts/x';

  it('with the scope gets through', async () => {
    const headers = await api.keyWith('reader', ['books:read']);
    expect(await api.get(account, headers)).toMatchObject({ status: 404 });
  });

  it.each([
    'Bearer another-admin-key',
    'Bearer an-admin-ke',
    'Bearer known.wrong',
    'Bearer known.',
    'Bearer unknown.secret',
    `Bearer ${'x'.repeat(2000)}`,
  ])('that is wrong is refused: %.30s', async (authorization) => {
    await api.keyWith('known', ['books:read']).catch(() => undefined);
    const answer = await api.get(account, { authorization });
    expect(answer).toMatchObject({ status: 401, body: { code: 'api-key-wrong' } });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it.each(['Basic YTpi', 'Bearer', 'an-admin-key'])('in another form is none: %s', async (text) => {
    const answer = await api.get(account, { authorization: text });
    expect(answer).toMatchObject({ status: 401, body: { code: 'api-key-missing' } });
  });

  it('that was revoked is refused', async () => {
    const headers = await api.keyWith('revoked', ['books:read']);
    await api.database.query(
      "update counterfoil_api.api_keys set revoked_at = now() where key_id = 'revoked'",
    );
    expect(await api.get(account, headers)).toMatchObject({ status: 401 });
  });

  it('is kept as a digest only', async () => {
    await api.keyWith('digested', ['books:read']);
    const { rows } = await api.database.query(
      "select api_keys::text as text from counterfoil_api.api_keys where key_id = 'digested'",
    );
    expect(String(rows[0]?.['text'])).not.toContain('secret');
  });
});
