import { checkpoint, err, ok } from '@counterfoil/domain';
import type { AccountFilters, ModelName, Position } from '@counterfoil/read-models';
import { manualClock, type ManualClock } from '@counterfoil/runtime/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiUnderTest, apiUnderTest } from '../testing/api-under-test.ts';
import { positions } from './positions.ts';

let clock: ManualClock;
let reached: Position;
let looks: (readonly ModelName[])[];
let asked: AccountFilters[];
let api: ApiUnderTest;

beforeEach(async () => {
  clock = manualClock();
  reached = checkpoint('41');
  looks = [];
  asked = [];
  api = await apiUnderTest({
    clock,
    readModels: {
      position: async (models) => {
        looks.push(models);
        return reached;
      },
      listAccounts: async (filters) => {
        asked.push(filters);
        return filters.cursor === 'not-ours'
          ? err({ code: 'cursor-malformed', message: 'Not ours.' })
          : ok({ data: [], nextCursor: 'the-next' });
      },
    },
  });
});
afterEach(() => api.close());

describe('an answer from read models', () => {
  it('says which position it reflects, of just the models it is made of', async () => {
    expect(await api.get('/v1/accounts')).toMatchObject({ status: 200, position: '41' });
    expect(looks).toEqual([['accounts', 'balances']]);
  });

  it('does not wait for a position that is reached', async () => {
    for (const minPosition of ['start', '0', '9', '41'])
      expect(await api.get(`/v1/accounts?minPosition=${minPosition}`)).toMatchObject({
        status: 200,
        position: '41',
      });
  });

  it('waits for a position', async () => {
    const answer = api.get('/v1/accounts?minPosition=100');
    await expect.poll(() => clock.sleepers()).toBe(1);
    reached = checkpoint('100');
    await clock.advance(20);
    expect(await answer).toMatchObject({ status: 200, position: '100' });
  });

  it('shares one look at the database with all who wait for the same models', async () => {
    let lookCount = 0;
    const position = async () => {
      lookCount += 1;
      return checkpoint('100');
    };
    const waiting = positions({ readModels: { position }, clock });
    const wait = () => waiting.waitFor(['cards'], checkpoint('100'));
    expect(await Promise.all([wait(), wait(), wait()])).toEqual(['100', '100', '100']);
    expect(lookCount).toBe(1);
    await wait();
    expect(lookCount).toBe(2);
  });

  it('is the problem position-not-reached with the lag after five seconds', async () => {
    const answer = api.get('/v1/accounts?minPosition=100');
    await expect.poll(() => clock.sleepers()).toBe(1);
    await clock.advance(4900);
    expect(clock.sleepers()).toBe(1);
    await clock.advance(200);
    expect(await answer).toMatchObject({
      status: 504,
      body: {
        code: 'position-not-reached',
        lag: { position: '41', minPosition: '100', events: '59' },
      },
    });
  });

  it.each(['-1', '1.5', '01', 'x', '9'.repeat(19), '1%00'])(
    'refuses the position %s',
    async (text) => {
      const answer = await api.get(`/v1/accounts?minPosition=${text}`);
      expect(answer).toMatchObject({ status: 400 });
    },
  );
});

describe('a list', () => {
  it('takes 50 at a time unless asked for fewer or more', async () => {
    expect((await api.get('/v1/accounts')).body).toEqual({ data: [], nextCursor: 'the-next' });
    await api.get('/v1/accounts?limit=500&cursor=abc&kind=player&status=frozen');
    expect(asked).toMatchObject([
      { limit: 50 },
      { limit: 500, cursor: 'abc', kind: 'player', status: 'frozen' },
    ]);
  });

  it('refuses a cursor that it did not issue', async () => {
    const answer = await api.get('/v1/accounts?cursor=not-ours');
    expect(answer).toMatchObject({ status: 400, body: { code: 'cursor-malformed' } });
  });

  it.each([
    'limit=0',
    'limit=501',
    'limit=-1',
    'limit=1.5',
    'limit=many',
    'limit=1&limit=2',
    'kind=king',
    'unknown=1',
    'cursor=%00',
  ])('refuses ?%s', async (query) => {
    const answer = await api.get(`/v1/accounts?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { code: 'request-malformed' } });
  });
});
