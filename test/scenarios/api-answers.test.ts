import { sampleStories } from '@counterfoil/cli';
import { moneyText } from '@counterfoil/domain';
import { inMemoryEventStore } from '@counterfoil/event-store';
import { type LedgerCommands, queryApi, queryApiMigrations } from '@counterfoil/query-api';
import { readSample } from '@counterfoil/providers/testing';
import { ledgerEvents, modelNames, servingSchema } from '@counterfoil/read-models';
import { projectLog } from '@counterfoil/read-models/testing';
import {
  httpServer,
  type HttpServer,
  migrate,
  silentLogger,
  systemClock,
} from '@counterfoil/runtime';
import { type TestDatabase, testDatabase } from '@counterfoil/runtime/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type InMemoryBooks, inMemoryBooks, moneyOf } from '../support/in-memory-books.ts';

const stories = sampleStories();

/** The API over real read models of real books; only the log and the archive are not on a server. */
let shared: TestDatabase;
let server: HttpServer;
let books: InMemoryBooks;
let url: string;

beforeAll(async () => {
  shared = await testDatabase();
  await migrate(shared.database, queryApiMigrations);
});
afterAll(() => shared.drop());

beforeEach(async () => {
  for (const name of modelNames)
    await shared.database.query(`drop schema if exists ${servingSchema(name)} cascade`);
  books = inMemoryBooks();
  await project();
  const clock = systemClock();
  server = await httpServer({
    logger: silentLogger,
    clock,
    bodyLimitBytes: 100_000,
    description: { title: 'Counterfoil', version: '0', description: 'Under test' },
  });
  queryApi(server, {
    database: shared.database,
    commands: projected(books.commands),
    inboundWebhooks: {
      list: async () => ({ ok: true, value: { data: [], nextCursor: null } }),
      find: async () => null,
      retry: async () => {
        throw new Error('not in this test');
      },
      retryPage: async () => {
        throw new Error('not in this test');
      },
    },
    recordedEvents: { byCorrelation: async () => [] },
    events: inMemoryEventStore({ clock }),
    clock,
    adminApiKey: 'key',
    amountMax: 1_000_000_000n,
  });
  url = await server.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(() => server.close());

const project = async () => projectLog(shared.database, ledgerEvents(await books.log()));

/** Each command, and then the projections, as a projector would soon do. */
const projected = (commands: LedgerCommands): LedgerCommands =>
  new Proxy(commands, {
    get:
      (target, name: keyof LedgerCommands) =>
      async (...given: readonly unknown[]) => {
        const outcome: unknown = await Reflect.apply(target[name], target, given);
        await project();
        return outcome;
      },
  });

async function ask(path: string, method = 'GET', body?: object) {
  const headers = { authorization: 'Bearer key', 'content-type': 'application/json' };
  const answer = await fetch(url + path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const content = (await answer.json()) as Record<string, unknown>;
  return { status: answer.status, position: answer.headers.get('counterfoil-position'), content };
}

/** Every row of a list, in pages of two. */
async function rowsAt(path: string): Promise<readonly Record<string, string>[]> {
  const rows: Record<string, string>[] = [];
  for (let cursor: unknown = ''; cursor !== null; ) {
    const next = cursor === '' ? '' : `&cursor=${encodeURIComponent(String(cursor))}`;
    const { status, content } = await ask(`${path}?limit=2${next}`);
    expect([path, status, content['detail']]).toEqual([path, 200, undefined]);
    rows.push(...(content['data'] as Record<string, string>[]));
    cursor = content['nextCursor'];
  }
  return rows;
}

async function read(path: string): Promise<Record<string, unknown>> {
  const { status, content } = await ask(path);
  expect([path, status, content['detail']]).toEqual([path, 200, undefined]);
  return content;
}

/** The story's amounts as every answer writes them: with the asset's digits. */
const asWritten = (asset: string, buckets: Readonly<Record<string, string>>) => ({
  asset,
  ...Object.fromEntries(
    Object.entries(buckets).map(([bucket, text]) => {
      const { units } = moneyOf(asset, text.replace('-', ''));
      const amount = moneyText(moneyOf(asset, text.replace('-', ''))).amount;
      return [bucket, text.startsWith('-') && units > 0n ? `-${amount}` : amount];
    }),
  ),
});

const id = (text: string | undefined) => encodeURIComponent(text ?? '');

describe('the API over the books of a story', () => {
  test.each(stories.map((story) => [story.folder, story] as const))(
    '%s: answers every resource in the documented form, with the balances of the story',
    async (_folder, story) => {
      await books.open(story);
      for (const [index, step] of story.steps.entries())
        if (step.order)
          await books.order(step.order === 'payouts' ? 'payout' : 'withdrawal', step.body);
        else if (step.deliver)
          await books.deliverSample(
            story.provider,
            `${story.folder}/${step.deliver}`,
            `delivery-${index}`,
          );
      await project();

      for (const [account, balances] of Object.entries(story.steps.at(-1)?.books ?? {})) {
        const shown = (await read(`/v1/accounts/${account}`))['balances'];
        for (const [asset, buckets] of Object.entries(balances))
          expect(shown).toContainEqual(expect.objectContaining(asWritten(asset, buckets)));
      }
      for (const account of await rowsAt('/v1/accounts')) {
        const path = `/v1/accounts/${id(account['accountId'])}`;
        expect(await read(path)).toEqual(account);
        await read(`${path}/balances`);
        await rowsAt(`${path}/holds`);
        for (const line of await rowsAt(`${path}/statement`))
          await read(`/v1/transactions/${id(line['transactionId'])}`);
        const references = account['references'] as unknown as Record<string, string>[];
        for (const { provider, kind, externalId } of references)
          expect(
            await read(`/v1/accounts/by-reference/${provider}/${kind}/${id(externalId)}`),
          ).toEqual(account);
      }
      for (const card of await rowsAt('/v1/cards')) {
        const path = `/v1/cards/${card['provider']}/${id(card['cardId'])}`;
        expect(await read(path)).toEqual(card);
        await rowsAt(`${path}/authorizations`);
      }
      for (const invoice of await rowsAt('/v1/invoices'))
        expect(
          await read(`/v1/invoices/${invoice['provider']}/${id(invoice['invoiceId'])}`),
        ).toEqual(invoice);
      for (const kind of ['payouts', 'withdrawals'])
        for (const order of await rowsAt(`/v1/${kind}`))
          expect(await read(`/v1/${kind}/${order['provider']}/${id(order['id'])}`)).toEqual(order);
      await rowsAt('/v1/suspense');
      await rowsAt('/v1/reviews');
    },
    60_000,
  );
});

test('commands show in the next answer, and repeats of them answer alike', async () => {
  const reference = { provider: 'cryptomate', kind: 'card', externalId: 'crd_1' };
  const account = { accountId: 'player-1', kind: 'player', references: [reference] };
  const first = await ask('/v1/accounts', 'POST', account);
  expect(first).toMatchObject({ status: 201, content: { accountId: 'player-1' } });
  const { status, content } = await ask('/v1/accounts', 'POST', account);
  expect([status, content]).toEqual([201, first.content]);
  expect(await ask('/v1/accounts', 'POST', { ...account, accountId: 'player-2' })).toMatchObject({
    status: 409,
    content: { code: 'reference-linked-elsewhere' },
  });
  const generated = await ask('/v1/accounts', 'POST', { kind: 'holder' });
  expect(generated).toMatchObject({ status: 201, content: { kind: 'holder', status: 'active' } });
  const otherId = generated.content['accountId'];
  const meant = await ask('/v1/accounts', 'POST', { kind: 'player', references: [reference] });
  expect(meant).toMatchObject({ status: 201, content: { accountId: 'player-1' } });

  const credit = { asset: 'USD', amount: '100', direction: 'credit', reason: 'start' };
  expect(await ask('/v1/accounts/player-1/adjustments', 'POST', credit)).toMatchObject({
    status: 201,
    content: { account: { balances: [{ asset: 'USD', available: '100.00' }] } },
  });
  const payout = {
    accountId: 'player-1',
    provider: '4pay',
    id: 'po-1',
    asset: 'USD',
    amount: '60',
    fee: '1',
  };
  expect(await ask('/v1/payouts', 'POST', payout)).toMatchObject({
    status: 201,
    content: { id: 'po-1', status: 'requested', fee: { amount: '1.00' } },
  });
  expect(await ask('/v1/payouts', 'POST', payout)).toMatchObject({ status: 201 });
  expect(await ask('/v1/payouts', 'POST', { ...payout, amount: '61' })).toMatchObject({
    status: 409,
    content: { code: 'order-differs' },
  });
  expect(await ask('/v1/payouts', 'POST', { ...payout, accountId: otherId })).toMatchObject({
    status: 409,
    content: { code: 'reference-linked-elsewhere' },
  });
  expect(await ask('/v1/payouts', 'POST', { ...payout, id: 'po-2' })).toMatchObject({
    status: 422,
    content: { code: 'insufficient-funds' },
  });
  expect(await ask('/v1/accounts/player-1')).toMatchObject({
    content: { balances: [{ available: '39.00', reserved: '61.00', total: '100.00' }] },
  });
  expect(await ask('/v1/accounts/player-1/freeze', 'POST')).toMatchObject({
    status: 200,
    content: { status: 'frozen' },
  });
  expect(await ask('/v1/accounts/player-1/close', 'POST')).toMatchObject({
    status: 409,
    content: { code: 'account-not-empty' },
  });
  expect(await ask('/v1/accounts/nobody/freeze', 'POST')).toMatchObject({
    status: 404,
    content: { code: 'account-not-found' },
  });
});

test('an order under an on-chain id is the one that its provider completes, in whatever case it is written', async () => {
  const sample = new TextDecoder().decode(
    readSample('cryptomate/constructed/b/virtual-wallets-withdraw-success.json'),
  );
  const withdrawal = JSON.parse(sample) as { data: object };
  const [orderId, wallet] = ['0xABCDEFabcdef00000000000000000000000000B2', 'w_1'];
  const reference = { provider: 'cryptomate', kind: 'wallet', externalId: wallet };
  const account = { accountId: 'holder-1', kind: 'holder', references: [reference] };
  expect(await ask('/v1/accounts', 'POST', account)).toMatchObject({ status: 201 });
  const asset = 'USDC:POLYGON';
  const credit = { asset, amount: '1000', direction: 'credit', reason: 'start' };
  await ask('/v1/accounts/holder-1/adjustments', 'POST', credit);
  const order = { accountId: 'holder-1', provider: 'cryptomate', id: orderId, asset };
  expect(await ask('/v1/withdrawals', 'POST', { ...order, amount: '75.5' })).toMatchObject({
    status: 201,
    content: { id: orderId.toLowerCase() },
  });
  const data = { ...withdrawal.data, wallet_id: wallet };
  const body = JSON.stringify({ ...withdrawal, operation_id: orderId, data });
  await books.deliver('cryptomate', new TextEncoder().encode(body), 'delivery-1');
  await project();
  expect(await ask('/v1/accounts/holder-1')).toMatchObject({
    content: { balances: [{ asset, available: '924.50', reserved: '0.00' }] },
  });
  expect(await ask(`/v1/withdrawals/cryptomate/${orderId}`)).toMatchObject({
    status: 200,
    content: { status: 'completed' },
  });
});
