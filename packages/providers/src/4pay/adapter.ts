import type { ProviderAdapter } from '../provider-adapter.ts';
import { counterpartOf } from './counterpart.ts';
import { identify } from './identify.ts';
import type { FourpayOptions } from './settings.ts';
import { signedHeaders, verifySignature } from './signature.ts';
import { translateFourpay } from './translate.ts';

/** 4pay: cards on merchant accounts, and crypto top-ups of these accounts. */
export function fourpayAdapter(options: FourpayOptions): ProviderAdapter {
  const { secrets, settings } = options;
  return {
    provider: '4pay',
    webhooks: {
      verify: (webhook) => verifySignature(webhook, secrets, settings),
      identify,
      translate: (webhook) => translateFourpay(webhook, options),
      acknowledgement: { status: 200, contentType: 'application/json', body: '{}' },
    },
    counterpart: (webhook, translated) => counterpartOf(webhook, translated, options),
    sign: (body) => signedHeaders(body, secrets),
  };
}
