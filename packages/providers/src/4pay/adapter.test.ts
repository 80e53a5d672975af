import { describe, expect, it } from 'vitest';
import { describeProviderContract } from '../testing/provider-contract.ts';
import {
  readSample,
  sampleAmountMax,
  sampleConfiguration,
  sampleReceivedAt,
  samples,
  sampleVariable,
  unboundedAmountMax,
  verifiedWebhook,
} from '../testing/index.ts';
import { hmac } from '../wire/credential.ts';
import { sha256 } from '../wire/exact-json.ts';
import { fourpayAdapter } from './adapter.ts';
import { type FourpaySettings, signatureSettings } from './settings.ts';

const secret = sampleVariable('FOURPAY_WEBHOOK_SECRET');
const adapterWith = (
  settings: Partial<FourpaySettings> = {},
  amountMax = sampleAmountMax,
  secrets: readonly string[] = [secret],
) =>
  fourpayAdapter({
    secrets,
    settings: { signature: 'a', transactionFee: 'on-top', ...settings },
    amountMax,
  });
const adapter = adapterWith();

describeProviderContract({
  adapter,
  unboundedAdapter: adapterWith({}, unboundedAmountMax),
  signsBodies: true,
  acknowledgement: '{}',
  discriminators: [
    'type',
    'status',
    'data.status',
    'data.transactionDetails.type',
    'data.card.status',
  ],
});

describe('the 4pay signature (decision 3)', () => {
  const body = new TextEncoder().encode('{"probe":1}');
  const schemeA = sampleConfiguration.vectors['4A'] ?? '';
  const schemeB = sampleConfiguration.vectors['4B'] ?? '';
  const outcome = (headers: Readonly<Record<string, string>>, one = adapter) => {
    const verified = one.webhooks.verify({
      headers: new Map(Object.entries(headers)),
      body,
      receivedAt: sampleReceivedAt,
      deliveryId: 'delivery-1',
    });
    return verified.ok ? 'verified' : verified.error.code;
  };
  const a = 'x-webhook-signature';
  const b = 'api-notification-sign';

  it('is the hex HMAC-SHA256 of the body, as the vector of the samples states', () => {
    expect(schemeA).toBe('57d3673d265507bd8434ee2d25697a40e2f208d2ce017474bf52912721e6f031');
    expect(adapter.sign(body, sampleReceivedAt)).toEqual({ 'X-Webhook-Signature': schemeA });
    expect(outcome({ [a]: schemeA })).toBe('verified');
    expect(outcome({ [a]: schemeA.toUpperCase() })).toBe('verified');
    expect(outcome({ [a]: `sha256=${schemeA}` })).toBe('credential-wrong');
  });

  it.each(signatureSettings)('of scheme A decides alone under 4pay.signature %s', (signature) => {
    const one = adapterWith({ signature });
    expect(outcome({ [a]: schemeA, [b]: 'anything' }, one)).toBe('verified');
    expect(outcome({ [a]: schemeB, [b]: schemeB }, one)).toBe('credential-wrong');
    expect(outcome({ [a]: '', [b]: schemeB }, one)).toBe('credential-wrong');
    expect(outcome({}, one)).toBe('credential-missing');
  });

  it('of scheme B counts only where it is switched on, as the vector of the samples states', () => {
    expect(hmac('sha512', 'hex', secret, body)).toBe(schemeB);
    expect(outcome({ [b]: schemeB })).toBe('credential-missing');
    const both = adapterWith({ signature: 'a-or-b' });
    expect(outcome({ [b]: schemeB }, both)).toBe('verified');
    expect(outcome({ [b]: schemeB.toUpperCase() }, both)).toBe('verified');
    expect(outcome({ [b]: schemeA }, both)).toBe('credential-wrong');
  });

  it('of scheme B is never a hash of secret and body joined', () => {
    const both = adapterWith({ signature: 'a-or-b' });
    for (const joined of [`${secret}{"probe":1}`, `{"probe":1}${secret}`])
      expect(outcome({ [b]: sha256(joined) }, both)).toBe('credential-wrong');
  });

  it('is accepted under the old and the new secret during a rotation (decision 17)', () => {
    const rotating = adapterWith({}, sampleAmountMax, ['new-secret', secret]);
    expect(outcome({ [a]: schemeA }, rotating)).toBe('verified');
    expect(outcome({ [a]: hmac('sha256', 'hex', 'new-secret', body) }, rotating)).toBe('verified');
    expect(outcome({ [a]: hmac('sha256', 'hex', 'other', body) }, rotating)).toBe(
      'credential-wrong',
    );
  });
});

describe('the samples of 4pay', () => {
  const all = samples('4pay');

  it('are all there, and told apart as flat and nested', () => {
    expect(all.length).toBe(63);
    for (const { path, dialect, delivery } of all) {
      const webhook = verifiedWebhook(adapter, readSample(path));
      if (delivery) expect(adapter.webhooks.identify(webhook).dialect, path).toBe(dialect);
    }
  });

  it('hold the event log, which is an answer and no delivery', () => {
    const log = verifiedWebhook(adapter, readSample('4pay/constructed/event-log.json'));
    const translated = adapter.webhooks.translate(log);
    expect(translated.ok ? '' : translated.error.code).toBe('payload-malformed');
  });
});
