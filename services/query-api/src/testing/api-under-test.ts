import { type EventStore, inMemoryEventStore } from '@counterfoil/event-store';
import {
  type Clock,
  httpServer,
  migrate,
  silentLogger,
  type SqlSession,
  systemClock,
} from '@counterfoil/runtime';
import { type TestDatabase, testDatabase } from '@counterfoil/runtime/testing';
import { afterAll, beforeAll } from 'vitest';
import { secretDigest } from '../access/api-key.ts';
import type { Scope } from '../access/scope.ts';
import { queryApiMigrations } from '../migrations.ts';
import type { InboundWebhooks, LedgerCommands, RecordedEvents } from '../ports.ts';
import { queryApi } from '../query-api.ts';
import type { ReadModels } from '../read-models.ts';

export type ApiAnswer = Readonly<{
  status: number;
  position: string | null;
  headers: Headers;
  /** Parsed JSON. */
  body: unknown;
}>;

type Send = Readonly<{
  body?: unknown;
  /** Sent as it is instead of `body`. */
  text?: string;
  headers?: Readonly<Record<string, string>>;
}>;

type Ask = Readonly<{ method?: string; body?: string; headers: Readonly<Record<string, string>> }>;

/** The API over HTTP on a free port, its own tables on a real PostgreSQL, everything else given. */
export type ApiUnderTest = Readonly<{
  get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<ApiAnswer>;
  send: (method: 'POST' | 'PUT', path: string, send?: Send) => Promise<ApiAnswer>;
  /** Stores a key and gives the header that presents it. */
  keyWith: (
    keyId: string,
    scopes: readonly Scope[],
  ) => Promise<Readonly<{ authorization: string }>>;
  database: SqlSession;
  close: () => Promise<void>;
}>;

export type Parts = Readonly<{
  clock?: Clock;
  readModels?: Partial<ReadModels>;
  commands?: Partial<LedgerCommands>;
  inboundWebhooks?: Partial<InboundWebhooks>;
  recordedEvents?: RecordedEvents;
  events?: EventStore;
}>;

const adminApiKey = 'an-admin-key';

/** One for all tests of a file. */
let shared: TestDatabase;
beforeAll(async () => {
  shared = await testDatabase({ connectionsMax: 4 });
  await migrate(shared.database, queryApiMigrations);
});
afterAll(() => shared.drop());

/** What a test leaves out throws when it is asked. Its tables are empty. */
export async function apiUnderTest(parts: Parts): Promise<ApiUnderTest> {
  const clock = parts.clock ?? systemClock();
  const { database } = shared;
  await database.query('truncate counterfoil_api.api_keys, counterfoil_api.idempotency_keys');
  const description = { title: 'Counterfoil', version: '0', description: 'Under test' };
  const server = await httpServer({
    logger: silentLogger,
    clock,
    bodyLimitBytes: 100_000,
    description,
  });
  queryApi(server, {
    database,
    clock,
    adminApiKey,
    amountMax: 1_000_000_000n,
    readModels: missing('readModels', parts.readModels),
    commands: missing('commands', parts.commands),
    inboundWebhooks: missing('inboundWebhooks', parts.inboundWebhooks),
    recordedEvents: parts.recordedEvents ?? { byCorrelation: async () => [] },
    events: parts.events ?? inMemoryEventStore({ clock }),
  });
  const url = await server.listen({ port: 0, host: '127.0.0.1' });

  const ask = async (path: string, init: Ask): Promise<ApiAnswer> => {
    const headers = { authorization: `Bearer ${adminApiKey}`, ...init.headers };
    const answer = await fetch(url + path, { ...init, headers });
    const position = answer.headers.get('counterfoil-position');
    return { status: answer.status, position, headers: answer.headers, body: await answer.json() };
  };
  return {
    database,
    get: (path, headers = {}) => ask(path, { headers }),
    send: (method, path, { body, text, headers = {} } = {}) => {
      const payload = text ?? (body === undefined ? undefined : JSON.stringify(body));
      return payload === undefined
        ? ask(path, { method, headers })
        : ask(path, {
            method,
            body: payload,
            headers: { 'content-type': 'application/json', ...headers },
          });
    },
    keyWith: async (keyId, scopes) => {
      await database.query(
        `insert into counterfoil_api.api_keys (key_id, name, secret_sha256, scopes, created_at)
         values ($1, $1, $2, $3, now())`,
        [keyId, secretDigest('secret'), [...scopes]],
      );
      return { authorization: `Bearer ${keyId}.secret` };
    },
    close: () => server.close(),
  };
}

/** A port of which only the given methods work. */
const missing = <Port extends object>(name: string, given: Partial<Port> = {}): Port =>
  new Proxy(given, {
    get: (target, method) =>
      Reflect.get(target, method) ??
      (() => Promise.reject(new Error(`${name}.${String(method)} was not given`))),
  }) as Port;
