import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiUnderTest, apiUnderTest } from '../testing/api-under-test.ts';
import { fakeBooks } from '../testing/fake-books.ts';

let api: ApiUnderTest;

beforeEach(async () => {
  api = await apiUnderTest(fakeBooks());
});
afterEach(() => api.close());

const card = { provider: 'cryptomate', kind: 'card', externalId: 'crd_1/ä' };
const open = (body: object) => api.send('POST', '/v1/accounts', { body });

describe('opening an account', () => {
  it('answers 201 with the account as it is in the books, and where they stand', async () => {
    const answer = await open({ accountId: 'p-1', kind: 'player', references: [card] });
    expect(answer).toMatchObject({ status: 201, position: '1' });
    expect(answer.body).toEqual({
      accountId: 'p-1',
      kind: 'player',
      status: 'active',
      reason: null,
      openedAt: '2026-01-01T00:00:00.000Z',
      balances: [],
      creditLimits: [],
      references: [card],
    });
  });

  it('answers the same request again as the first', async () => {
    const first = await open({ accountId: 'p-1', kind: 'player' });
    const second = await open({ accountId: 'p-1', kind: 'player' });
    expect([second.status, second.body]).toEqual([first.status, first.body]);
  });

  it('makes an id where none is given', async () => {
    const answer = await open({ kind: 'merchant' });
    expect(answer.body).toMatchObject({ accountId: expect.stringMatching(/^made-/) });
  });

  it('is refused when the id or a reference belongs to something else', async () => {
    await open({ accountId: 'p-1', kind: 'player', references: [card] });
    const kind = await open({ accountId: 'p-1', kind: 'merchant' });
    expect(kind).toMatchObject({ status: 409, body: { code: 'account-exists' } });
    const reference = await open({ accountId: 'p-2', kind: 'player', references: [card] });
    expect(reference).toMatchObject({
      status: 409,
      body: { code: 'reference-linked-elsewhere' },
    });
  });

  it.each(['auto.x', 'suspense.x'])('keeps ids like %s for what it opens itself', async (id) => {
    const answer = await open({ accountId: id, kind: 'player' });
    expect(answer).toMatchObject({ status: 422, body: { code: 'account-id-reserved' } });
  });

  it.each([
    ['without a kind', { accountId: 'p-1' }],
    ['with an unknown kind', { accountId: 'p-1', kind: 'king' }],
    ['with an unknown key', { accountId: 'p-1', kind: 'player', x: 1 }],
    ['with a slash in the id', { accountId: 'a/b', kind: 'player' }],
    ['with an id that a URL would lose', { accountId: '.', kind: 'player' }],
    ['with an id that leads up in a URL', { accountId: '..', kind: 'player' }],
    ['with an empty id', { accountId: '', kind: 'player' }],
    ['with an id of 65 characters', { accountId: 'x'.repeat(65), kind: 'player' }],
    ['with a number as the id', { accountId: 7, kind: 'player' }],
    ['with references that are no list', { kind: 'player', references: {} }],
    ['with an unknown provider', { kind: 'player', references: [{ ...card, provider: 'x' }] }],
    ['with an unknown reference kind', { kind: 'player', references: [{ ...card, kind: 'x' }] }],
    [
      'with a reference id that is too long',
      { kind: 'player', references: [{ ...card, externalId: 'x'.repeat(201) }] },
    ],
    [
      'with U+0000 in a reference',
      { kind: 'player', references: [{ ...card, externalId: 'a\0b' }] },
    ],
    [
      'with a blank after a reference id',
      { kind: 'player', references: [{ ...card, externalId: 'crd_1 ' }] },
    ],
    [
      'with a blank before a reference id',
      { kind: 'player', references: [{ ...card, externalId: '\u00a0crd_1' }] },
    ],
    ...[0x0a, 0x09, 0x01, 0x7f, 0x85].map((code): [string, object] => [
      `with the control character ${code} in a reference`,
      {
        kind: 'player',
        references: [{ ...card, externalId: `crd${String.fromCodePoint(code)}1` }],
      },
    ]),
    ['with 51 references', { kind: 'player', references: Array(51).fill(card) }],
    ['that is a list', []],
  ])('is malformed %s', async (_what, body) => {
    const answer = await open(body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'request-malformed' } });
  });

  it('is malformed without a body, and with deep nesting', async () => {
    expect(await api.send('POST', '/v1/accounts')).toMatchObject({ status: 400 });
    const text = `{"kind":"player","references":${'['.repeat(40)}${']'.repeat(40)}}`;
    expect(await api.send('POST', '/v1/accounts', { text })).toMatchObject({ status: 400 });
  });
});

