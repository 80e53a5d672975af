import { accountId, checkpoint, type Reference, ok } from '@counterfoil/domain';
import type { SuspenseEntry } from '@counterfoil/read-models';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiUnderTest, apiUnderTest } from '../testing/api-under-test.ts';
import { fakeBooks } from '../testing/fake-books.ts';

const wallet: Reference = { provider: 'calypso', kind: 'wallet', externalId: 'w-1' };
const waiting: SuspenseEntry = {
  id: 'suspense.calypso.wallet.w-1',
  provider: 'calypso',
  reference: wallet,
  asset: 'USDT:TRON',
  amount: '5.00',
  reason: 'reference-not-linked',
  since: '2026-01-01T00:00:00.000Z',
  lastEventType: 'DepositCredited',
  lastDeliveryId: 'd-1',
};
const nameless: SuspenseEntry = {
  ...waiting,
  id: 'nobody',
  reference: null,
  reason: 'no-reference',
};

let api: ApiUnderTest;
let linked: Reference[];

beforeEach(async () => {
  linked = [];
  const books = fakeBooks();
  api = await apiUnderTest({
    readModels: {
      ...books.readModels,
      position: async () => checkpoint('5'),
      findSuspense: async (id) => [waiting, nameless].filter((entry) => entry.id === id),
    },
    commands: {
      ...books.commands,
      linkReference: async ({ reference, accountId: id }) => {
        linked.push(reference);
        return ok({ accountId: accountId(id), position: checkpoint('5') });
      },
    },
  });
  await api.send('POST', '/v1/accounts', { body: { accountId: 'p-1', kind: 'player' } });
});
afterEach(() => api.close());

const attribute = (id: string, body: object) =>
  api.send('POST', `/v1/suspense/${id}/attribute`, { body });

describe('POST /v1/suspense/{id}/attribute', () => {
  it('links the reference whose money waits, and answers with its owner', async () => {
    const answer = await attribute(waiting.id, { accountId: 'p-1' });
    expect([answer.status, answer.body]).toMatchObject([200, { accountId: 'p-1' }]);
    expect(linked).toEqual([wallet]);
  });

  it('refuses money that names nothing that could be linked', async () => {
    const answer = await attribute(nameless.id, { accountId: 'p-1' });
    expect([answer.status, answer.body]).toMatchObject([
      409,
      { code: 'suspense-not-attributable' },
    ]);
    expect(linked).toEqual([]);
  });

  it('knows no money under another id', async () => {
    const answer = await attribute('suspense.calypso.wallet.w-2', { accountId: 'p-1' });
    expect([answer.status, answer.body]).toMatchObject([404, { code: 'suspense-not-found' }]);
  });

  it('needs an account to give it to', async () => {
    const answer = await attribute(waiting.id, {});
    expect([answer.status, answer.body]).toMatchObject([400, { code: 'request-malformed' }]);
  });
});
