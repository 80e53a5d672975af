import { invariant } from '@counterfoil/domain';
import type { Identification, ProviderAdapter, VerifiedWebhook } from '../provider-adapter.ts';
import { canonicalSha256, parseExactJson, sha256 } from '../wire/exact-json.ts';
import { type CalypsoCredential, calypsoSigner, verifyCalypso } from './credentials.ts';
import { eventKeyOf } from './envelope.ts';
import { calypsoDialect, type CalypsoOptions, translateCalypso } from './translate.ts';

export type CalypsoAdapterOptions = CalypsoOptions &
  Readonly<{ credentials: readonly CalypsoCredential[] }>;

/** Calypso Pay: invoices, customer deposits, payouts and fiat orders. It waits for no decision. */
export function calypsoAdapter(options: CalypsoAdapterOptions): ProviderAdapter {
  const { credentials } = options;
  const [first] = credentials;
  invariant(first !== undefined, 'the Calypso adapter needs a credential');
  return {
    provider: 'calypso',
    webhooks: {
      verify: (webhook) => verifyCalypso(webhook, credentials),
      identify,
      translate: (webhook) => translateCalypso(webhook, options),
      acknowledgement: { status: 200, contentType: 'application/json', body: '{}' },
    },
    sign: calypsoSigner(first),
  };
}

function identify(webhook: VerifiedWebhook): Identification {
  const body = parseExactJson(webhook.body);
  return {
    dialect: calypsoDialect,
    eventKey: body.ok ? eventKeyOf(body.value) : null,
    bodySha256: body.ok ? canonicalSha256(body.value) : sha256(webhook.body),
    asksForDecision: false,
  };
}
