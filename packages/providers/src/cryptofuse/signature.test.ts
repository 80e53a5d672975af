import { describe, expect, it } from 'vitest';
import { sampleConfiguration, sampleReceivedAt, sampleVariable } from '../testing/index.ts';
import { cryptofuseAdapter } from './adapter.ts';
import {
  type SecretPrefix,
  secretPrefixes,
  type SignatureScheme,
  signatureSchemes,
} from './signature.ts';

const secret = sampleVariable('CRYPTOFUSE_WEBHOOK_SECRET');
const body = new TextEncoder().encode('{"probe":1}');

const adapterWith = (
  signature: SignatureScheme,
  secretPrefix: SecretPrefix,
  secrets: readonly string[] = [secret],
) =>
  cryptofuseAdapter({
    secrets,
    settings: { signature, secretPrefix, withdrawalFee: 'on-top' },
    amountMax: 1n,
  });

const documented = adapterWith('sha256-hex', 'keep');
const signatureBy = (adapter = documented, bytes = body) =>
  adapter.sign(bytes, sampleReceivedAt)['X-Signature'] ?? '';

function outcome(signature: string | null, adapter = documented, bytes = body) {
  const verified = adapter.webhooks.verify({
    headers: new Map(signature === null ? [] : [['x-signature', signature]]),
    body: bytes,
    receivedAt: sampleReceivedAt,
    deliveryId: 'delivery-1',
  });
  return verified.ok ? 'verified' : verified.error;
}

const all = signatureSchemes.flatMap((scheme) =>
  secretPrefixes.map((prefix) => [scheme, prefix] as const),
);

describe('the CryptoFuse signature', () => {
  it('is the hex HMAC-SHA256 under the whole secret, as the vector of the samples states (decision 1)', () => {
    const vector = '82cdad24c9ba8248bc6d7c95d670b5181e85e0d94e2984cec06de66366b9fa7e';
    expect(sampleConfiguration.vectors['CF']).toBe(vector);
    expect(signatureBy()).toBe(vector);
    expect(outcome(vector)).toBe('verified');
  });

  it('is compared without case, and may carry the name of its hash (decision 1)', () => {
    expect(outcome(signatureBy().toUpperCase())).toBe('verified');
    expect(outcome(`sha256=${signatureBy()}`)).toBe('verified');
    expect(outcome(`SHA256=${signatureBy()}`)).toBe('verified');
    expect(outcome(`sha512=${signatureBy()}`)).toMatchObject({ code: 'credential-wrong' });
  });

  it.each(all)(
    'verifies its own with the settings %s and %s (cryptofuse.signature)',
    (...settings) => {
      const adapter = adapterWith(...settings);
      expect(outcome(signatureBy(adapter), adapter)).toBe('verified');
      const mutated = body.map((byte, index) => (index === 3 ? byte ^ 1 : byte));
      expect(outcome(signatureBy(adapter), adapter, mutated)).toMatchObject({
        code: 'credential-wrong',
      });
    },
  );

  it('compares base64 with its case', () => {
    const adapter = adapterWith('sha256-base64', 'keep');
    const swapped = signatureBy(adapter).replace(/[a-zA-Z]/, (letter) =>
      letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
    );
    expect(outcome(swapped, adapter)).toMatchObject({ code: 'credential-wrong' });
  });

  it('is refused when missing, empty, cut or extended', () => {
    expect(outcome(null)).toMatchObject({ code: 'credential-missing' });
    for (const wrong of ['', 'sha256=', signatureBy().slice(1), `${signatureBy()}0`])
      expect(outcome(wrong)).toMatchObject({ code: 'credential-wrong' });
  });

  it.each(all.filter(([scheme, prefix]) => scheme !== 'sha256-hex' || prefix !== 'keep'))(
    'is refused when made with %s and %s, and the refusal names these settings (decision 1)',
    (scheme, prefix) => {
      const refused = outcome(signatureBy(adapterWith(scheme, prefix)));
      expect(refused).toEqual({
        code: 'credential-wrong',
        message:
          'The credential does not match. It would with the settings ' +
          `cryptofuse.signature=${scheme} and cryptofuse.secretPrefix=${prefix}.`,
      });
      expect(JSON.stringify(refused)).not.toContain(secret);
    },
  );

  it('names no settings for a signature of the right form that matches none', () => {
    const refused = outcome('0'.repeat(64));
    expect(refused).toEqual({
      code: 'credential-wrong',
      message: 'The credential does not match.',
    });
  });

  it('strips only the documented prefix from a secret (cryptofuse.secretPrefix)', () => {
    const stripped = adapterWith('sha256-hex', 'strip');
    const bare = adapterWith('sha256-hex', 'keep', [secret.replace('whsk_', '')]);
    expect(signatureBy(stripped)).toBe(signatureBy(bare));
    const chosen = ['chosen-by-the-merchant'];
    expect(signatureBy(adapterWith('sha256-hex', 'strip', chosen))).toBe(
      signatureBy(adapterWith('sha256-hex', 'keep', chosen)),
    );
  });

  it('is accepted under the old and the new secret during a rotation (decision 18)', () => {
    const rotating = adapterWith('sha256-hex', 'keep', ['whsk_new', 'whsk_old']);
    const old = adapterWith('sha256-hex', 'keep', ['whsk_old']);
    expect(outcome(signatureBy(old), rotating)).toBe('verified');
    expect(outcome(signatureBy(rotating), rotating)).toBe('verified');
    expect(outcome(signatureBy(rotating), old)).toMatchObject({ code: 'credential-wrong' });
  });

  it('has one scheme for account webhooks and for callback addresses of single orders (decision 17)', () => {
    const callback = new TextEncoder().encode('{"transfer_id":"t1","status":"pending"}');
    expect(outcome(signatureBy(documented, callback), documented, callback)).toBe('verified');
  });

  it('covers no time, and no other header or address matters (decisions 2 and 25)', () => {
    const verified = documented.webhooks.verify({
      headers: new Map([
        ['x-signature', signatureBy()],
        ['x-forwarded-for', '203.0.113.7'],
        ['x-timestamp', '0'],
      ]),
      body,
      receivedAt: sampleReceivedAt,
      deliveryId: 'delivery-2',
    });
    expect(verified.ok).toBe(true);
  });
});
