import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningSystem, runningSystem } from '../support/running-system.ts';

const startTimeoutMs = 60_000;

type Json = Readonly<Record<string, unknown>>;
type Parameter = Readonly<{ name: string; in: string; required?: boolean; schema?: Json }>;
type Operation = Readonly<{
  summary?: string;
  parameters?: readonly Parameter[];
  requestBody?: Json;
  responses: Readonly<Record<string, Json>>;
}>;
type Document = Readonly<{
  openapi: string;
  info: Readonly<{ title: string; version: string }>;
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}>;

/** What the public contract promises today; more may be there. */
const promised = [
  'POST /webhooks/{provider}',
  'POST /webhooks/{provider}/{token}',
  'POST /v1/accounts',
  'GET /v1/accounts',
  'GET /v1/accounts/{accountId}',
  'POST /v1/accounts/{accountId}/references',
  'GET /v1/accounts/by-reference/{provider}/{kind}/{externalId}',
  'POST /v1/accounts/{accountId}/freeze',
  'POST /v1/accounts/{accountId}/unfreeze',
  'POST /v1/accounts/{accountId}/close',
  'PUT /v1/accounts/{accountId}/credit-limit',
  'POST /v1/accounts/{accountId}/adjustments',
  'GET /v1/accounts/{accountId}/balances',
  'GET /v1/accounts/{accountId}/statement',
  'GET /v1/accounts/{accountId}/holds',
  'POST /v1/payouts',
  'GET /v1/payouts',
  'GET /v1/payouts/{provider}/{id}',
  'POST /v1/withdrawals',
  'GET /v1/withdrawals',
  'GET /v1/withdrawals/{provider}/{id}',
  'GET /v1/reviews',
  'POST /v1/reviews/{id}/resolve',
  'GET /v1/cards',
  'GET /v1/cards/{provider}/{cardId}',
  'GET /v1/cards/{provider}/{cardId}/authorizations',
  'GET /v1/invoices',
  'GET /v1/invoices/{provider}/{id}',
  'GET /v1/transactions/{transactionId}',
  'GET /v1/suspense',
  'GET /v1/events',
  'GET /v1/inbound-webhooks',
  'GET /v1/inbound-webhooks/{id}',
  'POST /v1/inbound-webhooks/{id}/retry',
  'GET /v1/assets',
] as const;

let system: RunningSystem;
let document: Document;

beforeAll(async () => {
  system = await runningSystem();
  document = await system.api.get<Document>('/openapi.json');
}, startTimeoutMs);
afterAll(() => system?.stop());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );

test('the description names every route that was promised', () => {
  const names = operations().map(({ name }) => name);
  expect(promised.filter((name) => !names.includes(name))).toEqual([]);
});

test('the description is a complete OpenAPI document', () => {
  expect(document.openapi).toMatch(/^3\.1\./);
  expect(document.info.title).not.toBe('');
  for (const { name, path, operation } of operations()) {
    expect(operation.summary, name).toMatch(/\w+ \w+/);
    expect(Object.keys(operation.responses).length, name).toBeGreaterThan(0);
    const inTemplate = [...path.matchAll(/\{([^}]+)\}/g)].map(([, parameter]) => parameter).sort();
    const described = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    expect(described.map((parameter) => parameter.name).sort(), name).toEqual(inTemplate);
    expect(
      described.every(({ required, schema }) => required && schema),
      name,
    ).toBe(true);
  }
});

test('every reference inside the description leads somewhere', () => {
  const dangling: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, member] of Object.entries(value)) {
      if (key === '$ref' && typeof member === 'string' && !resolves(member)) dangling.push(member);
      walk(member);
    }
  };
  walk(document);
  expect(dangling).toEqual([]);
});

function resolves(reference: string): boolean {
  let place: unknown = document;
  for (const part of reference.replace(/^#\//, '').split('/'))
    place =
      typeof place === 'object' && place !== null
        ? new Map<string, unknown>(Object.entries(place)).get(part)
        : undefined;
  return reference.startsWith('#/') && place !== undefined;
}

/** A value that its route may find nothing under, but has to understand. */
const examples: Readonly<Record<string, string>> = { provider: 'cryptomate', kind: 'card' };

test('every documented route is there, and refuses what it cannot do by a documented code', async () => {
  for (const { name, method, path } of operations()) {
    const url = path.replaceAll(
      /\{([^}]+)\}/g,
      (_part, parameter: string) => examples[parameter] ?? 'none',
    );
    const answer = await system.api.request<Json | string>(
      method,
      url,
      method === 'GET' ? {} : { body: {} },
    );
    const code = typeof answer.body === 'object' ? answer.body['code'] : undefined;
    expect(answer.status, `${name}: ${JSON.stringify(answer.body)}`).toBeLessThan(500);
    expect([405, 415], name).not.toContain(answer.status);
    // A token in the URL of a provider that has none configured is the one route that is not there.
    if (!path.includes('{token}')) expect(code, name).not.toBe('route-not-found');
  }
});

test('every route of the API wants a key', async () => {
  for (const { name, method, path } of operations()) {
    if (!path.startsWith('/v1/')) continue;
    const url = path.replaceAll(
      /\{([^}]+)\}/g,
      (_part, parameter: string) => examples[parameter] ?? 'none',
    );
    const answer = await fetch(`${system.url}${url}`, { method });
    expect(answer.status, name).toBe(401);
    expect(answer.headers.get('content-type'), name).toContain('application/problem+json');
  }
});

test('health, metrics and the readable description need none', async () => {
  for (const path of ['/health/live', '/health/ready', '/metrics', '/openapi.json', '/docs'])
    expect((await fetch(`${system.url}${path}`)).status, path).toBe(200);
});

test('a problem may say how far behind the read models are, and which checks fail', () => {
  for (const { name, operation } of operations()) {
    const { content } = operation.responses['default'] as {
      content: Readonly<Record<string, { schema: { properties: Json } }>>;
    };
    const { properties } = content['application/problem+json']?.schema ?? { properties: {} };
    expect(Object.keys(properties), name).toEqual(expect.arrayContaining(['lag', 'checks']));
  }
});

test('commands name their idempotency key, and need no body that they can do without', () => {
  const commands = operations().filter(
    ({ method, path }) => method !== 'GET' && /^\/v1\/(?!inbound-webhooks)/.test(path),
  );
  expect(commands.length).toBeGreaterThan(10);
  for (const { name, operation } of commands) {
    const headers = (operation.parameters ?? []).filter((parameter) => parameter.in === 'header');
    expect(
      headers.map((header) => [header.name.toLowerCase(), header.required ?? false]),
      name,
    ).toEqual([['idempotency-key', false]]);
    const isOptional = /\/(freeze|unfreeze|close)$/.test(name);
    expect(operation.requestBody?.['required'], name).toBe(!isOptional);
  }
});

test('answers that reflect a position of the log name its header', () => {
  for (const { name, path, method, operation } of operations()) {
    const isCommand = method !== 'GET' && !path.includes('inbound-webhooks');
    const takesPosition = (operation.parameters ?? []).some(
      (given) => given.name === 'minPosition',
    );
    if (!path.startsWith('/v1/') || !(isCommand || takesPosition || path === '/v1/events'))
      continue;
    for (const [status, answer] of Object.entries(operation.responses))
      if (status.startsWith('2'))
        expect(Object.keys(answer['headers'] ?? {}), `${name} ${status}`).toContain(
          'Counterfoil-Position',
        );
  }
});
