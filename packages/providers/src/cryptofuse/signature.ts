import { err, invariant, type Rejection, type Result } from '@counterfoil/domain';
import type { InboundWebhook, VerificationCode, VerifiedWebhook } from '../provider-adapter.ts';
import {
  credentialMissing,
  credentialWrong,
  type Encoding,
  type Hash,
  hmac,
  matchAmong,
  verifiedBy,
} from '../wire/credential.ts';

// The documentation says "HMAC" and no more: hash, encoding and the use of the secret's prefix are
// settings, one combination at a time.

export const signatureSchemes = [
  'sha256-hex',
  'sha512-hex',
  'sha256-base64',
  'sha512-base64',
] as const;
export type SignatureScheme = (typeof signatureSchemes)[number];

export const secretPrefixes = ['keep', 'strip'] as const;
export type SecretPrefix = (typeof secretPrefixes)[number];

export type SignatureSettings = Readonly<{
  signature: SignatureScheme;
  secretPrefix: SecretPrefix;
}>;

export const signatureHeader = 'X-Signature';
const prefix = 'whsk_';

const parts: Readonly<Record<SignatureScheme, Readonly<{ hash: Hash; encoding: Encoding }>>> = {
  'sha256-hex': { hash: 'sha256', encoding: 'hex' },
  'sha512-hex': { hash: 'sha512', encoding: 'hex' },
  'sha256-base64': { hash: 'sha256', encoding: 'base64' },
  'sha512-base64': { hash: 'sha512', encoding: 'base64' },
};

export function verifySignature(
  webhook: InboundWebhook,
  secrets: readonly string[],
  settings: SignatureSettings,
): Result<VerifiedWebhook, Rejection<VerificationCode>> {
  const given = webhook.headers.get(signatureHeader.toLowerCase());
  if (given === undefined) return credentialMissing(signatureHeader);
  const match = matchIn(given, webhook.body, secrets, settings);
  if (match !== null) return verifiedBy(match, webhook);
  const other = otherMatch(given, webhook.body, secrets, settings);
  if (other === null) return credentialWrong();
  const message =
    'The credential does not match. It would with the settings cryptofuse.signature=' +
    `${other.signature} and cryptofuse.secretPrefix=${other.secretPrefix}.`;
  return err({ code: 'credential-wrong', message });
}

export function signatureOf(
  body: Uint8Array,
  secrets: readonly string[],
  settings: SignatureSettings,
): string {
  const [secret] = secrets;
  invariant(secret !== undefined, 'an adapter without a secret cannot sign');
  return expectedOf(body, secret, settings);
}

function matchIn(
  given: string,
  body: Uint8Array,
  secrets: readonly string[],
  settings: SignatureSettings,
): number | null {
  const { hash, encoding } = parts[settings.signature];
  const label = `${hash}=`;
  const isLabelled = given.toLowerCase().startsWith(label);
  const bare = isLabelled ? given.slice(label.length) : given;
  const value = encoding === 'hex' ? bare.toLowerCase() : bare;
  return matchAmong(
    value,
    secrets.map((secret) => expectedOf(body, secret, settings)),
  );
}

/** Which setting would have accepted it: tells the operator, and still refuses. */
function otherMatch(
  given: string,
  body: Uint8Array,
  secrets: readonly string[],
  configured: SignatureSettings,
): SignatureSettings | null {
  // The length tells the scheme, so that a forged request costs no more than two hashes a secret.
  const signature = signatureSchemes.find((scheme) => hasLengthOf(given, scheme));
  if (signature === undefined) return null;
  for (const secretPrefix of secretPrefixes) {
    const isConfigured =
      signature === configured.signature && secretPrefix === configured.secretPrefix;
    const candidate = { signature, secretPrefix };
    if (!isConfigured && matchIn(given, body, secrets, candidate) !== null) return candidate;
  }
  return null;
}

function hasLengthOf(given: string, scheme: SignatureScheme): boolean {
  const { hash, encoding } = parts[scheme];
  const bytes = hash === 'sha256' ? 32 : 64;
  const length = encoding === 'hex' ? bytes * 2 : Math.ceil(bytes / 3) * 4;
  return given.length === length || given.length === length + `${hash}=`.length;
}

function expectedOf(body: Uint8Array, secret: string, settings: SignatureSettings): string {
  const { hash, encoding } = parts[settings.signature];
  const isStripped = settings.secretPrefix === 'strip' && secret.startsWith(prefix);
  return hmac(hash, encoding, isStripped ? secret.slice(prefix.length) : secret, body);
}
