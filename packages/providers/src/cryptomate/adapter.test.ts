import { type DeclineReason, instant } from '@counterfoil/domain';
import { describe, expect, it } from 'vitest';
import {
  readSample,
  sampleAdapters,
  sampleConfiguration,
  sampleReceivedAt,
  signedWebhook,
  verifiedWebhook,
} from '../testing/index.ts';
import { sha256 } from '../wire/exact-json.ts';
import { cryptomateAdapter } from './adapter.ts';

const adapter = sampleAdapters().cryptomate;

describe('the CryptoMate credential', () => {
  const rotating = cryptomateAdapter({
    keys: ['new-key-0001', 'old-key-0001'],
    tokens: new Map(),
    settings: {
      clearingAmountMeans: 'piece',
      billAmountIncludesFees: false,
      defiCards: 'decline',
    },
    amountMax: 1n,
  });
  const verifyWith = (key: string, one = rotating) =>
    one.webhooks.verify({
      headers: new Map([['x-webhook-key', key]]),
      body: new TextEncoder().encode('{}'),
      receivedAt: sampleReceivedAt,
      deliveryId: 'delivery-1',
    });

  it('is sent verbatim, as the vector of the samples states', () => {
    const headers = signedWebhook(adapter, sampleConfiguration.vectors['body'] ?? '').headers;
    expect(headers.get('x-webhook-key')).toBe(sampleConfiguration.vectors['CM']);
    expect(headers.get('x-request-timestamp')).toBe(String(sampleReceivedAt));
  });

  it('accepts both keys during a rotation, and signs with the new one (row 11)', () => {
    expect(verifyWith('new-key-0001').ok).toBe(true);
    expect(verifyWith('old-key-0001').ok).toBe(true);
    expect(verifyWith('older-key-0001')).toMatchObject({ error: { code: 'credential-wrong' } });
    expect(rotating.sign(new Uint8Array(), instant(5))).toEqual({
      'X-Webhook-Key': 'new-key-0001',
      'X-Request-Timestamp': '5',
    });
  });

  it('is refused when missing or wrong, before the body is looked at (row 9)', () => {
    const unreadable = signedWebhook(adapter, 'not JSON');
    expect(adapter.webhooks.verify({ ...unreadable, headers: new Map() })).toMatchObject({
      error: { code: 'credential-missing' },
    });
    expect(verifyWith('test-cryptomate-key-0002', adapter)).toMatchObject({
      error: { code: 'credential-wrong' },
    });
    expect(adapter.webhooks.verify(unreadable).ok).toBe(true);
  });

  it('is never empty, even where an empty key is configured', () => {
    const open = cryptomateAdapter({
      keys: [''],
      tokens: new Map(),
      settings: {
        clearingAmountMeans: 'piece',
        billAmountIncludesFees: false,
        defiCards: 'decline',
      },
      amountMax: 1n,
    });
    expect(verifyWith('', open)).toMatchObject({ error: { code: 'credential-missing' } });
    expect(verifyWith(' ', open).ok).toBe(false);
  });
});

describe('every stored delivery', () => {
  it('is acknowledged with OK, which approves nothing (rows 32 and 33)', () => {
    expect(adapter.webhooks.acknowledgement.body).toBe('{"response_code":"OK"}');
  });

  it('has a hash and a place in the archive, also when it is not UTF-8 (row 29)', () => {
    const body = Uint8Array.of(0x7b, 0xff, 0x7d);
    const webhook = verifiedWebhook(adapter, body);
    expect(adapter.webhooks.identify(webhook)).toEqual({
      dialect: 'unknown',
      eventKey: null,
      bodySha256: sha256(body),
      asksForDecision: false,
    });
    expect(adapter.webhooks.translate(webhook)).toMatchObject({
      error: { code: 'payload-malformed' },
    });
  });
});

const declined = (reason: DeclineReason) =>
  adapter.authorizations?.respond({ kind: 'declined', reason });

describe('what waits for a decision', () => {
  const asks = (body: Uint8Array | string) =>
    adapter.webhooks.identify(verifiedWebhook(adapter, body)).asksForDecision;
  const event = (eventType: string, status: string | null, product = 'cards') =>
    JSON.stringify({ product, event_type: eventType, operation_id: 'op-1', status, data: {} });

  it('is an authorization in any status, so that none is acknowledged as a notice (row 14)', () => {
    for (const status of ['pending', 'success', 'failed', 'whatever', null])
      expect(asks(event('authorization', status))).toBe(true);
    expect(asks(event('AUTHORIZATION', 'SUCCESS', 'CARDS'))).toBe(true);
    expect(asks('{"operation":"CARDS","sub_operation":"AUTHORIZATION","status":"SUCCESS"}')).toBe(
      true,
    );
  });

  it('is an unknown event that looks like an authorization, but no 3-D Secure one (row 12)', () => {
    expect(asks(event('pre_authorization', 'pending'))).toBe(true);
    expect(asks(event('incremental_authorization', 'PENDING'))).toBe(true);
    expect(asks(event('pre_authorization', 'success'))).toBe(false);
    expect(asks(event('notification_3ds_authorization', 'pending'))).toBe(false);
    expect(asks(event('notification_3ds_authorization_v2', 'pending'))).toBe(false);
    expect(asks(event('authorized', 'success'))).toBe(false);
  });

  it('is a body that cannot be parsed but speaks of an authorization and not of 3ds (row 22)', () => {
    const body = readSample('cryptomate/constructed/c/cards-authorization-pending.json');
    expect(asks(body.slice(0, -1))).toBe(true);
    expect(asks('{"event_type":"AUTHORIZATION"')).toBe(true);
    expect(asks('{"event_type":"notification_3DS_authorization"')).toBe(false);
    expect(asks('{"event_type":"deposit"')).toBe(false);
    expect(asks('')).toBe(false);
  });

  it('is a readable body without any event type that speaks of an authorization (row 22)', () => {
    expect(asks('{"product":"cards","type":"authorization"}')).toBe(true);
    expect(asks('{"type":"deposit"}')).toBe(false);
  });

  it('is answered by 51 for lack of funds and by 05 for everything else (row 22)', () => {
    const body = (reason: DeclineReason) => declined(reason)?.body;
    expect(adapter.authorizations?.respond({ kind: 'approved' }).body).toBe(
      '{"response_code":"00"}',
    );
    expect(body('insufficient-funds')).toBe('{"response_code":"51"}');
    for (const reason of ['refused-by-rule', 'variant-of-request', 'card-unknown'] as const)
      expect(body(reason)).toBe('{"response_code":"05"}');
  });

  it('is always answered with the status 200: another one would only mean a decline (row 40)', () => {
    expect(adapter.authorizations?.respond({ kind: 'approved' }).status).toBe(200);
    for (const reason of ['malformed', 'deadline-passed', 'card-unknown'] as const)
      expect(adapter.authorizations?.respond({ kind: 'declined', reason }).status).toBe(200);
  });

  it('is answered after 1,200 ms by CryptoMate itself', () => {
    expect(adapter.authorizations?.deadlineMs).toBe(1200);
  });

  it('is not what another event is', () => {
    const body = readSample('cryptomate/constructed/c/cards-cleared-success.json');
    expect(adapter.authorizations?.parse(verifiedWebhook(adapter, body))).toMatchObject({
      ok: false,
      error: { code: 'type-unknown' },
    });
  });
});
