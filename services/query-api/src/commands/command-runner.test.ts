import { manualClock, type ManualClock } from '@counterfoil/runtime/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandRequest } from '../ports.ts';
import { type ApiUnderTest, apiUnderTest } from '../testing/api-under-test.ts';
import { type FakeBooks, fakeBooks } from '../testing/fake-books.ts';

let clock: ManualClock;
let books: FakeBooks;
let api: ApiUnderTest;
let commands: CommandRequest[];
let isBroken: boolean;
/** What an adjustment waits for before it is posted. */
let gate: Promise<void>;

beforeEach(async () => {
  clock = manualClock();
  books = fakeBooks();
  commands = [];
  isBroken = false;
  gate = Promise.resolve();
  api = await apiUnderTest({
    clock,
    readModels: books.readModels,
    commands: {
      ...books.commands,
      postAdjustment: async (adjustment, request) => {
        commands.push(request);
        await gate;
        if (isBroken) throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
        return books.commands.postAdjustment(adjustment, request);
      },
    },
  });
  await api.send('POST', '/v1/accounts', { body: { accountId: 'p-1', kind: 'player' } });
});
afterEach(() => api.close());

/** A promise that the test resolves. */
function openGate() {
  let resolve = () => {};
  const promise = new Promise<void>((open) => {
    resolve = open;
  });
  return { promise, resolve };
}

const adjust = (key: string, fault: object = {}, headers: Record<string, string> = {}) =>
  api.send('POST', '/v1/accounts/p-1/adjustments', {
    body: { asset: 'USD', amount: '5', direction: 'credit', reason: 'test', ...fault },
    headers: { 'idempotency-key': key, ...headers },
  });

describe('a command under an Idempotency-Key', () => {
  it('runs once, and gives the same answer with its position again', async () => {
    const first = await adjust('k');
    const second = await adjust('k');
    expect(first.status).toBe(201);
    expect([second.status, second.body, second.position]).toEqual([201, first.body, '2']);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(first.headers.get('idempotent-replayed')).toBe(null);
    expect(commands).toHaveLength(1);
  });

  it('takes a body with its keys in another order for the same', async () => {
    await adjust('k');
    const text = '{"reason":"test","direction":"credit","amount":"5","asset":"USD"}';
    const headers = { 'idempotency-key': 'k' };
    const again = await api.send('POST', '/v1/accounts/p-1/adjustments', { text, headers });
    expect(again.status).toBe(201);
  });

  it('refuses another body, and another path, under the key', async () => {
    await adjust('k');
    const reused = { status: 409, body: { code: 'idempotency-key-reused' } };
    expect(await adjust('k', { amount: '6' })).toMatchObject(reused);
    const headers = { 'idempotency-key': 'k' };
    expect(await api.send('POST', '/v1/accounts/p-1/freeze', { headers })).toMatchObject(reused);
  });

  it('gives a refusal again', async () => {
    const path = '/v1/accounts/nobody/freeze';
    const headers = { 'idempotency-key': 'k' };
    const first = await api.send('POST', path, { headers });
    await api.send('POST', '/v1/accounts', { body: { accountId: 'nobody', kind: 'player' } });
    const second = await api.send('POST', path, { headers });
    expect(first).toMatchObject({ status: 404, body: { code: 'account-not-found' } });
    expect(second).toMatchObject({ status: 404, body: { code: 'account-not-found' } });
    expect(second.headers.get('idempotent-replayed')).toBe('true');
  });

  it('is refused while the first request is still in progress', async () => {
    const { promise, resolve } = openGate();
    gate = promise;
    const first = adjust('k');
    await expect.poll(() => commands.length).toBe(1);
    expect(await adjust('k')).toMatchObject({
      status: 409,
      body: { code: 'idempotency-key-in-progress' },
    });
    resolve();
    expect((await first).status).toBe(201);
    expect((await adjust('k')).status).toBe(201);
  });

  it('runs again after a fault, as the same command', async () => {
    isBroken = true;
    expect(await adjust('k')).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    isBroken = false;
    expect((await adjust('k')).status).toBe(201);
    expect(commands[0]?.commandId).toBe(commands[1]?.commandId);
  });

  it('is taken over, as the same command, from a process that died', async () => {
    const { promise, resolve } = openGate();
    gate = promise;
    const dead = adjust('k');
    await expect.poll(() => commands.length).toBe(1);
    gate = Promise.resolve();
    await clock.advance(60_001);
    expect((await adjust('k')).status).toBe(201);
    expect(commands[0]?.commandId).toBe(commands[1]?.commandId);
    resolve();
    await dead;
  });

  it('is another command for another API key, and without a key', async () => {
    await adjust('k');
    await adjust('k', {}, await api.keyWith('other', ['adjustments:write']));
    const body = { asset: 'USD', amount: '5', direction: 'credit', reason: 'test' };
    await api.send('POST', '/v1/accounts/p-1/adjustments', { body });
    await api.send('POST', '/v1/accounts/p-1/adjustments', { body });
    expect(new Set(commands.map((command) => command.commandId)).size).toBe(4);
    expect(commands.map((command) => command.actor)).toEqual(['admin', 'other', 'admin', 'admin']);
  });

  it('is forgotten after 72 hours, and its row with it', async () => {
    for (const key of ['a', 'b', 'c']) await adjust(key);
    await clock.advance(72 * 3_600_000);
    await adjust('d');
    const { rows } = await api.database.query(
      'select idempotency_key from counterfoil_api.idempotency_keys',
    );
    expect(rows).toEqual([{ idempotency_key: 'd' }]);
  });

  it.each(['', 'x'.repeat(256), 'a b'])('is malformed with the key "%.20s"', async (key) => {
    expect(await adjust(key)).toMatchObject({ status: 400, body: { code: 'request-malformed' } });
  });

  it('does not keep what never became a command', async () => {
    expect((await adjust('k', { amount: 5 })).status).toBe(400);
    expect((await adjust('k')).status).toBe(201);
  });
});

describe('a command whose events the read models do not show', () => {
  it('is answered 202 with its position after five seconds, and again under its key', async () => {
    books.stall(true);
    const pending = adjust('k');
    await expect.poll(() => clock.sleepers()).toBe(1);
    await clock.advance(5100);
    const accepted = { status: 202, position: '2', body: { accountId: 'p-1', position: '2' } };
    expect(await pending).toMatchObject(accepted);
    expect(await adjust('k')).toMatchObject(accepted);
    expect(commands).toHaveLength(1);
  });
});
