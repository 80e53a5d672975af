import { commandId, correlationId, eventId, instant, streamVersion } from '@counterfoil/domain';
import { type EventStore, inMemoryEventStore } from '@counterfoil/event-store';
import { manualClock } from '@counterfoil/runtime/testing';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiAnswer, type ApiUnderTest, apiUnderTest } from '../testing/api-under-test.ts';

let events: EventStore;
let api: ApiUnderTest;

beforeEach(async () => {
  events = inMemoryEventStore({ clock: manualClock({ now: 1_000 }) });
  api = await apiUnderTest({ events });
});
afterEach(() => api.close());

const versions = new Map<string, bigint>();
beforeEach(() => versions.clear());

async function append(stream: string, type: string, data: object = {}): Promise<void> {
  const version = versions.get(stream) ?? 0n;
  versions.set(stream, version + 1n);
  await events.appendToStream({
    stream,
    expected: streamVersion(version),
    events: [
      {
        eventId: eventId(randomUUID()),
        event: { type, data },
        occurredAt: instant(500),
        correlationId: correlationId('c'),
        causationId: commandId('d'),
      },
    ],
  });
}

const types = (answer: ApiAnswer) => {
  const { data, nextCursor } = answer.body as {
    data: { type: string; position: string }[];
    nextCursor: string | null;
  };
  return { data: data.map((event) => `${event.position} ${event.type}`), nextCursor };
};

describe('the log over HTTP', () => {
  it('is empty at first', async () => {
    expect(await api.get('/v1/events')).toMatchObject({
      status: 200,
      position: 'start',
      body: { data: [], nextCursor: null },
    });
  });

  it('knows no position beyond its end', async () => {
    await append('account-1', 'A');
    expect(await api.get('/v1/events?after=1')).toMatchObject({ status: 200, position: '1' });
    for (const query of ['after=2', 'after=999999999999999999&types=A', 'after=2&stream=account-1'])
      expect(await api.get(`/v1/events?${query}`)).toMatchObject({
        status: 400,
        body: { code: 'position-malformed' },
      });
  });

  it('shows each event with its place and its data as recorded', async () => {
    await append('account-1', 'CreditLimitSet', { limit: { asset: 'USD', units: 18_750_000n } });
    expect((await api.get('/v1/events')).body).toMatchObject({
      data: [
        {
          position: '1',
          stream: 'account-1',
          version: 1,
          type: 'CreditLimitSet',
          data: { limit: { asset: 'USD', amount: '18.75' } },
          occurredAt: '1970-01-01T00:00:00.500Z',
          recordedAt: '1970-01-01T00:00:01.000Z',
          correlationId: 'c',
          causationId: 'd',
        },
      ],
    });
  });

  it('is paged by position, and the last page says so', async () => {
    for (const type of ['A', 'B', 'C', 'D']) await append('s-1', type);
    const first = types(await api.get('/v1/events?limit=2'));
    expect(first).toEqual({ data: ['1 A', '2 B'], nextCursor: '2' });
    const last = types(await api.get('/v1/events?limit=2&after=2'));
    expect(last).toEqual({ data: ['3 C', '4 D'], nextCursor: null });
    expect(types(await api.get('/v1/events?cursor=3'))).toEqual({
      data: ['4 D'],
      nextCursor: null,
    });
  });

  it('is filtered by types, and says how far it has looked', async () => {
    for (const type of ['A', 'B', 'A', 'C', 'A', 'B']) await append('s-1', type);
    const first = await api.get('/v1/events?types=A,C&limit=3');
    expect(types(first)).toEqual({ data: ['1 A', '3 A', '4 C'], nextCursor: '4' });
    expect(first.position).toBe('4');
    const last = await api.get('/v1/events?types=A,C&limit=3&after=4');
    expect(types(last)).toEqual({ data: ['5 A'], nextCursor: null });
    expect(last.position).toBe('6');
  });

  it('does not look through more than ten thousand events for one page', async () => {
    for (let count = 0; count < 10_001; count += 1) await append('s-1', 'A');
    await append('s-1', 'B');
    const first = types(await api.get('/v1/events?types=B'));
    expect(first).toEqual({ data: [], nextCursor: '10000' });
    const second = types(await api.get('/v1/events?types=B&after=10000'));
    expect(second).toEqual({ data: ['10002 B'], nextCursor: null });
  });

  it('is one stream, after any position of the log', async () => {
    for (const [index, type] of ['A', 'B', 'C', 'D', 'E', 'F'].entries())
      await append(`s-${index % 2}`, type);
    expect(types(await api.get('/v1/events?stream=s-1'))).toEqual({
      data: ['2 B', '4 D', '6 F'],
      nextCursor: null,
    });
    for (const [after, expected] of [
      ['0', ['2 B', '4 D']],
      ['1', ['2 B', '4 D']],
      ['2', ['4 D', '6 F']],
      ['3', ['4 D', '6 F']],
      ['5', ['6 F']],
      ['6', []],
    ] as const)
      expect(types(await api.get(`/v1/events?stream=s-1&limit=2&after=${after}`)).data).toEqual(
        expected,
      );
    expect(types(await api.get('/v1/events?stream=s-1&types=F')).data).toEqual(['6 F']);
    expect(types(await api.get('/v1/events?stream=absent')).data).toEqual([]);
  });

  it.each(['after=x', 'after=-1', 'limit=501', 'types=', 'types=a%20b', 'stream=', 'x=1'])(
    'refuses ?%s',
    async (query) => {
      expect(await api.get(`/v1/events?${query}`)).toMatchObject({ status: 400 });
    },
  );
});
