import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSample } from '@counterfoil/providers/testing';
import { instantText, instant } from '@counterfoil/domain';
import type { Environment } from '@counterfoil/runtime';
import { testDatabase, type TestDatabase } from '@counterfoil/runtime/testing';
import { run, type Running } from '@counterfoil/standalone';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { untilAtRest } from '../support/at-rest.ts';
import type { AccountView } from '../support/balances.ts';
import { type CommandLine, commandLine } from '../support/command-line.ts';
import { deliver } from '../support/deliver.ts';
import { driftOf } from '../support/drift.ts';
import { httpApi } from '../support/http-api.ts';
import {
  type ArchivedWebhook,
  newestWebhook,
  type WebhookSummary,
} from '../support/inbound-webhook.ts';
import { openSampleAccounts } from '../support/open-accounts.ts';
import { adminApiKey, systemEnvironment } from '../support/running-system.ts';

// Two starts and the relay, on cores that others use too.
const timeoutMs = 90_000;

const template = readSample(
  'cryptomate/constructed/c/cards-deposit-success-unlisted-token.json',
).toString();
const token = '0xb2a6961e6e4ce05082b94b70e92f7c1b595f67a1';

/** A deposit of so many dollars in a token that is not listed at first. */
const deposit = (dollars: number, changes: Readonly<Record<string, unknown>> = {}): Uint8Array => {
  const body = JSON.parse(template);
  const hash = `0x${String(dollars).padStart(64, '0')}`;
  Object.assign(body, { operation_id: hash }, changes);
  const amount = `${dollars}.00`;
  Object.assign(body.data, { transaction_hash: hash, amount, net_amount: amount });
  return Buffer.from(JSON.stringify(body));
};

/** The four that lie in quarantine until the token is listed; the last comes after a pause. */
const amounts = [10, 200, 3_000, 40_000] as const;
const junk = readSample('calypso/constructed/payout-speeded-up.json');
/** One withdrawal of 100.50 and 1.50, told by two events; it is above the bound at first. */
const withdrawn = ['withdrawal-completed', 'withdrawal-status-changed-completed'].map((name) =>
  readSample(`cryptofuse/constructed/g1/${name}.json`),
);

type Row = Readonly<{ id: string; receivedAt: string; reason: { code: string; path: string } }>;
type Retried = Readonly<{ published: number; refused: number }>;

let server: TestDatabase;
let environment: Environment;
let running: Running;
let counterfoil: CommandLine;
/** Between the receipt of the third and of the fourth. */
let pause: string;

const available = async (accountId: string, code: string): Promise<string> => {
  const head = await untilAtRest(server.database);
  const path = `/v1/accounts/${accountId}?minPosition=${head}`;
  const { balances } = await api().get<AccountView>(path);
  return balances.find(({ asset }) => asset === code)?.available ?? 'nothing';
};
const credited = () => available('holder-1', 'USD');
const debited = () => available('merchant', 'USDT:ETHEREUM');
const api = () => httpApi(running.url, adminApiKey);
const deliverDeposit = (body: Uint8Array) => deliver(running.url, 'cryptomate', body);

const start = async (variables: Environment) => {
  environment = { ...environment, ...variables };
  running = await run(environment);
  counterfoil = commandLine(environment);
};

beforeAll(async () => {
  server = await testDatabase({ connectionsMax: 2 });
  environment = systemEnvironment(server.url, mkdtempSync(join(tmpdir(), 'counterfoil-e2e-')));
  await start({ AMOUNT_MAX: '50' });
  await openSampleAccounts(api());
  for (const amount of amounts.slice(0, 3)) await deliverDeposit(deposit(amount));
  await deliver(running.url, 'calypso', junk);
  await deliver(running.url, 'cryptofuse', withdrawn[0] ?? junk);
  pause = instantText(instant(Date.now() + 1));
  await vi.waitUntil(() => Date.now() >= Date.parse(pause));
  await deliverDeposit(deposit(40_000));
  await untilAtRest(server.database);
}, timeoutMs);
afterAll(async () => {
  await running?.lifecycle.stop('the test is over');
  await server?.drop();
  rmSync(environment['DATA_DIR'] ?? '', { recursive: true, force: true });
}, timeoutMs);

