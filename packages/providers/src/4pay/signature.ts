import { invariant, type Rejection, type Result } from '@counterfoil/domain';
import type { InboundWebhook, VerificationCode, VerifiedWebhook } from '../provider-adapter.ts';
import { credentialMissing, type Hash, hmac, matchAmong, verifiedBy } from '../wire/credential.ts';
import type { FourpaySettings } from './settings.ts';

// Two pages describe two headers. The one whose construction is documented decides alone.
const documentedHeader = 'X-Webhook-Signature';
const assumedHeader = 'api-notification-sign';

/**
 * `X-Webhook-Signature` is the hex HMAC-SHA256 of the raw body. `api-notification-sign` counts only
 * where the other is absent and the setting allows it, and then as hex HMAC-SHA512: a plain hash of
 * secret and body joined would let a body be extended, and is never accepted.
 */
export function verifySignature(
  webhook: InboundWebhook,
  secrets: readonly string[],
  settings: FourpaySettings,
): Result<VerifiedWebhook, Rejection<VerificationCode>> {
  const documented = webhook.headers.get(documentedHeader.toLowerCase());
  if (documented !== undefined) return compared(documented, 'sha256', webhook, secrets);
  const assumed = webhook.headers.get(assumedHeader);
  if (assumed !== undefined && settings.signature === 'a-or-b')
    return compared(assumed, 'sha512', webhook, secrets);
  return credentialMissing(documentedHeader);
}

function compared(
  given: string,
  hash: Hash,
  webhook: InboundWebhook,
  secrets: readonly string[],
): Result<VerifiedWebhook, Rejection<VerificationCode>> {
  const expected = secrets.map((secret) => hmac(hash, 'hex', secret, webhook.body));
  return verifiedBy(matchAmong(given.toLowerCase(), expected), webhook);
}

export function signedHeaders(body: Uint8Array, secrets: readonly string[]) {
  const [secret] = secrets;
  invariant(secret !== undefined, 'an adapter without a secret cannot sign');
  return { [documentedHeader]: hmac('sha256', 'hex', secret, body) };
}