describe('an open account', () => {
  beforeEach(() => open({ accountId: 'p-1', kind: 'player' }));

  it('is found by a reference once that is linked', async () => {
    const path = `/v1/accounts/by-reference/cryptomate/card/${encodeURIComponent(card.externalId)}`;
    expect(await api.get(path)).toMatchObject({
      status: 404,
      body: { code: 'reference-not-found' },
    });
    const linked = await api.send('POST', '/v1/accounts/p-1/references', { body: card });
    expect(linked).toMatchObject({ status: 200, position: '2', body: { references: [card] } });
    expect(await api.get(path)).toMatchObject({ status: 200, body: { accountId: 'p-1' } });
  });

  it('is found by an address on chain in whatever case it is written', async () => {
    const address = { provider: 'cryptomate', kind: 'address', externalId: '0xABcdF3' };
    const linked = await api.send('POST', '/v1/accounts/p-1/references', { body: address });
    expect(linked.body).toMatchObject({ references: [{ ...address, externalId: '0xabcdf3' }] });
    for (const written of ['0xABcdF3', '0xabcdf3', '0xABCDF3'])
      expect(
        await api.get(`/v1/accounts/by-reference/cryptomate/address/${written}`),
      ).toMatchObject({ status: 200, body: { accountId: 'p-1' } });
  });

  it('keeps other references byte for byte', async () => {
    const wallet = { provider: 'cryptofuse', kind: 'wallet', externalId: '0xAB' };
    const linked = await api.send('POST', '/v1/accounts/p-1/references', { body: wallet });
    expect(linked.body).toMatchObject({ references: [wallet] });
    expect(await api.get('/v1/accounts/by-reference/cryptofuse/wallet/0xab')).toMatchObject({
      status: 404,
    });
  });

  it('is frozen with a reason, unfrozen and closed', async () => {
    const frozen = await api.send('POST', '/v1/accounts/p-1/freeze', { body: { reason: 'theft' } });
    expect(frozen).toMatchObject({ status: 200, body: { status: 'frozen', reason: 'theft' } });
    const active = await api.send('POST', '/v1/accounts/p-1/unfreeze');
    expect(active).toMatchObject({ status: 200, body: { status: 'active' } });
    const closed = await api.send('POST', '/v1/accounts/p-1/close', { text: '' });
    expect(closed).toMatchObject({ status: 200, body: { status: 'closed' } });
  });

  it('gets a credit limit', async () => {
    const body = { asset: 'USD', amount: '1000' };
    const answer = await api.send('PUT', '/v1/accounts/p-1/credit-limit', { body });
    expect(answer.body).toMatchObject({ creditLimits: [{ asset: 'USD', amount: '1000.00' }] });
  });

  it('gets an adjustment, answered with who, why and the account after it', async () => {
    const answer = await api.send('POST', '/v1/accounts/p-1/adjustments', {
      body: {
        asset: 'USD',
        amount: '18.75',
        direction: 'credit',
        reason: 'goodwill',
        effectiveAt: '2026-01-31T12:00:00+02:00',
      },
    });
    expect(answer).toMatchObject({
      status: 201,
      position: '2',
      body: {
        adjustmentId: expect.any(String),
        asset: 'USD',
        amount: '18.75',
        direction: 'credit',
        reason: 'goodwill',
        actor: 'admin',
        effectiveAt: '2026-01-31T10:00:00.000Z',
        account: { balances: [{ asset: 'USD', available: '18.75', total: '18.75' }] },
      },
    });
    const closed = await api.send('POST', '/v1/accounts/p-1/close');
    expect(closed).toMatchObject({ status: 409, body: { code: 'account-not-empty' } });
  });

  it.each([
    [400, 'request-malformed', { amount: 10.5 }],
    [400, 'request-malformed', { amount: null }],
    [400, 'request-malformed', { amount: '9'.repeat(81) }],
    [400, 'amount-malformed', { amount: 'ten' }],
    [400, 'amount-malformed', { amount: '1,000.00' }],
    [400, 'amount-malformed', { amount: '0x10' }],
    [400, 'amount-malformed', { amount: 'Infinity' }],
    [422, 'amount-negative', { amount: '-1' }],
    [422, 'amount-not-positive', { amount: '0.00' }],
    [422, 'amount-too-precise', { amount: '1.0000001' }],
    [422, 'amount-too-large', { amount: '1000000000.01' }],
    [422, 'amount-too-large', { amount: '1e9999' }],
    [422, 'asset-unknown', { asset: 'XXX' }],
    [422, 'asset-unknown', { asset: 'usd' }],
    [400, 'request-malformed', { direction: 'up' }],
    [400, 'request-malformed', { reason: '' }],
    [400, 'request-malformed', { effectiveAt: 'yesterday' }],
    [400, 'request-malformed', { effectiveAt: '2026-02-31T00:00:00Z' }],
    [400, 'request-malformed', { effectiveAt: '0000-06-01T00:00:00Z' }],
    [400, 'request-malformed', { effectiveAt: '0001-01-01T00:00:00+01:00' }],
  ])('answers %i %s to an adjustment with %j', async (status, code, fault) => {
    const right = { asset: 'USD', amount: '1.00', direction: 'credit', reason: 'test' };
    const answer = await api.send('POST', '/v1/accounts/p-1/adjustments', {
      body: { ...right, ...fault },
    });
    expect(answer).toMatchObject({ status, body: { code } });
  });
});

it('says that there is no such account', async () => {
  const notFound = { status: 404, body: { code: 'account-not-found' } };
  expect(await api.get('/v1/accounts/nobody')).toMatchObject(notFound);
  expect(await api.get('/v1/accounts/nobody/balances')).toMatchObject(notFound);
  expect(await api.send('POST', '/v1/accounts/nobody/freeze')).toMatchObject(notFound);
  const limit = { body: { asset: 'USD', amount: '1' } };
  expect(await api.send('PUT', '/v1/accounts/nobody/credit-limit', limit)).toMatchObject(notFound);
});
