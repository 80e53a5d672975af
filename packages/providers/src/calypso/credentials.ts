import type { Rejection, Result } from '@counterfoil/domain';
import type {
  InboundWebhook,
  Signer,
  VerificationCode,
  VerifiedWebhook,
} from '../provider-adapter.ts';
import { credentialMissing, hmac, matchAmong, verifiedBy } from '../wire/credential.ts';

/** One webhook subscription's key pair: `key` is public and chooses the secret. */
export type CalypsoCredential = Readonly<{ key: string; secret: string }>;

const signatureOf = (secret: string, body: Uint8Array) => hmac('sha512', 'hex', secret, body);

/**
 * `Sign` is the hex HMAC-SHA512 of the raw body under the secret that `Key` names. During a
 * rotation several pairs are given, and one key may stand for an old and a new secret.
 */
export function verifyCalypso(
  webhook: InboundWebhook,
  credentials: readonly CalypsoCredential[],
): Result<VerifiedWebhook, Rejection<VerificationCode>> {
  const key = webhook.headers.get('key');
  if (key === undefined) return credentialMissing('Key');
  const signature = webhook.headers.get('sign');
  if (signature === undefined) return credentialMissing('Sign');
  // The secret of another key matches nothing.
  const expected = credentials.map((credential) =>
    matchAmong(key, [credential.key]) === null ? '' : signatureOf(credential.secret, webhook.body),
  );
  return verifiedBy(matchAmong(signature.trim().toLowerCase(), expected), webhook);
}

/** Signs as the first subscription would. */
export const calypsoSigner =
  (credential: CalypsoCredential): Signer =>
  (body) => ({ Key: credential.key, Sign: signatureOf(credential.secret, body) });
