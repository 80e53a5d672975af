import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { untilAtRest } from '../support/at-rest.ts';
import type { AccountView, Balance } from '../support/balances.ts';
import { deliver } from '../support/deliver.ts';
import { driftOf } from '../support/drift.ts';
import { cardDeposit, cardRequest } from '../support/generated-deliveries.ts';
import type { ApiAnswer, Page } from '../support/http-api.ts';
import { type RunningSystem, runningSystem } from '../support/running-system.ts';

const startTimeoutMs = 60_000;
const testTimeoutMs = 30_000;

const card = { provider: 'cryptomate', kind: 'card', externalId: 'crd_life' } as const;
const wallet = { provider: 'cryptomate', kind: 'wallet', externalId: 'wlt_life' } as const;

type Problem = Readonly<{ code: string; type: string; status: number; requestId: string }>;

const refusedAs = ({ status, body }: ApiAnswer) => ({ status, code: (body as Problem).code });

const balanceIn = ({ balances }: AccountView, asset: string): Balance | undefined =>
  balances.find((balance) => balance.asset === asset);

describe('the life of an account', () => {
  let system: RunningSystem;
  beforeAll(async () => void (system = await runningSystem()), startTimeoutMs);
  afterAll(() => system?.stop());

  const post = (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    system.api.request('POST', path, { body, headers });
  const account = () => system.api.get<AccountView>('/v1/accounts/alice');
  const usd = async () => balanceIn(await account(), 'USD');
  /** The decision on a purchase of ours; what it did to the account is visible afterwards. */
  const ask = async (id: string, amount: string) => {
    const body = cardRequest({ id, cardId: card.externalId, amount });
    const { body: answer } = await deliver(system.url, 'cryptomate', body);
    const position = await untilAtRest(system.database, { withRequests: false });
    await system.api.get(`/v1/accounts/alice?minPosition=${position}`);
    return (JSON.parse(answer) as { response_code: string }).response_code;
  };

  test('begins when it is opened, and the same request again answers as the first', async () => {
    const request = { accountId: 'alice', kind: 'holder', references: [wallet] };
    const first = await post('/v1/accounts', request);
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({
      accountId: 'alice',
      kind: 'holder',
      status: 'active',
      balances: [],
      references: [wallet],
    });
    expect(await post('/v1/accounts', request)).toMatchObject({ status: 201, body: first.body });
    expect(await account()).toEqual(first.body);
  });

  test('has an id that is given where none is asked for', async () => {
    const { status, body } = await post('/v1/accounts', { kind: 'player' });
    expect(status).toBe(201);
    expect((body as AccountView).accountId).toMatch(/^[A-Za-z0-9_.-]{1,64}$/);
  });

  test('keeps its id and its references to itself', async () => {
    const references = [wallet];
    const open = async (request: object) => refusedAs(await post('/v1/accounts', request));
    expect(await open({ accountId: 'alice', kind: 'merchant' })).toEqual({
      status: 409,
      code: 'account-exists',
    });
    expect(await open({ accountId: 'bob', kind: 'holder', references })).toEqual({
      status: 409,
      code: 'reference-linked-elsewhere',
    });
    expect(await open({ accountId: 'auto.bob', kind: 'holder' })).toEqual({
      status: 422,
      code: 'account-id-reserved',
    });
    expect(await open({ accountId: 'b o b', kind: 'holder' })).toEqual({
      status: 400,
      code: 'request-malformed',
    });
    const bob = await system.api.request('GET', '/v1/accounts/bob');
    expect(refusedAs(bob)).toEqual({ status: 404, code: 'account-not-found' });
  });

  test('is found by what its providers call it', async () => {
    const linked = await post('/v1/accounts/alice/references', card);
    expect(linked.status).toBe(200);
    const found = await system.api.get(
      `/v1/accounts/by-reference/cryptomate/card/${card.externalId}`,
    );
    expect(found).toEqual(await account());
    expect((await account()).references).toHaveLength(2);
  });

  test('takes an adjustment once for each idempotency key', async () => {
    const adjust = (amount: string, direction: string, key: string) =>
      post(
        '/v1/accounts/alice/adjustments',
        { asset: 'USD', amount, direction, reason: 'a test' },
        { 'idempotency-key': key },
      );
    const first = await adjust('100', 'credit', 'key-1');
    expect(first.status).toBe(201);
    const again = await adjust('100', 'credit', 'key-1');
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(refusedAs(await adjust('200', 'credit', 'key-1'))).toEqual({
      status: 409,
      code: 'idempotency-key-reused',
    });
    expect((await adjust('30', 'debit', 'key-2')).status).toBe(201);
    expect(await usd()).toEqual({
      asset: 'USD',
      available: '70.00',
      held: '0.00',
      reserved: '0.00',
      total: '70.00',
    });
  });

  test('shows what a provider paid in', async () => {
    const body = cardDeposit({
      hash: `0x${'a'.repeat(64)}`,
      walletId: wallet.externalId,
      amount: '5.50',
    });
    await deliver(system.url, 'cryptomate', body);
    const position = await untilAtRest(system.database);
    const { balances } = await system.api.get<AccountView>(
      `/v1/accounts/alice/balances?minPosition=${position}`,
    );
    expect(balances.find(({ asset }) => asset === 'USD')).toMatchObject({ available: '75.50' });
    const statement = await system.api.list<Readonly<{ balance: Readonly<{ available: string }> }>>(
      '/v1/accounts/alice/statement',
    );
    expect(statement.map(({ balance }) => balance.available).sort()).toEqual([
      '100.00',
      '70.00',
      '75.50',
    ]);
  });

  test(
    'declines while it is frozen, and approves when it is not',
    async () => {
      expect(await post('/v1/accounts/alice/freeze', { reason: 'lost card' })).toMatchObject({
        status: 200,
        body: { status: 'frozen', reason: 'lost card' },
      });
      expect(await ask('frozen', '10.00')).toBe('05');
      expect(await post('/v1/accounts/alice/unfreeze', {})).toMatchObject({
        status: 200,
        body: { status: 'active' },
      });
      expect(await ask('unfrozen', '10.00')).toBe('00');
      expect(await usd()).toMatchObject({ available: '65.50', held: '10.00', total: '75.50' });
      const authorizations = await system.api.list<
        Readonly<{ authorizationId: string; status: string; reason: string | null }>
      >(`/v1/cards/cryptomate/${card.externalId}/authorizations`);
      const frozen = authorizations.find(
        ({ authorizationId }) =>
          authorizationId.endsWith('frozen') && !authorizationId.endsWith('unfrozen'),
      );
      expect(frozen).toMatchObject({ status: 'declined', reason: 'account-frozen' });
      const holds = await system.api.list('/v1/accounts/alice/holds');
      expect(holds).toMatchObject([{ amount: { asset: 'USD', amount: '10.00' } }]);
    },
    testTimeoutMs,
  );

  test(
    'spends what it does not have within its credit limit only',
    async () => {
      expect(await ask('too-much', '80.00')).toBe('51');
      const limited = await system.api.request('PUT', '/v1/accounts/alice/credit-limit', {
        body: { asset: 'USD', amount: '20' },
      });
      expect(limited).toMatchObject({
        status: 200,
        body: { creditLimits: [{ asset: 'USD', amount: '20.00' }] },
      });
      expect(await ask('overdraft', '80.00')).toBe('00');
      expect(await ask('beyond', '5.51')).toBe('51');
      expect(await usd()).toMatchObject({ available: '-14.50', held: '90.00', total: '75.50' });
    },
    testTimeoutMs,
  );

  test('reserves what is ordered to be paid out, if it is there', async () => {
    const adjustment = { asset: 'USDT:TRON', amount: '50', direction: 'credit', reason: 'a test' };
    await system.api.post('/v1/accounts/alice/adjustments', adjustment);
    const order = (id: string, amount: string) =>
      post('/v1/payouts', {
        accountId: 'alice',
        provider: 'calypso',
        id,
        asset: 'USDT:TRON',
        amount,
        fee: '1',
      });
    const usdt = async () => balanceIn(await account(), 'USDT:TRON');

    expect(refusedAs(await order('payout-1', '49.5'))).toEqual({
      status: 422,
      code: 'insufficient-funds',
    });
    expect(await usdt()).toMatchObject({ available: '50.00', reserved: '0.00' });
    const placed = await order('payout-2', '40');
    expect(placed).toMatchObject({
      status: 201,
      body: { provider: 'calypso', id: 'payout-2', status: 'requested' },
    });
    expect(await order('payout-2', '40')).toMatchObject({ status: 201, body: placed.body });
    expect(refusedAs(await order('payout-2', '4'))).toEqual({ status: 409, code: 'order-differs' });
    expect(await usdt()).toMatchObject({ available: '9.00', reserved: '41.00', total: '50.00' });
    expect(await system.api.get('/v1/payouts/calypso/payout-2')).toEqual(placed.body);
  });

  test('cannot be closed while money is in it', async () => {
    const closed = await post('/v1/accounts/alice/close', {});
    expect(refusedAs(closed)).toEqual({ status: 409, code: 'account-not-empty' });
    await post('/v1/accounts', { accountId: 'empty', kind: 'player' });
    expect(await post('/v1/accounts/empty/close', {})).toMatchObject({
      status: 200,
      body: { status: 'closed' },
    });
    const adjustment = { asset: 'USD', amount: '1', direction: 'credit', reason: 'a test' };
    expect((await post('/v1/accounts/empty/adjustments', adjustment)).status).toBe(201);
    const debit = { ...adjustment, direction: 'debit' };
    expect(await post('/v1/accounts/empty/adjustments', debit)).toMatchObject({
      status: 201,
      body: { account: { status: 'closed', balances: [{ available: '0.00' }] } },
    });
    const late = await post('/v1/accounts/empty/unfreeze', {});
    expect(refusedAs(late)).toEqual({ status: 409, code: 'account-closed' });
  });

  test('is in the log, event by event, in pages', async () => {
    type EventView = Readonly<{ position: string; stream: string; type: string; version: number }>;
    const all = await system.api.list<EventView>('/v1/events');
    const paged: EventView[] = [];
    let after = '';
    for (let page = 0; page < all.length; page += 1) {
      const { data } = await system.api.get<Page<EventView>>(`/v1/events?limit=7${after}`);
      if (data.length === 0) break;
      paged.push(...data);
      after = `&after=${data.at(-1)?.position}`;
    }
    expect(paged).toEqual(all);
    const ofAlice = await system.api.list<EventView>('/v1/events?stream=account-alice');
    expect(ofAlice).toEqual(all.filter(({ stream }) => stream === 'account-alice'));
    expect(ofAlice.map(({ version }) => version)).toEqual(
      ofAlice.map((_event, index) => index + 1),
    );
    const holds = await system.api.list<EventView>('/v1/events?types=HoldPlaced,AccountFrozen');
    expect(new Set(holds.map(({ type }) => type))).toEqual(
      new Set(['HoldPlaced', 'AccountFrozen']),
    );
  });

  test(
    'can be read as of a position, or not before it is reached',
    async () => {
      const read = await system.api.request('GET', '/v1/accounts/alice');
      const position = read.headers.get('counterfoil-position') ?? '';
      expect(position).not.toBe('');
      const same = await system.api.request('GET', `/v1/accounts/alice?minPosition=${position}`);
      expect(same).toMatchObject({ status: 200, body: read.body });
      const ahead = await system.api.request('GET', '/v1/accounts/alice?minPosition=999999999');
      expect(refusedAs(ahead)).toEqual({ status: 504, code: 'position-not-reached' });
      expect(ahead.body).toHaveProperty('lag');
      const malformed = await system.api.request('GET', '/v1/accounts/alice?minPosition=yesterday');
      expect(refusedAs(malformed)).toEqual({ status: 400, code: 'position-malformed' });
    },
    testTimeoutMs,
  );

  test('leaves books without drift', async () => {
    await untilAtRest(system.database);
    expect(await driftOf(system.database)).toEqual({ drift: 0, firstDrift: null });
  });
});

describe.each(['open', 'suspend'] as const)(
  'money for a reference that nobody has linked, with unknown accounts = %s',
  (policy) => {
    let system: RunningSystem;
    beforeAll(
      async () => void (system = await runningSystem({ UNKNOWN_ACCOUNTS: policy })),
      startTimeoutMs,
    );
    afterAll(() => system?.stop());

    const suspended = () =>
      system.api.list<
        Readonly<{ amount: string; asset: string; reference: object | null; reason: string }>
      >('/v1/suspense');
    const accountsWithMoney = async () =>
      (await system.api.list<AccountView>('/v1/accounts'))
        .filter(({ balances }) => balances.some(({ total }) => !/^0(\.0+)?$/.test(total)))
        .map(({ accountId, balances }) => [
          accountId,
          balances.map(({ asset, available }) => `${available} ${asset}`),
        ]);

    test(
      'waits where it can be seen, and moves to whoever it belongs to',
      async () => {
        const body = cardDeposit({
          hash: `0x${'b'.repeat(64)}`,
          walletId: wallet.externalId,
          amount: '12.34',
        });
        await deliver(system.url, 'cryptomate', body);
        const position = await untilAtRest(system.database);
        await system.api.get(`/v1/suspense?minPosition=${position}`);
        if (policy === 'suspend') {
          expect(await suspended()).toMatchObject([
            { amount: '12.34', asset: 'USD', reference: wallet, reason: 'reference-not-linked' },
          ]);
          expect(await accountsWithMoney()).toEqual([]);
        } else {
          expect(await suspended()).toEqual([]);
          expect(await accountsWithMoney()).toEqual([
            [expect.stringMatching(/^auto\./), ['12.34 USD']],
          ]);
        }

        await system.api.post('/v1/accounts', { accountId: 'alice', kind: 'holder' });
        await system.api.post('/v1/accounts/alice/references', wallet);
        const moved = await untilAtRest(system.database);
        await system.api.get(`/v1/suspense?minPosition=${moved}`);
        expect(await suspended()).toEqual([]);
        expect(await accountsWithMoney()).toEqual([['alice', ['12.34 USD']]]);

        const later = cardDeposit({
          hash: `0x${'c'.repeat(64)}`,
          walletId: wallet.externalId,
          amount: '0.66',
        });
        await deliver(system.url, 'cryptomate', later);
        const end = await untilAtRest(system.database);
        await system.api.get(`/v1/accounts?minPosition=${end}`);
        expect(await accountsWithMoney()).toEqual([['alice', ['13.00 USD']]]);
        expect(await driftOf(system.database)).toEqual({ drift: 0, firstDrift: null });
      },
      testTimeoutMs,
    );
  },
);
