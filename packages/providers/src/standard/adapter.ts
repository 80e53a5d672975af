import type { ProviderAdapter } from '../provider-adapter.ts';
import type { StandardOptions } from './settings.ts';
import { standardSigner, standardVerifier } from './signature.ts';
import { identifyStandard, standardTranslator } from './translate.ts';

/** Any system that signs by Standard Webhooks and tells what happened in our own vocabulary. */
export function standardAdapter({ secrets, amountMax }: StandardOptions): ProviderAdapter {
  return {
    provider: 'standard',
    webhooks: {
      verify: standardVerifier(secrets),
      identify: identifyStandard,
      translate: standardTranslator(amountMax),
      acknowledgement: { status: 200, contentType: 'application/json', body: '{}' },
    },
    sign: standardSigner(secrets),
  };
}
