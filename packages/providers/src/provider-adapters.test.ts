import { expect, it } from 'vitest';
import { providerAdapters } from './provider-adapters.ts';

const off = { cryptomate: null, cryptofuse: null, fourpay: null, calypso: null, standard: null };

it('has an adapter for every provider that is configured, and for no other', () => {
  expect(providerAdapters({ amountMax: 1n, ...off }).size).toBe(0);
  const adapters = providerAdapters({
    amountMax: 1_000_000_000n,
    cryptomate: {
      keys: ['test-cryptomate-key-0001'],
      tokens: new Map(),
      settings: {
        clearingAmountMeans: 'piece',
        billAmountIncludesFees: false,
        defiCards: 'decline',
      },
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
