import type { ProviderName } from '@counterfoil/domain';
import { expect, it } from 'vitest';
import { type ProvidersConfig, providerAdapters } from './provider-adapters.ts';
import { signedWebhook } from './testing/index.ts';

const cryptomateSettings: NonNullable<ProvidersConfig['cryptomate']>['settings'] = {
  clearingAmountMeans: 'piece',
  billAmountIncludesFees: false,
  defiCards: 'decline',
};
const off = { cryptomate: null, cryptofuse: null, fourpay: null, calypso: null, standard: null };

it('has an adapter for every provider that is configured, and for no other', () => {
  expect(providerAdapters({ amountMax: 1n, ...off }).size).toBe(0);
  const adapters = providerAdapters({
    amountMax: 1_000_000_000n,
    cryptomate: {
      keys: ['test-cryptomate-key-0001'],
      tokens: new Map(),
      settings: cryptomateSettings,
    },
    cryptofuse: null,
    fourpay: {
      secrets: ['test-4pay-secret'],
      settings: { signature: 'a', transactionFee: 'on-top' },
    },
    calypso: {
      credentials: [{ key: 'test-public-key', secret: 'test-webhook-secret' }],
      settings: { translationAmountIs: 'gross', payoutReserveAt: 'order' },
    },
    standard: { secrets: ['whsec_dGVzdC1zdGFuZGFyZC13ZWJob29rcy1zZWNyZXQtMDAwMQ=='] },
  });
  expect([...adapters.keys()]).toEqual(['cryptomate', '4pay', 'calypso', 'standard']);
  for (const [name, adapter] of adapters) expect(adapter.provider).toBe(name);
});

/** All providers under these credentials. */
const withCredentials = (...names: readonly string[]) =>
  providerAdapters({
    amountMax: 1n,
    cryptomate: { keys: names, tokens: new Map(), settings: cryptomateSettings },
    cryptofuse: {
      secrets: names,
      settings: { signature: 'sha256-hex', secretPrefix: 'keep', withdrawalFee: 'on-top' },
    },
    fourpay: { secrets: names, settings: { signature: 'a', transactionFee: 'on-top' } },
    calypso: {
      credentials: names.map((name) => ({ key: `key of ${name}`, secret: name })),
      settings: { translationAmountIs: 'gross', payoutReserveAt: 'order' },
    },
    standard: {
      secrets: names.map((name) => `whsec_${Buffer.from(name.repeat(8)).toString('base64')}`),
    },
  });

it.each<ProviderName>(['cryptomate', 'cryptofuse', '4pay', 'calypso', 'standard'])(
  'says by which of two credentials a webhook of %s is authentic (cryptomate row 11)',
  (provider) => {
    const rotating = withCredentials('newer', 'older').get(provider);
    const credentialOf = (name: string) => {
      const sender = withCredentials(name).get(provider);
      const verified = sender && rotating?.webhooks.verify(signedWebhook(sender, '{}'));
      return verified?.ok ? verified.value.credential : null;
    };
    expect(['newer', 'older', 'other'].map(credentialOf)).toEqual([1, 2, null]);
  },
);