describe('before the repair', { timeout: timeoutMs }, () => {
  test('quarantine list says of each why, where and since when, and takes the filters', async () => {
    const codesOf = async (...filter: readonly string[]) => {
      const rows = await counterfoil.json<Row[]>('quarantine', 'list', ...filter);
      return rows.map(({ reason }) => reason.code);
    };
    const unlisted = amounts.map(() => 'token-unlisted');
    expect(await codesOf()).toEqual([
      'token-unlisted',
      'amount-too-large',
      'dialect-retired',
      ...unlisted.slice(1),
    ]);
    expect(await codesOf('--provider', 'calypso')).toEqual(['dialect-retired']);
    expect(await codesOf('--provider', '4pay')).toEqual([]);
    expect(await codesOf('--code', 'token-unlisted')).toEqual(unlisted);
    expect(await codesOf('--from', pause)).toEqual(['token-unlisted']);
    expect(await codesOf('--to', pause, '--code', 'token-unlisted')).toHaveLength(3);
    const { stdout, stderr } = await counterfoil.run('quarantine', 'list', '--from', pause);
    expect(stderr).toEqual(['6 in quarantine: 1 of 256 MB; kept for ever']);
    expect(stdout.at(-1)).toMatch(
      / \| cryptomate \| .* \| token-unlisted \| data\.token\.address \| /,
    );
  });

  test('quarantine show has the reason, the path and the exact body', async () => {
    const [row] = await counterfoil.json<Row[]>('quarantine', 'list', '--from', pause);
    const id = row?.id ?? '';
    const body = deposit(40_000).toString();
    expect(await counterfoil.json('quarantine', 'show', id)).toMatchObject({
      id,
      provider: 'cryptomate',
      status: 'quarantined',
      reason: {
        code: 'token-unlisted',
        path: 'data.token.address',
        message: 'The token is not in the list of tokens.',
      },
      canonicalEvents: [],
      body,
      bodyEncoding: 'utf8',
    });
    const { stdout } = await counterfoil.run('quarantine', 'show', id);
    expect(stdout).toContain('code: token-unlisted');
    expect(stdout).toContain('path: data.token.address');
    expect(stdout.at(-1)).toBe(`\n${body}`);
    expect(await counterfoil.run('quarantine', 'show', 'nothing')).toMatchObject({
      stdout: ['inbound-webhook-not-found: There is no such inbound webhook.'],
      exitCode: 1,
    });
  });

  test('retry leaves there what is refused again, and wants to know which', async () => {
    const [row] = await counterfoil.json<Row[]>('quarantine', 'list');
    const refused = { published: 0, refused: 1 };
    expect(await counterfoil.json('quarantine', 'retry', row?.id ?? '')).toEqual(refused);
    expect(await counterfoil.json('quarantine', 'retry', '--code', 'asset-unknown')).toEqual({
      published: 0,
      refused: 0,
    });
    expect(await counterfoil.json('quarantine', 'retry', '--all')).toEqual({
      published: 0,
      refused: 6,
    });
    const unclear = { stdout: [], exitCode: 2 };
    expect(await counterfoil.run('quarantine', 'retry')).toMatchObject(unclear);
    expect(await counterfoil.run('quarantine', 'retry', 'an-id', '--all')).toMatchObject(unclear);
    const unknown = await counterfoil.run('quarantine', 'retry', 'nothing', '--json');
    expect(unknown).toMatchObject({
      stdout: [expect.stringContaining('inbound-webhook-not-found')],
      exitCode: 1,
    });
  });
});

