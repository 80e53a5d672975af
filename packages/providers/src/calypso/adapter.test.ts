import { describe, expect, it } from 'vitest';
import { calypsoAdapter } from './adapter.ts';
import { calypsoBody, calypsoTranslation } from '../testing/calypso-delivery.ts';
import { sampleReceivedAt, signedWebhook, verifiedWebhook } from '../testing/index.ts';
import { readSample, sampleConfiguration } from '../testing/samples.ts';

const settings = { translationAmountIs: 'gross', payoutReserveAt: 'order' } as const;
const adapterOf = (...credentials: readonly { key: string; secret: string }[]) =>
  calypsoAdapter({ credentials, settings, amountMax: 1_000_000_000n });

const old = { key: 'test-public-key', secret: 'test-webhook-secret' };
const next = { key: 'test-public-key', secret: 'test-webhook-secret-2' };
const other = { key: 'other-public-key', secret: 'other-webhook-secret' };

const verifiedWith = (
  key: string | null,
  sign: string | null,
  body: string,
  adapter = adapterOf(old),
) => {
  const headers = new Map<string, string>();
  if (key !== null) headers.set('key', key);
  if (sign !== null) headers.set('sign', sign);
  const bytes = new TextEncoder().encode(body);
  const delivery = { headers, body: bytes, receivedAt: sampleReceivedAt, deliveryId: 'd' };
  const verified = adapter.webhooks.verify(delivery);
  return verified.ok ? 'verified' : verified.error.code;
};

const documentedSign =
  'b16e9d45f49f2069becbc4f108b237bee588cfc353fe9501df103e692acbc68d' +
  '482a10d34c12bea22fedde7e28e1b8e57a6a0a373b0e9a27c5257bd8b36e13b9';
const callbackBody =
  '{"requestId":"00000000-0000-4000-8000-000000000001","id":1,' +
  '"createdDate":"2025-01-02T03:04:05.123456","level":"INFO","service":"PAYOUT",' +
  '"eventType":"PAYOUT_CONFIRMED","data":{}}';
const callbackSign =
  '01ccd88939905c386e6eb02b54b0c6b13790a24046abe0f4e764636c44fb9e4a' +
  '9304df294913971960e8e9ed3bea45b45f30e1defd75cdcfbb748eb48a6ea46f';

describe('the signature of Calypso', () => {
  it("reproduces the documentation's own vector", () => {
    const documented = { key: 'public', secret: 'b823a6b9ea72408583cef9ec8d67fa52' };
    const body = '{"timestamp":1}';
    const adapter = adapterOf(documented);
    expect(verifiedWith('public', documentedSign, body, adapter)).toBe('verified');
    expect(adapter.sign(new TextEncoder().encode(body), sampleReceivedAt)).toEqual({
      Key: 'public',
      Sign: documentedSign,
    });
  });

  it('reproduces the vector of a callback body', () => {
    expect(verifiedWith(old.key, callbackSign, callbackBody)).toBe('verified');
  });

  it('reproduces the vector of the samples', () => {
    const { body = '', CY = '' } = sampleConfiguration.vectors;
    expect(verifiedWith(old.key, CY, body)).toBe('verified');
  });

  it('is read in either case of its hex digits', () => {
    expect(verifiedWith(old.key, callbackSign.toUpperCase(), callbackBody)).toBe('verified');
  });

  it('is of the raw bytes: the same JSON written otherwise is refused', () => {
    expect(verifiedWith(old.key, callbackSign, callbackBody.replace(',', ', '))).toBe(
      'credential-wrong',
    );
  });

  it('decision 14: the header Key chooses the secret', () => {
    const adapter = adapterOf(old, other);
    const body = '{"probe":1}';
    const { Sign = '' } = adapterOf(other).sign(new TextEncoder().encode(body), sampleReceivedAt);
    expect(verifiedWith(other.key, Sign, body, adapter)).toBe('verified');
    expect(verifiedWith(old.key, Sign, body, adapter)).toBe('credential-wrong');
  });

  it('decision 22: an unknown Key, a wrong Sign and a missing header are wrong credentials', () => {
    expect(verifiedWith('unknown-key', callbackSign, callbackBody)).toBe('credential-wrong');
    expect(verifiedWith(old.key, callbackSign.replace('01', '02'), callbackBody)).toBe(
      'credential-wrong',
    );
    expect(verifiedWith(null, callbackSign, callbackBody)).toBe('credential-missing');
    expect(verifiedWith(old.key, null, callbackBody)).toBe('credential-missing');
  });

  it('decision 23: during a rotation the old and the new secret of a key are both valid', () => {
    const rotating = adapterOf(next, old);
    for (const credential of [old, next]) {
      const { Sign = '' } = adapterOf(credential).sign(
        new TextEncoder().encode(callbackBody),
        sampleReceivedAt,
      );
      expect(verifiedWith(old.key, Sign, callbackBody, rotating)).toBe('verified');
    }
    expect(verifiedWith(old.key, callbackSign, callbackBody, adapterOf(next))).toBe(
      'credential-wrong',
    );
  });

  it('needs a credential to exist at all', () => {
    expect(() => adapterOf()).toThrow('credential');
  });
});

describe('what the archive knows a Calypso delivery by', () => {
  const adapter = adapterOf(old);
  const identify = (body: string) => adapter.webhooks.identify(verifiedWebhook(adapter, body));

  it('decision 1: the event key is requestId, id and eventType', () => {
    expect(identify(callbackBody).eventKey).toBe(
      '00000000-0000-4000-8000-000000000001|1|PAYOUT_CONFIRMED',
    );
  });

  it('decision 1: another body under the same key has another hash', () => {
    const changed = callbackBody.replace('"data":{}', '"data":{"currency":"BTC"}');
    expect(identify(changed).eventKey).toBe(identify(callbackBody).eventKey);
    expect(identify(changed).bodySha256).not.toBe(identify(callbackBody).bodySha256);
  });

  it('decision 1: effect keys do not contain the envelope, so a second subscription posts nothing twice', () => {
    const path = 'calypso/stories/invoice-paid/06-invoice-translation-to-account-completed.json';
    const body = new TextDecoder().decode(readSample(path));
    const again = body.replace('420006', '999999').replace('7d1f0c52', '00000000');
    const keysOf = (text: string) => {
      const events = calypsoTranslation(text);
      return 'code' in events ? [events.code] : events.map((event) => event.effectKey);
    };
    expect(again).not.toBe(body);
    expect(keysOf(again)).toEqual(keysOf(body));
  });

  it('has no event key where the body does not name its fact, and still a place', () => {
    expect(identify('{"requestId":"r","id":1}')).toMatchObject({
      dialect: 'payload',
      eventKey: null,
      asksForDecision: false,
    });
  });

  it('keeps the key of an event that it does not know', () => {
    expect(identify(calypsoBody('RECURRENT_X', '{}')).eventKey).toMatch(/\|410001\|RECURRENT_X$/);
  });
});

describe('the answer to Calypso', () => {
  it('decision 15: is exactly 200 with an empty object', () => {
    const adapter = adapterOf(old);
    expect(adapter.webhooks.acknowledgement).toMatchObject({ status: 200, body: '{}' });
    expect(adapter.authorizations).toBeUndefined();
    expect(adapter.webhooks.verify(signedWebhook(adapter, callbackBody)).ok).toBe(true);
  });
});
