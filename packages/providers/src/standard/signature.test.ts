import { instant, type Instant } from '@counterfoil/domain';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { sampleAmountMax, sampleReceivedAt } from '../testing/index.ts';
import { standardAdapter } from './adapter.ts';
import { standardKey } from './secret.ts';

const secretOf = (fill: number, bytes = 32) =>
  `whsec_${Buffer.alloc(bytes, fill).toString('base64')}`;
const [first, second, foreign] = [secretOf(1), secretOf(2), secretOf(3)];
const body = new TextEncoder().encode('{"events":[]}');
const minute = 60_000;

type Sent = Readonly<{
  secret?: string;
  secrets?: readonly string[];
  headers?: Readonly<Record<string, string>>;
  receivedAt?: Instant;
}>;

/** A delivery signed by the reference implementation, and what our adapter says of it. */
function verdict({ secret = first, secrets = [first], headers, receivedAt }: Sent): string {
  const at = new Date(sampleReceivedAt);
  const signature = new Webhook(secret).sign('msg_1', at, new TextDecoder().decode(body));
  const verified = standardAdapter({ secrets, amountMax: sampleAmountMax }).webhooks.verify({
    headers: new Map(
      Object.entries({
        'webhook-id': 'msg_1',
        'webhook-timestamp': String(Math.floor(sampleReceivedAt / 1000)),
        'webhook-signature': signature,
        ...headers,
      }),
    ),
    body,
    receivedAt: receivedAt ?? sampleReceivedAt,
    deliveryId: 'delivery-1',
  });
  return verified.ok ? 'verified' : verified.error.code;
}

const after = (milliseconds: number) => instant(sampleReceivedAt + milliseconds);
const signedBy = (secret: string) =>
  new Webhook(secret).sign('msg_1', new Date(sampleReceivedAt), new TextDecoder().decode(body));

describe('the signature of Standard Webhooks', () => {
  it('accepts what the reference implementation signs', () => {
    expect(verdict({})).toBe('verified');
    expect(verdict({ secret: foreign })).toBe('credential-wrong');
  });

  it('signs so that the reference implementation accepts it', () => {
    const adapter = standardAdapter({ secrets: [first], amountMax: sampleAmountMax });
    const headers = adapter.sign(body, instant(Date.now()));
    const text = new TextDecoder().decode(body);
    expect(new Webhook(first).verify(text, { ...headers })).toEqual({ events: [] });
    expect(() => new Webhook(second).verify(text, { ...headers })).toThrow();
  });

  it('accepts either of two secrets during a rotation', () => {
    for (const secret of [first, second])
      expect(verdict({ secret, secrets: [first, second] })).toBe('verified');
    expect(verdict({ secret: foreign, secrets: [first, second] })).toBe('credential-wrong');
  });

  it('accepts any of several signatures, and passes other versions over', () => {
    const list = (...signatures: string[]) => ({
      headers: { 'webhook-signature': signatures.join(' ') },
    });
    expect(verdict(list('v1a,YWJj', signedBy(foreign), signedBy(first)))).toBe('verified');
    expect(verdict(list(signedBy(foreign), 'v1,YWJj'))).toBe('credential-wrong');
    expect(verdict(list(signedBy(first).replace('v1,', 'v2,')))).toBe('credential-wrong');
    const many = Array.from({ length: 16 }, () => signedBy(foreign));
    expect(verdict(list(...many, signedBy(first)))).toBe('credential-wrong');
  });

  it('accepts five minutes in both directions and no second more', () => {
    expect(verdict({ receivedAt: after(5 * minute) })).toBe('verified');
    expect(verdict({ receivedAt: after(-5 * minute) })).toBe('verified');
    expect(verdict({ receivedAt: after(5 * minute + 1000) })).toBe('credential-wrong');
    expect(verdict({ receivedAt: after(-5 * minute - 1000) })).toBe('credential-wrong');
  });

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])(
    'refuses a delivery without %s, and with another one',
    (name) => {
      expect(verdict({ headers: { [name]: '' } })).toBe('credential-missing');
      expect(verdict({ headers: { [name]: '1748779201' } })).toBe('credential-wrong');
    },
  );

  it('refuses a time that is none, and a name longer than an id may be', () => {
    for (const time of ['soon', '-1', '1e9', '1748779200.5', '9'.repeat(20)])
      expect(verdict({ headers: { 'webhook-timestamp': time } }), time).toBe('credential-wrong');
    expect(verdict({ headers: { 'webhook-id': 'm'.repeat(201) } })).toBe('credential-wrong');
  });

  it('signs a delivery again as it was sent, so that a refused one can be looked at again', () => {
    const adapter = standardAdapter({ secrets: [first], amountMax: sampleAmountMax });
    const sent = new Map([
      ['webhook-id', 'msg_1'],
      ['webhook-timestamp', String(Math.floor(sampleReceivedAt / 1000))],
    ]);
    expect(adapter.sign(body, after(minute), sent)['webhook-signature']).toBe(signedBy(first));
  });
});

describe('a secret of Standard Webhooks', () => {
  it('is the base64 of 24 to 64 bytes after its prefix', () => {
    expect(standardKey(secretOf(7, 24))).toHaveLength(24);
    expect(standardKey(secretOf(7, 64))).toHaveLength(64);
    for (const wrong of [
      '',
      'whsec_',
      secretOf(7, 23),
      secretOf(7, 65),
      secretOf(7).slice('whsec_'.length),
      secretOf(7).replace('B', '*'),
      `${secretOf(7)} `,
    ])
      expect(standardKey(wrong), wrong).toBeNull();
  });
});
