import type { ProviderAdapter } from '../provider-adapter.ts';
import { identify } from './identify.ts';
import type { CryptofuseOptions } from './settings.ts';
import { signatureHeader, signatureOf, verifySignature } from './signature.ts';
import { translateCryptofuse } from './translate.ts';

/** CryptoFuse: crypto payments, player wallets, withdrawals. Five documentation generations. */
export function cryptofuseAdapter(options: CryptofuseOptions): ProviderAdapter {
  const { secrets, settings } = options;
  return {
    provider: 'cryptofuse',
    webhooks: {
      verify: (webhook) => verifySignature(webhook, secrets, settings),
      identify,
      translate: (webhook) => translateCryptofuse(webhook, options),
      acknowledgement: { status: 200, contentType: 'application/json', body: '{}' },
    },
    sign: (body) => ({ [signatureHeader]: signatureOf(body, secrets, settings) }),
  };
}