describe('after the repair', { timeout: timeoutMs }, () => {
  beforeAll(async () => {
    await running.lifecycle.stop('a token is listed');
    const listed = environment['CRYPTOMATE_TOKENS'];
    await start({
      CRYPTOMATE_TOKENS: `${listed},polygon:${token}=USDC:POLYGON`,
      AMOUNT_MAX: '1000000',
    });
  }, timeoutMs);

  test('what the provider tells again meanwhile posts at once, but for the very same bytes', async () => {
    await deliverDeposit(deposit(10));
    expect(await credited()).toBe('nothing');
    await deliverDeposit(deposit(200, { note: 'sent again' }));
    expect(await credited()).toBe('200.00');
    await deliver(running.url, 'cryptofuse', withdrawn[1] ?? junk);
    expect(await debited()).toBe('-102.00');
  });

  test('a retry of a time range posts each fact once, and leaves the rest alone', async () => {
    const range = ['--provider', 'cryptomate', '--code', 'token-unlisted', '--to', pause];
    const retried = await counterfoil.json<Retried>('quarantine', 'retry', ...range);
    expect(retried).toEqual({ published: 3, refused: 0 });
    expect(await credited()).toBe('3210.00');
    expect(await counterfoil.json('quarantine', 'retry', ...range)).toEqual({
      published: 0,
      refused: 0,
    });
    const left = await counterfoil.json<Row[]>('quarantine', 'list');
    expect(left.map(({ reason }) => reason.code)).toEqual([
      'token-unlisted',
      'amount-too-large',
      'dialect-retired',
    ]);
  });

  test('a retry of what another event told meanwhile posts nothing more', async () => {
    const retried = await counterfoil.json('quarantine', 'retry', '--code', 'amount-too-large');
    expect(retried).toEqual({ published: 1, refused: 0 });
    expect(await debited()).toBe('-102.00');
  });

  test('the API retries by the same filters, in pages', async () => {
    const { data } = await api().get<{ data: WebhookSummary[] }>(
      `/v1/inbound-webhooks?code=token-unlisted&from=${pause}`,
    );
    expect(data).toHaveLength(1);
    const retry = (search: string) => api().post(`/v1/inbound-webhooks/retry?${search}`, {});
    const first = await retry('limit=1');
    expect(first).toEqual({ published: 0, refused: 1, nextCursor: expect.any(String) });
    const { nextCursor } = first as { nextCursor: string };
    expect(await retry(`limit=1&cursor=${nextCursor}`)).toMatchObject({ published: 1, refused: 0 });
    expect(await credited()).toBe('43210.00');
    const detail = await api().get<ArchivedWebhook>(`/v1/inbound-webhooks/${data[0]?.id}`);
    expect(detail).toMatchObject({ status: 'processed', reason: null });
    expect(detail.recordedEvents.map(({ type }) => type)).toContain('DepositCredited');
  });

  test('all that was told again opened no review and left no drift', async () => {
    expect(await api().list('/v1/reviews?status=open')).toEqual([]);
    expect(await driftOf(server.database)).toEqual({ drift: 0, firstDrift: null });
  });
});

describe('after the time that is configured', { timeout: timeoutMs }, () => {
  type Detail = ArchivedWebhook & Readonly<{ body: string | null }>;
  let deposits: readonly WebhookSummary[];
  let junkId: string;

  beforeAll(async () => {
    const [left] = await counterfoil.json<Row[]>('quarantine', 'list');
    junkId = left?.id ?? '';
    deposits = await api().list<WebhookSummary>('/v1/inbound-webhooks?provider=cryptomate');
    await running.lifecycle.stop('days go by');
    await server.database.query(
      `update counterfoil_inbox.deliveries set received_at = received_at - interval '31 days'`,
    );
    await start({ ARCHIVE_RETENTION_DAYS: '30', QUARANTINE_RETENTION_DAYS: '30' });
  }, timeoutMs);

  test('the bodies of what was understood are gone, and quarantine is empty', async () => {
    await expect
      .poll(() => counterfoil.json<Row[]>('quarantine', 'list'), { timeout: 10_000 })
      .toEqual([]);
    const { status } = await api().request('GET', `/v1/inbound-webhooks/${junkId}`);
    expect(status).toBe(404);
    for (const { id } of deposits) {
      const detail = () => api().get<Detail>(`/v1/inbound-webhooks/${id}`);
      await expect.poll(async () => (await detail()).body).toBeNull();
      expect(await detail()).toMatchObject({ id, bodyEncoding: null, reason: null });
    }
    const shown = await counterfoil.run('quarantine', 'show', deposits[0]?.id ?? '');
    expect(shown.stdout.at(-1)).toContain('removed');
  });

  test('what is told again posts nothing more, and what was given up is new', async () => {
    for (const amount of amounts) await deliverDeposit(deposit(amount));
    expect(await credited()).toBe('43210.00');
    await deliver(running.url, 'calypso', junk);
    await untilAtRest(server.database);
    expect(await counterfoil.json<Row[]>('quarantine', 'list')).toHaveLength(1);
    expect(await driftOf(server.database)).toEqual({ drift: 0, firstDrift: null });
  });
});

