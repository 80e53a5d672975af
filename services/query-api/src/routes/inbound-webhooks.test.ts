import {
  checkpoint,
  commandId,
  correlationId,
  err,
  eventId,
  instant,
  ok,
  streamVersion,
} from '@counterfoil/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ArchivedWebhook, InboundWebhooks, InboundWebhookSelection } from '../ports.ts';
import { type ApiUnderTest, apiUnderTest } from '../testing/api-under-test.ts';

let api: ApiUnderTest;
let asked: Parameters<InboundWebhooks['list']>[0][];
let retried: InboundWebhookSelection[];

const webhook: ArchivedWebhook = {
  id: 'd-1',
  provider: 'cryptofuse',
  dialect: 'v2',
  receivedAt: instant(0),
  status: 'quarantined',
  reason: { code: 'type-unknown', path: 'type', message: 'Unknown.' },
  bodySha256: 'ab12',
  counterpartOf: ['d-9'],
  body: Buffer.from('\ufeff{"a": 1 }\n'),
  canonicalEvents: [{ eventId: eventId('e-1'), type: 'DepositConfirmed' }],
};
const summary = {
  id: 'd-1',
  provider: 'cryptofuse',
  dialect: 'v2',
  receivedAt: '1970-01-01T00:00:00.000Z',
  status: 'quarantined',
  reason: { code: 'type-unknown', path: 'type', message: 'Unknown.' },
  bodySha256: 'ab12',
  counterpartOf: ['d-9'],
};

beforeEach(async () => {
  asked = [];
  retried = [];
  api = await apiUnderTest({
    inboundWebhooks: {
      list: async (query) => {
        asked.push(query);
        return query.cursor === 'not-ours'
          ? err({ code: 'cursor-malformed', message: 'Not ours.' })
          : ok({ data: [webhook], nextCursor: 'next' });
      },
      find: async (id) => {
        if (id === 'd-3') return { ...webhook, id, status: 'processed', body: null };
        if (id === 'd-2') return { ...webhook, id, body: new Uint8Array([0xff, 0x00]) };
        return id === 'd-1' ? webhook : null;
      },
      retry: async (id) => {
        if (id === 'd-1') return ok({ ...webhook, status: 'processed', reason: null });
        return id === 'd-2'
          ? err({ code: 'inbound-webhook-not-quarantined', message: 'It was processed.' })
          : err({ code: 'inbound-webhook-not-found', message: 'Not there.' });
      },
      retryPage: async (selection) => {
        retried.push(selection);
        return selection.cursor === 'not-ours'
          ? err({ code: 'cursor-malformed', message: 'Not ours.' })
          : ok({ published: 2, refused: 1, nextCursor: null });
      },
    },
    recordedEvents: {
      byCorrelation: async (id) => [
        {
          event: { type: 'DepositCredited', data: {} },
          eventId: eventId('r-1'),
          stream: 'account-1',
          version: streamVersion(1n),
          position: checkpoint('9'),
          occurredAt: instant(0),
          recordedAt: instant(0),
          correlationId: correlationId(id),
          causationId: commandId('c'),
        },
      ],
    },
  });
});
afterEach(() => api.close());

describe('the archive of inbound webhooks', () => {
  it('is listed by status and provider', async () => {
    const path = '/v1/inbound-webhooks?status=quarantined&provider=cryptofuse&limit=7&cursor=c';
    expect((await api.get(path)).body).toEqual({ data: [summary], nextCursor: 'next' });
    await api.get('/v1/inbound-webhooks');
    const open = { status: null, provider: null, code: null, from: null, to: null };
    expect(asked).toEqual([
      { ...open, status: 'quarantined', provider: 'cryptofuse', limit: 7, cursor: 'c' },
      { ...open, limit: 50, cursor: null },
    ]);
  });

  const filters = 'code=type-unknown&from=2026-01-01T00:00:00Z&to=2026-01-02T02:00:00%2B02:00';
  const meant = {
    provider: null,
    code: 'type-unknown',
    from: Date.UTC(2026, 0, 1),
    to: Date.UTC(2026, 0, 2),
    cursor: null,
  };

  it('is listed by reason and time', async () => {
    await api.get(`/v1/inbound-webhooks?${filters}`);
    expect(asked).toEqual([{ ...meant, status: null, limit: 50 }]);
  });

  it('tries a selection again, chosen as in the list', async () => {
    const answer = await api.send('POST', `/v1/inbound-webhooks/retry?${filters}`);
    expect(answer).toMatchObject({
      status: 200,
      body: { published: 2, refused: 1, nextCursor: null },
    });
    expect(retried).toEqual([{ ...meant, limit: 100 }]);
  });

  it('shows one with its exact body, what it was translated to and what was recorded', async () => {
    expect((await api.get('/v1/inbound-webhooks/d-1')).body).toEqual({
      ...summary,
      body: '\ufeff{"a": 1 }\n',
      bodyEncoding: 'utf8',
      canonicalEvents: [{ eventId: 'e-1', type: 'DepositConfirmed' }],
      recordedEvents: [
        { eventId: 'r-1', type: 'DepositCredited', stream: 'account-1', position: '9' },
      ],
    });
  });

  it('shows a body that is not UTF-8 in base64', async () => {
    const { body } = await api.get('/v1/inbound-webhooks/d-2');
    expect(body).toMatchObject({ body: '/wA=', bodyEncoding: 'base64' });
  });

  it('shows one whose bytes were removed, with what became of it', async () => {
    const { status, body } = await api.get('/v1/inbound-webhooks/d-3');
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: 'd-3', body: null, bodyEncoding: null, bodySha256: 'ab12' });
    expect(body).toMatchObject({ canonicalEvents: [{ eventId: 'e-1' }] });
  });

  it('tries a quarantined one again', async () => {
    const answer = await api.send('POST', '/v1/inbound-webhooks/d-1/retry');
    expect(answer).toMatchObject({ status: 200, body: { status: 'processed', reason: null } });
  });

  it.each([
    ['GET', '/v1/inbound-webhooks/none', 404, 'inbound-webhook-not-found'],
    ['POST', '/v1/inbound-webhooks/none/retry', 404, 'inbound-webhook-not-found'],
    ['POST', '/v1/inbound-webhooks/d-2/retry', 409, 'inbound-webhook-not-quarantined'],
    ['GET', '/v1/inbound-webhooks?cursor=not-ours', 400, 'cursor-malformed'],
    ['POST', '/v1/inbound-webhooks/retry?cursor=not-ours', 400, 'cursor-malformed'],
    ['POST', '/v1/inbound-webhooks/retry?status=processed', 400, 'request-malformed'],
    ['POST', '/v1/inbound-webhooks/retry?limit=101', 400, 'request-malformed'],
    ['GET', '/v1/inbound-webhooks?from=yesterday', 400, 'request-malformed'],
    ['GET', '/v1/inbound-webhooks?from=0000-06-01T00:00:00Z', 400, 'request-malformed'],
    ['GET', '/v1/inbound-webhooks?status=lost', 400, 'request-malformed'],
    ['GET', '/v1/inbound-webhooks?provider=bank', 400, 'request-malformed'],
  ])('answers %s %s with %i %s', async (method, path, status, code) => {
    const answer = method === 'GET' ? await api.get(path) : await api.send('POST', path);
    expect(answer).toMatchObject({ status, body: { code } });
  });
});