describe('what was refused while our secret was wrong', { timeout: timeoutMs }, () => {
  const right = 'test-cryptomate-key-0001';

  beforeAll(async () => {
    await running.lifecycle.stop('a secret is mistyped');
    await start({ CRYPTOMATE_WEBHOOK_KEY: 'mistyped-key' });
    expect(await deliverDeposit(deposit(500_000))).toMatchObject({ status: 401 });
    const forged = { 'X-Webhook-Key': 'a-forgery' };
    await deliver(running.url, 'cryptomate', deposit(600_000), forged);
    await running.lifecycle.stop('the secret is corrected');
    await start({ CRYPTOMATE_WEBHOOK_KEY: `the-next-key,${right}` });
  }, timeoutMs);

  test('is listed without its content', async () => {
    const rows = await counterfoil.json<Row[]>('refused', 'list');
    expect(rows).toMatchObject([
      { provider: 'cryptomate', code: 'credential-wrong', bytes: deposit(500_000).byteLength },
      { provider: 'cryptomate', code: 'credential-wrong', bytes: deposit(600_000).byteLength },
    ]);
    expect(await counterfoil.json('refused', 'list', '--provider', 'calypso')).toEqual([]);
    const { stdout } = await counterfoil.run('refused', 'list');
    expect(stdout[1]).toMatch(/ \| cryptomate \| .* \| credential-wrong \| /);
  });

  test('is taken after the correction, once, and what was forged is not', async () => {
    const before = await credited();
    expect(await counterfoil.json('refused', 'retry', '--provider', 'calypso')).toEqual({
      accepted: 0,
      refused: 0,
    });
    expect(await counterfoil.json('refused', 'retry')).toEqual({ accepted: 1, refused: 1 });
    expect([before, await credited()]).toEqual(['43210.00', '543210.00']);
    expect(await counterfoil.json('refused', 'retry')).toEqual({ accepted: 0, refused: 1 });
    await deliverDeposit(deposit(500_000));
    expect(await credited()).toBe('543210.00');
  });
});

describe('the account side of a card transfer', { timeout: timeoutMs }, () => {
  const moved = {
    accountUuid: 'account-of-4pay',
    amount: '5.00',
    currency: 'USD',
    status: 'completed',
    createdAt: '2026-04-02T10:30:00+00:00',
  };
  const bytes = (body: object) => Buffer.from(JSON.stringify(body));

  test('says in the list, alone and over the API whose counterpart it is (4pay decision 8)', async () => {
    const deliverOne = (body: object) => deliver(running.url, '4pay', bytes(body));
    await deliverOne({ ...moved, id: 'tx-1', type: 'card_top_up' });
    const rows = () =>
      counterfoil.json<(Row & WebhookSummary)[]>('quarantine', 'list', '--provider', '4pay');
    await untilAtRest(server.database);
    expect(await rows()).toMatchObject([{ counterpartOf: [] }]);
    await deliverOne({ ...moved, id: 'tx-2', cardUuid: 'card-of-4pay', type: 'top_up' });
    await untilAtRest(server.database);
    const whole = await newestWebhook(api());
    expect(whole).toMatchObject({ status: 'processed', counterpartOf: [] });
    const [row] = await rows();
    const id = row?.id ?? '';
    const counterpartOf = [whole.id];
    expect(row).toMatchObject({ counterpartOf, reason: { code: 'type-unknown' } });
    expect(await counterfoil.json('quarantine', 'show', id)).toMatchObject({ counterpartOf });
    const shown = await counterfoil.run('quarantine', 'show', id);
    expect(shown.stdout).toContain(`counterpart of: ${whole.id}`);
    const listed = await counterfoil.run('quarantine', 'list', '--provider', '4pay');
    expect(listed.stdout.at(-1)).toContain(` | ${whole.id}`);
    const detail = await api().get<ArchivedWebhook>(`/v1/inbound-webhooks/${id}`);
    expect(detail).toMatchObject({ status: 'quarantined', counterpartOf });
    const { data } = await api().get<{ data: WebhookSummary[] }>(
      '/v1/inbound-webhooks?provider=4pay&status=quarantined',
    );
    expect(data).toMatchObject([{ id, counterpartOf }]);
  });
});
